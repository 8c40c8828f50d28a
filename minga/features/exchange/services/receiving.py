"""Bundles that arrive by TAXII, API or file become versions and contributions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.core.stix import Document, Reading, Refused, marking_tlp, stream_objects
from minga.features.exchange.services import claims, contributing, incoming, parts
from minga.features.exchange.services.contributing import Loose
from minga.features.exchange.services.incoming import Incoming
from minga.features.exchange.services.outcomes import ADDED, ALREADY, Outcome, Receipt
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.objects.keeping import Fate, Kept, hold, keep
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power

BATCH = 1_000
WELL_KNOWN = "Everybody has this marking already; nothing was added."
OTHER_BYTES = (
    "{place}: you sent this version before with other content, which stays; expected the same "
    "bytes, or a later `modified`."
)


@transaction.atomic
def receive(
    reading: Reading,
    *,
    by: Actor,
    door: Contribution.Door,
    circle: Circle | None = None,
    loose: Loose | None = None,
) -> Receipt:
    """Take in the objects of a bundle; each succeeds or fails by itself, all or none is stored.

    At most 10,000 objects (`core.stix.Limits`). Addressed to the circle, or to every member;
    TLP:RED reaches the hub alone, because no group may read it. Sending a bundle again is
    success and changes nothing. `loose` remembers, between the parts of one bundle, the
    contribution of the objects that no report refers to.

    Raises Forbidden unless the actor may share, and Invalid when he is not in the circle.
    """
    by.require(Power.SHARE)
    _require_seat(circle, by)
    hold(by.organisation)
    refused = tuple(Outcome(r.id, r.version, r.message) for r in reading.refused)
    return Receipt(failures=refused) + _take(
        reading.documents, by=by, door=door, circle=circle, loose={} if loose is None else loose
    )


def import_stream(
    chunks: Iterable[bytes], *, by: Actor, door: Contribution.Door, circle: Circle | None = None
) -> Iterator[Receipt]:
    """Take in a bundle of any size, 1,000 objects a transaction, with a receipt for each.

    Memory does not grow with the bundle. An interrupted import is resumed by sending the bundle
    again: what is there already is not doubled. Raises as `receive`, and Malformed when the
    stream stops being JSON; what went in before stays in.
    """
    loose: Loose = {}
    documents: list[Document] = []
    refused: list[Refused] = []
    for each in stream_objects(chunks):
        if isinstance(each, Document):
            documents.append(each)
        else:
            refused.append(each)
        if len(documents) + len(refused) >= BATCH:
            reading = Reading(tuple(documents), tuple(refused), {})
            yield receive(reading, by=by, door=door, circle=circle, loose=loose)
            documents, refused = [], []
    if documents or refused:
        reading = Reading(tuple(documents), tuple(refused), {})
        yield receive(reading, by=by, door=door, circle=circle, loose=loose)


def address(tlp: Tlp, *, by: Actor, circle: Circle | None) -> policy.Audience:
    """Who may read what arrives by a machine's door with this label."""
    if tlp == Tlp.RED:
        return policy.Audience(tlp, hub=True).naming(by.organisation.pk)
    if circle is not None:
        return policy.Audience(tlp, circles=frozenset({circle.pk})).naming(by.organisation.pk)
    return policy.Audience(tlp, everyone=True)


def _require_seat(circle: Circle | None, by: Actor) -> None:
    if circle is not None and circle.pk not in by.reader.circles:
        raise Invalid(f"Your organisation has no seat in {circle.name}.", field="circle")


def _take(
    documents: Sequence[Document],
    *,
    by: Actor,
    door: Contribution.Door,
    circle: Circle | None,
    loose: Loose,
) -> Receipt:
    known = [d for d in documents if marking_tlp(d.id) is not None]
    candidates, badly_written = incoming.prepare(
        [d for d in documents if marking_tlp(d.id) is None],
        by=by,
        address=lambda tlp: address(tlp, by=by, circle=circle),
    )
    sorted_out = claims.sort(candidates, by=by)
    accepted, leaking = parts.without_leaks(sorted_out.accepted, by=by)
    audiences = {rule: seats.intern(rule).pk for rule in {each.rule for each in accepted}}
    kept = keep([each.version for each in accepted], producer=by.organisation)
    clashes = {id(e) for e, k in zip(accepted, kept, strict=True) if k.fate is Fate.CONFLICT}
    standing = [(e, k) for e, k in zip(accepted, kept, strict=True) if id(e) not in clashes]
    made, fresh = contributing.contribute(
        standing, audiences=audiences, echoes=sorted_out.echoes, by=by, door=door, loose=loose
    )
    conflicts = [
        Outcome(e.document.id, e.document.version, OTHER_BYTES.format(place=e.document.place))
        for e in accepted
        if id(e) in clashes
    ]
    return Receipt(
        successes=(
            *(Outcome(d.id, d.version, WELL_KNOWN) for d in known),
            *sorted_out.repeated,
            *(_success(e, k, fresh) for e, k in standing),
        ),
        failures=(*badly_written, *sorted_out.refused, *leaking, *conflicts),
        contributions=tuple(str(contribution.uuid) for contribution in made),
    )


def _success(each: Incoming, kept: Kept, fresh: set[int]) -> Outcome:
    message = ADDED if kept.pk in fresh else ALREADY
    return Outcome(each.document.id, each.document.version, message)
