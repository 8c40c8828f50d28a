"""From the names a caller writes to the audience and the draft they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from minga.core import policy
from minga.core.observables import Observable, canonical, recognise
from minga.core.policy import Reader
from minga.core.problems import Invalid
from minga.faces.api import schemas
from minga.features.exchange import services
from minga.features.membership import queries as membership
from minga.store.objects.models import Contribution


def audience(of: schemas.Audience, *, reader: Reader) -> policy.Audience:
    """The audience in the words of the rule.

    Raises Invalid, naming it, for a circle, an organisation or a person that the reader cannot
    know, whether or not there is one.
    """
    circles = membership.circles(reader=reader).filter(slug__in=of.circles)
    organisations = membership.organisations(reader=reader).filter(slug__in=of.organisations)
    addresses = [each.lower() for each in of.people]
    people = membership.people(reader=reader).filter(email__in=addresses)
    return policy.Audience(
        tlp=of.tlp,
        public=of.public,
        everyone=of.everyone,
        hub=of.hub,
        circles=_rows(circles.values_list("slug", "pk"), of.circles, "circles"),
        organisations=_rows(
            organisations.values_list("slug", "pk"), of.organisations, "organisations"
        ),
        people=_rows(people.values_list("email", "pk"), addresses, "people"),
    )


def draft(of: schemas.Draft, *, reader: Reader, request_key: str) -> services.Draft:
    """What to share."""
    attribution = Contribution.Attribution
    return services.Draft(
        **_wording(of),
        audience=audience(of.audience, reader=reader),
        attribution=attribution.HUB if of.vouched else attribution.OWN,
        request_key=request_key,
    )


def revision(of: schemas.Revision, before: Contribution, rule: policy.Audience) -> services.Draft:
    """What a contribution shall say from now on, to the same audience."""
    return services.Draft(
        **_wording(of),
        audience=rule,
        attribution=Contribution.Attribution(before.attribution),
    )


def _wording(of: schemas.Wording) -> dict[str, Any]:
    return {
        "title": of.title,
        "text": of.text,
        "kind": of.kind,
        "pap": of.pap,
        "observables": tuple(_observable(each, at) for at, each in enumerate(of.observables)),
        "codes": tuple((each.scheme, each.code) for each in of.codes),
        "confidence": of.confidence,
    }


def _observable(pasted: str | schemas.TypedObservable, at: int) -> Observable:
    """Raises Invalid with the place of a value that is no observable."""
    if isinstance(pasted, schemas.TypedObservable):
        return Observable(pasted.kind, canonical(pasted.kind, pasted.value))
    found = recognise(pasted)
    if found is None:
        raise Invalid(
            f"observables[{at}]: found {pasted[:80]!r}; expected an address, a domain, a URL, a "
            "hash or the like, or its kind and value.",
            field="observables",
        )
    return found


def _rows(known: Iterable[tuple[str, int]], names: Sequence[str], field: str) -> frozenset[int]:
    rows = list(known)
    found = dict(rows)
    if len(found) < len(rows):  # only the hub sees somebody who acts for two organisations
        raise Invalid(
            f"audience.{field}: one of them is found twice; name the organisation instead.",
            field="audience",
        )
    for name in names:
        if name not in found:
            raise Invalid(
                f"audience.{field}: found {name!r}; expected what your list of {field} shows.",
                field="audience",
            )
    return frozenset(found.values())
