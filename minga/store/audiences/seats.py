"""Interning audiences and keeping their seats true.

`readers_of` is the rule of `core.policy` said in SQL; every seat comes from it. A property test
holds the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from minga.core import policy
from minga.core.circles import Standing
from minga.store import bulk, locks, world
from minga.store.audiences.models import Audience, Circle, CircleSeat, Seat
from minga.store.objects import stamps
from minga.store.people.models import Organisation, Person

ROLL = "roll of members"


@dataclass(frozen=True, slots=True)
class LateDoor:
    """An organisation took its seat when things were already there; they come through here."""

    origin: int
    audience: int
    organisation: int
    before_us: int


def intern(rule: policy.Audience) -> Audience:
    """The one row of this audience, made with its seats when it is new.

    Raises Invalid when the TLP forbids the audience (`policy.check`).
    """
    policy.check(rule)
    digest = _digest(
        rule.tlp,
        (rule.public, rule.everyone, rule.hub),
        (sorted(rule.circles), sorted(rule.organisations), sorted(rule.people)),
    )
    known = Audience.objects.filter(digest=digest).first()
    if known is not None:
        return known
    with transaction.atomic():
        locks.hold(ROLL)
        audience, is_new = Audience.objects.get_or_create(
            digest=digest,
            defaults={
                "tlp": rule.tlp, "public": rule.public, "everyone": rule.everyone, "hub": rule.hub,
            },
        )  # fmt: skip
        if is_new:
            audience.circles.set(rule.circles)
            audience.organisations.set(rule.organisations)
            audience.people.set(rule.people)
            _seat(audience, readers_of(rule), since=0)
    return audience


def rule_of(audience: Audience) -> policy.Audience:
    """The audience in the words of the pure rule."""
    return policy.Audience(
        tlp=policy.Tlp(audience.tlp),
        public=audience.public,
        everyone=audience.everyone,
        hub=audience.hub,
        circles=frozenset(audience.circles.values_list("pk", flat=True)),
        organisations=frozenset(audience.organisations.values_list("pk", flat=True)),
        people=frozenset(audience.people.values_list("pk", flat=True)),
    )


@dataclass(frozen=True)
class Readers:
    """Whom a rule lets in today: whole organisations, and people named one by one besides."""

    organisations: QuerySet[Organisation]
    people: QuerySet[Person]


def readers_of(rule: policy.Audience) -> Readers:
    """Whom this rule lets in today. The twin of `policy.may_read`."""
    wanted = Q(pk__in=rule.organisations)
    if rule.hub:
        wanted |= Q(role=Organisation.Role.HUB)
    if rule.tlp != policy.Tlp.RED:
        seated = CircleSeat.objects.filter(circle__in=rule.circles)
        grouped = Q(pk__in=seated.values("organisation"))
        if rule.everyone:
            grouped |= ~Q(pk=None)
        wanted |= grouped & Q(reads_up_to__gte=rule.tlp)
    if rule.public and rule.tlp == policy.Tlp.CLEAR:
        wanted |= ~Q(pk=None)
    organisations = Organisation.objects.filter(wanted, left_at=None)
    people = Person.objects.filter(
        pk__in=rule.people, is_active=True, organisation__left_at=None
    ).exclude(organisation__in=organisations)
    return Readers(organisations, people)


@transaction.atomic
def welcome(organisation: Organisation) -> None:
    """Seat a new organisation in every audience that lets it in, from the beginning of time."""
    locks.hold(ROLL)
    for audience in Audience.objects.filter(Q(everyone=True) | Q(public=True) | Q(hub=True)):
        if readers_of(rule_of(audience)).organisations.filter(pk=organisation.pk).exists():
            bulk.insert(Seat, SEAT_COLUMNS, [(organisation.pk, audience.pk, 0, 0)],
                        on_conflict="DO NOTHING")  # fmt: skip


@transaction.atomic
def seat_in_circle(circle: Circle, organisation: Organisation) -> list[LateDoor]:
    """Let an organisation into a circle and into every audience that names the circle.

    It reads from now on; returns the late doors through which older things have still to come.
    """
    locks.hold(ROLL)
    _, is_new = CircleSeat.objects.get_or_create(
        circle=circle, organisation=organisation, defaults={"since": world.now()}
    )
    if not is_new:
        return []
    seated = Seat.objects.filter(organisation=organisation, person=0).values("audience")
    new = _open_through_groups(organisation).filter(circles=circle).exclude(pk__in=seated)
    doors = [(origin.pk, _late_audience(origin, organisation).pk) for origin in new]
    return _open(doors, organisation) if doors else []


@transaction.atomic
def unseat_from_circle(circle: Circle, organisation: Organisation) -> None:
    """Take an organisation out of a circle and of every audience it read only through it."""
    locks.hold(ROLL)
    CircleSeat.objects.filter(circle=circle, organisation=organisation).delete()
    for audience in circle.audiences.filter(origin=None):
        _close(audience, organisation)


@dataclass(frozen=True, slots=True)
class Moved:
    """An organisation took or lost its seat in a circle by rule, and what has still to come."""

    circle: Circle
    organisation: Organisation
    is_in: bool
    doors: Sequence[LateDoor] = ()


@transaction.atomic
def follow_rules(organisation: Organisation) -> list[Moved]:
    """Seat an organisation in every circle whose rule admits it now, and in no other by rule."""
    locks.hold(ROLL)
    ruled = (
        Circle.objects.filter(stored_rule__isnull=False).select_related("steward").order_by("pk")
    )
    return [moved for circle in ruled for moved in _follow(circle, organisation)]


@transaction.atomic
def follow_rule(circle: Circle) -> list[Moved]:
    """Seat whom the rule of a circle admits now, and nobody else but its steward."""
    locks.hold(ROLL)
    everybody = Organisation.objects.filter(left_at=None).order_by("pk")
    return [moved for organisation in everybody for moved in _follow(circle, organisation)]


def standing_of(organisation: Organisation) -> Standing:
    """What the rules of circles look at."""
    has_signed = bool(organisation.granted) or organisation.reads_up_to > policy.NOTHING
    return Standing(
        sector=organisation.sector,
        region=organisation.region,
        is_essential=organisation.is_essential,
        is_vital=organisation.is_vital,
        adheres=has_signed and organisation.left_at is None and not organisation.is_hub,
    )


def _follow(circle: Circle, organisation: Organisation) -> Iterator[Moved]:
    rule = circle.rule
    if rule is None:
        return
    is_in = CircleSeat.objects.filter(circle=circle, organisation=organisation).exists()
    keeps = is_in and organisation == circle.steward
    belongs = keeps or rule.admits(standing_of(organisation))
    if belongs and not is_in:
        doors = seat_in_circle(circle, organisation)
        yield Moved(circle, organisation, is_in=True, doors=doors)
    if is_in and not belongs:
        unseat_from_circle(circle, organisation)
        yield Moved(circle, organisation, is_in=False)


@transaction.atomic
def let_read_up_to(ceiling: int, organisation: Organisation) -> list[LateDoor]:
    """Open or close what groups share, as the clauses say that an organisation signed.

    `ceiling` is the strictest label it reads, or `policy.NOTHING`. Closing holds at once; returns
    the late doors through which older things have still to come to its pollers. Who never
    polled has none: it reads from the beginning of time.
    """
    locks.hold(ROLL)
    organisation.refresh_from_db(fields=["reads_up_to"])
    closing = _open_through_groups(organisation).filter(tlp__gt=ceiling)
    closed = list(closing)
    organisation.reads_up_to = ceiling
    organisation.save(update_fields=["reads_up_to"])
    for audience in closed:
        _close(audience, organisation)
    seated = Seat.objects.filter(organisation=organisation, person=0).values("audience")
    new = list(_open_through_groups(organisation).exclude(pk__in=seated))
    if not organisation.keys.exclude(last_used_at=None).exists():
        rows = [(organisation.pk, audience.pk, 0, 0) for audience in new]
        bulk.insert(Seat, SEAT_COLUMNS, rows)
        return []
    doors = [(origin.pk, _late_audience(origin, organisation).pk) for origin in new]
    return _open(doors, organisation) if doors else []


@transaction.atomic
def seat_again(person: Person) -> None:
    """Seat a person who is let back in, in every audience that names him and not all of his."""
    locks.hold(ROLL)
    for audience in Audience.objects.filter(people=person, origin=None):
        if readers_of(rule_of(audience)).people.filter(pk=person.pk).exists():
            row = (person.organisation_id, audience.pk, person.pk, 0)
            bulk.insert(Seat, SEAT_COLUMNS, [row], on_conflict="DO NOTHING")


@transaction.atomic
def unseat(organisation: Organisation) -> None:
    """End every seat of an organisation that leaves."""
    locks.hold(ROLL)
    Seat.objects.filter(organisation=organisation).delete()
    CircleSeat.objects.filter(organisation=organisation).delete()


SEAT_COLUMNS = ("organisation_id", "audience_id", "person", "since")


def _seat(audience: Audience, readers: Readers, *, since: int) -> None:
    rows = [
        (pk, audience.pk, 0, since) for pk in readers.organisations.values_list("pk", flat=True)
    ]
    people: Iterable[tuple[int, int]] = readers.people.values_list("organisation_id", "pk")
    rows += [(organisation, audience.pk, person, since) for organisation, person in people]
    bulk.insert(Seat, SEAT_COLUMNS, rows)


def _open_through_groups(organisation: Organisation) -> QuerySet[Audience]:
    """The audiences that let an organisation in as one of a group, as `readers_of` says."""
    circles = CircleSeat.objects.filter(organisation=organisation).values("circle")
    grouped = Q(everyone=True) | Q(circles__in=circles)
    return Audience.objects.filter(
        grouped, origin=None, tlp__lt=policy.Tlp.RED, tlp__lte=organisation.reads_up_to
    ).distinct()


def _close(audience: Audience, organisation: Organisation) -> None:
    """End the seat of an organisation that the rule lets in no more, and of its late door.

    Its people whom the audience names keep reading what they read.
    """
    readers = readers_of(rule_of(audience))
    if readers.organisations.filter(pk=organisation.pk).exists():
        return
    doors = Audience.objects.filter(Q(pk=audience.pk) | Q(origin=audience))
    Seat.objects.filter(organisation=organisation, person=0, audience__in=doors).delete()
    named = readers.people.filter(organisation=organisation).values_list("pk", flat=True)
    bulk.insert(Seat, SEAT_COLUMNS, [(organisation.pk, audience.pk, pk, 0) for pk in named],
                on_conflict="DO NOTHING")  # fmt: skip


def _open(doors: Sequence[tuple[int, int]], organisation: Organisation) -> list[LateDoor]:
    """Seat the organisation, from now on, in each origin and in its late audience.

    Now is a stamp: what is published under an earlier one is there for the job to bring, and what
    comes under a later one cannot be older than what its pollers have met by then.
    """
    (now,) = stamps.take(1)
    bulk.insert(
        Seat,
        SEAT_COLUMNS,
        [(organisation.pk, audience, 0, now) for door in doors for audience in door],
        on_conflict="(organisation_id, audience_id, person) DO UPDATE SET since = excluded.since",
    )
    return [LateDoor(origin, late, organisation.pk, now) for origin, late in doors]


def _late_audience(origin: Audience, organisation: Organisation) -> Audience:
    """The late door of an organisation into an audience; it is the same when it comes back."""
    audience, _ = Audience.objects.get_or_create(
        digest=_digest("late", origin.pk, organisation.pk),
        defaults={"tlp": origin.tlp, "origin": origin},
    )
    audience.circles.set(origin.circles.all())
    audience.organisations.set([organisation])
    return audience


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()
