"""From groups of versions to contributions that somebody can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from minga.core import policy
from minga.features.exchange.services import placing
from minga.features.exchange.services.grouping import (
    SILENT,
    VERSIONS_NAMED_AGAIN,
    Group,
    counted,
    group,
)
from minga.features.exchange.services.incoming import NAME_LENGTH, Incoming
from minga.features.exchange.services.placing import Shown
from minga.store import bulk, world
from minga.store.journal import services as journal
from minga.store.objects.keeping import Fate, Kept
from minga.store.objects.models import Contribution, Version
from minga.store.objects.words import searchable
from minga.store.people.actors import Actor

Loose: TypeAlias = dict[int, Contribution]
"""The contribution of loose objects for each audience, by the audience's row."""


def contribute(
    standing: Sequence[tuple[Incoming, Kept]],
    *,
    audiences: dict[policy.Audience, int],
    echoes: dict[str, int],
    by: Actor,
    door: Contribution.Door,
    loose: Loose,
) -> tuple[list[Contribution], set[int]]:
    """The contributions that changed, and the versions that somebody can newly read.

    `audiences` are the rows of those that what stands is addressed to, `echoes` versions of others
    that a report may refer to. One journal entry tells of all.
    """
    rows = {id(each): kept for each, kept in standing}
    changed, shown = [], []
    groups = group([each for each, _ in standing])
    elsewhere = _standing_already(groups, by=by)
    for one in groups:
        has_news = any(rows[id(each)].fate is Fate.NEW for each in one.members)
        audience = audiences[one.rule]
        contribution, is_new = _home(one, rows, by=by, door=door, audience=audience, loose=loose)
        own = [rows[id(each)].pk for each in one.members]
        placing.carry(contribution, own + _elsewhere(one, echoes, elsewhere))
        shown += [
            (
                contribution,
                Shown(e, rows[id(e)].pk, rows[id(e)].fate is Fate.NEW),
                audiences[e.rule],
            )
            for e in one.members
        ]
        if has_news and not is_new:
            _renew(contribution, one)
        if has_news or is_new:
            changed.append(contribution)
    if changed:
        _record(changed, len(standing), by=by, door=door)
    fresh = placing.place(shown, producer=by.organisation)
    return changed, {placement.version for placement in fresh}


def _home(
    one: Group,
    rows: dict[int, Kept],
    *,
    by: Actor,
    door: Contribution.Door,
    audience: int,
    loose: Loose,
) -> tuple[Contribution, bool]:
    """The contribution these objects belong to, and whether it was made just now."""
    own = Contribution.objects.filter(producer=by.organisation)
    known: Contribution | None
    if one.root is not None:
        known = own.filter(root_id=one.root.document.id).first()
    elif audience in loose:
        known = loose[audience]
    elif any(rows[id(each)].fate is Fate.NEW for each in one.members):
        known = None
    else:
        carried = [rows[id(each)].pk for each in one.members][:1]
        known = own.filter(carried__version__in=carried, audience=audience).first()
    made = known or _create(one, by=by, door=door, audience=audience)
    if one.root is None:
        loose[audience] = made
    return made, known is None


def _create(one: Group, *, by: Actor, door: Contribution.Door, audience: int) -> Contribution:
    now = world.now()
    return Contribution.objects.create(
        producer=by.organisation,
        person=by.person,
        key=by.key,
        door=door,
        kind=one.kind,
        title=one.title[:NAME_LENGTH],
        text=one.text,
        found_by=searchable(one.title, one.text),
        audience_id=audience,
        root_id=one.root.document.id if one.root else "",
        created_at=now,
        updated_at=now,
    )


def _renew(contribution: Contribution, one: Group) -> None:
    """Say what the newest version of the root says, or what the loose objects are by now."""
    if one.root is not None:
        newest = Version.objects.filter(
            producer=contribution.producer, stix_id=one.root.document.id
        ).latest("modified_us")
        if newest.modified_us > one.root.document.modified_us:
            return
        contribution.title, contribution.text = one.title[:NAME_LENGTH], one.text
    else:
        contribution.title = _named_after_its_objects(contribution)
    contribution.found_by = searchable(contribution.title, contribution.text)
    contribution.updated_at = world.now()
    contribution.save(update_fields=["title", "text", "found_by", "updated_at"])


def _named_after_its_objects(contribution: Contribution) -> str:
    carried = Version.objects.filter(carriers__contribution=contribution)
    said = carried.exclude(type__in=SILENT)
    one = said.values_list("stix_id", flat=True)[:1]
    if one and not said.exclude(stix_id=one[0]).exists():
        newest = said.latest("modified_us")
        if newest.name.strip():
            return newest.name.strip()
    types = carried.values_list("type").annotate(count=Count("pk")).order_by("-count", "type")[:3]
    return counted(types)


def _standing_already(groups: Sequence[Group], *, by: Actor) -> dict[str, list[int]]:
    """The newest versions that the producer shared before of what these groups refer to."""
    found: dict[str, list[int]] = defaultdict(list)
    newest_first = Window(
        RowNumber(), partition_by="stix_id", order_by=[F("modified_us").desc(), F("pk").desc()]
    )
    targets = dict.fromkeys(target for one in groups for target in one.refers_to)
    for ids in bulk.chunks(list(targets)):
        own = Version.objects.filter(stix_id__in=ids, producer=by.organisation)
        newest = own.annotate(rank=newest_first).filter(rank__lte=VERSIONS_NAMED_AGAIN)
        for stix_id, pk in newest.values_list("stix_id", "pk"):
            found[stix_id].append(pk)
    return found


def _elsewhere(one: Group, echoes: dict[str, int], standing: dict[str, list[int]]) -> list[int]:
    """Versions that a root refers to and that stand already: the producer's own, and echoes."""
    inside = {each.document.id for each in one.members}
    wanted = [target for target in one.refers_to if target not in inside]
    found = [echoes[target] for target in wanted if target in echoes]
    return found + [pk for target in wanted for pk in standing.get(target, ())]


def _record(
    changed: Sequence[Contribution], count: int, *, by: Actor, door: Contribution.Door
) -> None:
    journal.record(
        "bundle-received",
        by=by,
        subject=str(changed[0].uuid),
        door=str(door),
        objects=count,
        contributions=[str(contribution.uuid) for contribution in changed],
    )
