"""The last steps of every change that shows something: put away, carry, travel, publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q

from minga.features.exchange.services.incoming import Incoming
from minga.features.exchange.services.parts import TRAVELLERS
from minga.store import bulk
from minga.store.objects import publishing
from minga.store.objects.models import Carried, Contribution, Version
from minga.store.objects.publishing import Placement
from minga.store.people.models import Organisation


class Shown(NamedTuple):
    """A version that a contribution carries, and the document it came from."""

    incoming: Incoming
    version: int
    is_new: bool


def carry(contribution: Contribution, versions: Iterable[int]) -> None:
    """Note that the contribution carries these versions."""
    rows = [(contribution.pk, version) for version in dict.fromkeys(versions)]
    bulk.insert(Carried, ("contribution_id", "version_id"), rows, on_conflict="DO NOTHING")


def place(
    shown: Sequence[tuple[Contribution, Shown, int]], *, producer: Organisation
) -> list[Placement]:
    """Publish each version to its audience in its contribution's kind; what was really new.

    Identities and markings go first, to every audience that reads something referring to them.
    The others keep the order they came in: an order that told old from new would tell readers
    what the producer shared with others before.
    """
    ahead = _travellers(shown, producer=producer)
    in_order = [(_placement(contribution, each, audience), each.is_new)
                for contribution, each, audience in shown]  # fmt: skip
    may_stand = ahead + [placement for placement, is_new in in_order if not is_new]
    missing = set(publishing.missing(may_stand))
    fresh = list(
        dict.fromkeys(
            [p for p in ahead if p in missing]
            + [p for p, is_new in in_order if is_new or p in missing]
        )
    )
    publishing.publish(fresh)
    return fresh


def _placement(contribution: Contribution, each: Shown, audience: int) -> Placement:
    version = each.incoming.version
    return Placement(
        each.version, audience, contribution.kind, version.stix_id, version.modified_us,
        version.lineage, version.type,
    )  # fmt: skip


def _travellers(
    shown: Sequence[tuple[Contribution, Shown, int]], *, producer: Organisation
) -> list[Placement]:
    """What has to travel along: authors' identities and the definitions of markings."""
    wanted: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for contribution, each, audience in shown:
        document = each.incoming.document
        refs = {document.created_by_ref or "", *document.object_marking_refs}
        refs |= {marking.marking_ref or "" for marking in document.granular_markings}
        for ref in refs:
            if ref.startswith(TRAVELLERS):
                wanted[ref].add((audience, contribution.kind))
    return [
        Placement.of(version, audience=audience, kind=kind)
        for version in _newest(wanted, producer=producer)
        for audience, kind in sorted(wanted[version.stix_id])
    ]


def _newest(stix_ids: Iterable[str], *, producer: Organisation) -> list[Version]:
    """The newest version of each: the producer's own, a member's own identity, the hub's TLP."""
    ids = set(stix_ids)
    speakers = {o.stix_id: o.pk for o in Organisation.objects.all() if o.stix_id in ids}
    found = Version.objects.filter(stix_id__in=ids).filter(
        Q(producer=producer)
        | Q(stix_id__in=speakers, producer__in=speakers.values())
        | Q(stix_id__startswith="marking-definition--", producer__role=Organisation.Role.HUB)
    )
    newest: dict[str, Version] = {}
    for version in found.order_by("modified_us"):
        if version.stix_id in speakers and version.producer_id != speakers[version.stix_id]:
            continue
        newest[version.stix_id] = version
    return list(newest.values())
