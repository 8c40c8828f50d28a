"""What becomes of an organisation's contributions when it has left, as the clause says it signed.

They stay; or they are taken back, each by a tombstone to everybody who read it; or the hub says
them anew in its own name and the originals go out of everybody's reach. One contribution is one
transaction: at every moment it is wholly as before or wholly settled. Objects that several
contributions carry stand until the last of them is settled. It may be stopped and run again
anywhere, also by two workers at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from minga.core.agreement import Exit
from minga.features.exchange.queries import parameters
from minga.features.exchange.services import following, placing
from minga.features.exchange.services.following import Following, Successor
from minga.features.exchange.services.incoming import OWNERLESS, author_number
from minga.store import bulk, world
from minga.store.journal import services as journal
from minga.store.objects import identities, publishing
from minga.store.objects.keeping import hold
from minga.store.objects.models import (
    Carried,
    Contribution,
    Feedback,
    Publication,
    Sighting,
    Version,
)
from minga.store.people.actors import Actor
from minga.store.people.models import Departure, Organisation

AT_ONCE = 200
"""How many contributions are settled before other work gets its turn."""


def settle_departures(*, at_most: int = AT_ONCE) -> int:
    """Settle what departed organisations shared; how many contributions, `at_most` in one go."""
    count = 0
    for departure in _unsettled():
        waiting = _Settling.of(departure).waiting().order_by("pk").values_list("pk", flat=True)
        for pk in waiting[: at_most - count]:
            count += _settle(pk, departure)
        if count >= at_most:
            return count
        _finish(departure)
    return count


def is_unsettled() -> bool:
    """Whether anything is left to settle."""
    return _unsettled().exists()


@dataclass(frozen=True, slots=True)
class _Settling:
    """One departure: who left, who speaks from now on, and what follows each object."""

    leaver: Organisation
    speaker: Organisation
    hub: Organisation
    content: Following

    @classmethod
    def of(cls, departure: Departure) -> _Settling:
        leaver = departure.organisation
        hub = Organisation.objects.get(role=Organisation.Role.HUB)
        if departure.fate == Exit.ANONYMISE:
            content = following.nameless(leaver, hub=hub, seal=bytes(departure.seal))
            return cls(leaver, hub, hub, content)
        return cls(leaver, leaver, hub, following.tombstones(leaver))

    @property
    def is_nameless(self) -> bool:
        return self.speaker != self.leaver

    @property
    def own(self) -> Q:
        """The versions that something has to follow.

        The hub vouched for some from the start: they name nobody, and are taken back like all
        the rest. What many bring, and what somebody outside made, never named who brought it.
        """
        authors = [self.leaver] if self.is_nameless else [self.leaver, self.hub]
        lineages = [author_number(author.stix_id) for author in authors]
        own = Q(producer=self.leaver, lineage__in=lineages) & ~Q(version="")
        return own if self.is_nameless else own & ~Q(type__in=OWNERLESS)

    def waiting(self) -> QuerySet[Contribution]:
        """The contributions that are still as they were."""
        return Contribution.objects.filter(producer=self.leaver, withdrawn_at=None)


def _unsettled() -> QuerySet[Departure]:
    gone = Departure.objects.exclude(left_at=None).filter(settled_at=None)
    return gone.select_related("organisation").order_by("left_at", "pk")


@transaction.atomic
def _settle(pk: int, departure: Departure) -> bool:
    """Settle one contribution; False when another worker did."""
    settling = _Settling.of(departure)
    hold(settling.leaver)
    hold(settling.speaker)
    contribution = settling.waiting().filter(pk=pk).first()
    if contribution is None:
        return False
    brought = Version.objects.filter(producer=settling.leaver)
    ids = set(brought.filter(carriers__contribution=pk).values_list("stix_id", flat=True))
    others = brought.filter(carriers__contribution__in=settling.waiting().exclude(pk=pk))
    shared = others.filter(stix_id__in=parameters.ids(sorted(ids)))
    alone = ids - set(shared.values_list("stix_id", flat=True))
    if settling.is_nameless:
        _say_anew(contribution, ids, alone, settling)
    else:
        _take_back(contribution, alone, settling)
    return True


def _take_back(contribution: Contribution, alone: set[str], settling: _Settling) -> None:
    """A tombstone for each object that nothing else carries; what can have none goes."""
    made = following.follow(
        _rows(alone, settling.own), content=settling.content, speaker=settling.leaver
    )
    placing.carry(contribution, [each.version for each in made])
    without = Q(producer=settling.leaver) & ~settling.own & ~Q(type__in=OWNERLESS)
    _put_out_of_reach(_rows(alone, without))
    _count_no_sightings(alone, settling)
    contribution.withdrawn_at = world.now()
    contribution.save(update_fields=["withdrawn_at"])
    by = Actor(organisation=settling.leaver)
    journal.record("contribution-withdrawn", by=by, subject=str(contribution.uuid))


def _say_anew(
    contribution: Contribution, ids: set[str], alone: set[str], settling: _Settling
) -> None:
    """The same contribution in the hub's name, with new objects in place of the old ones."""
    own = _rows(ids, settling.own)
    made = following.follow(own, content=settling.content, speaker=settling.speaker)
    ending = _rows(alone, settling.own)
    of_it = Q(contribution=contribution, version__in=parameters.rows(own))
    _carry_instead(Carried.objects.filter(of_it), made)
    _carry_instead(Carried.objects.filter(version__in=parameters.rows(ending)), made)
    _hand_on_what_came_back(alone, made)
    _put_out_of_reach(ending)
    vouched = Version.objects.filter(
        carriers__contribution=contribution, producer=settling.leaver,
        lineage=author_number(settling.hub.stix_id),
    )  # fmt: skip
    vouched.update(producer=settling.speaker)
    by = Actor(organisation=settling.speaker)
    journal.record("contribution-anonymised", by=by, subject=str(contribution.uuid))
    _rename(contribution, made, speaker=settling.speaker)


def _rename(
    contribution: Contribution, made: Sequence[Successor], *, speaker: Organisation
) -> None:
    """Let the row say that the hub vouches; one that carries nothing any more says nothing."""
    if not contribution.carried.exists():
        contribution.delete()
        return
    roots = {each.of: each.stix_id for each in made}
    Contribution.objects.filter(pk=contribution.pk).update(
        producer=speaker, attribution=Contribution.Attribution.HUB, person=None, key=None,
        request_key="", root_id=roots.get(contribution.root_id, contribution.root_id),
    )  # fmt: skip


def _carry_instead(carried: QuerySet[Carried], made: Sequence[Successor]) -> None:
    """Let contributions carry what follows in place of what ends, whoever's they are."""
    rows = list(carried.values_list("contribution_id", "version__stix_id").distinct())
    instead = defaultdict(list)
    for each in made:
        instead[each.of].append(each.version)
    carried.delete()
    bulk.insert(
        Carried, ("contribution_id", "version_id"),
        [(pk, version) for pk, stix_id in rows for version in instead[stix_id]],
        on_conflict="DO NOTHING",
    )  # fmt: skip


def _hand_on_what_came_back(ids: Collection[str], made: Sequence[Successor]) -> None:
    """Sightings and feedback are about the thing, so they go on counting for what follows."""
    for of, stix_id in {(each.of, each.stix_id) for each in made if each.of in ids}:
        Sighting.objects.filter(stix_id=of).update(stix_id=stix_id)
        Feedback.objects.filter(stix_id=of).update(stix_id=stix_id)


def _count_no_sightings(ids: Collection[str], settling: _Settling) -> None:
    """What the organisation saw, and says no more, counts no more."""
    versions = parameters.rows(_rows(ids, Q(producer=settling.leaver, type="sighting")))
    Sighting.objects.filter(version__in=versions).delete()


def _put_out_of_reach(versions: Sequence[int]) -> None:
    if versions:
        publishing.withdraw(Version.objects.filter(pk__in=parameters.rows(versions)))


def _rows(ids: Collection[str], condition: Q) -> list[int]:
    found = Version.objects.filter(condition, stix_id__in=parameters.ids(sorted(ids)))
    return list(found.values_list("pk", flat=True))


def _finish(departure: Departure) -> None:
    """What no contribution carries: sightings, verdicts, and the name that travelled along."""
    settling = _Settling.of(departure)
    standing = Publication.objects.filter(version=OuterRef("pk"))
    own = Version.objects.filter(settling.own, Exists(standing), revoked=False)
    while loose := set(own.filter(carriers=None).values_list("stix_id", flat=True)[:AT_ONCE]):
        _end_loose(loose, settling)
        if not settling.is_nameless:
            own = own.exclude(stix_id__in=parameters.ids(sorted(loose)))
    _close(departure, settling)


@transaction.atomic
def _end_loose(ids: set[str], settling: _Settling) -> None:
    hold(settling.leaver)
    rows = _rows(ids, settling.own)
    if settling.is_nameless:
        _put_out_of_reach(rows)
        return
    following.follow(rows, content=settling.content, speaker=settling.leaver)
    _count_no_sightings(ids, settling)


@transaction.atomic
def _close(departure: Departure, settling: _Settling) -> None:
    hold(settling.leaver)
    said = Feedback.objects.filter(said_by=settling.leaver)
    if settling.is_nameless:
        said.update(is_nameless=True, note="")
        travelled = Publication.objects.filter(
            version__producer=settling.leaver, stix_id=settling.leaver.stix_id
        )
        travelled.exclude(kind=identities.NO_KIND).delete()
    else:
        said.delete()
    open_ = Departure.objects.filter(pk=departure.pk, settled_at=None)
    if settling.waiting().exists() or not open_.update(settled_at=world.now(), seal=b""):
        return
    by = Actor(organisation=settling.hub)
    journal.record("departure-settled", by=by, subject=settling.leaver.stix_id, fate=departure.fate)
