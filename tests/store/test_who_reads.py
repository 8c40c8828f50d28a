"""The rule of reading and its twin in SQL, held together while circles and members come and go."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from minga.core import policy
from minga.core.policy import PUBLIC, Reader, Tlp
from minga.core.problems import Invalid
from minga.store import world
from minga.store.audiences import seats
from minga.store.objects import late_doors, publishing, queries
from minga.store.objects.models import Version
from minga.store.objects.publishing import Placement
from minga.store.objects.reading import Selection, read_page
from minga.store.people.actors import Actor
from minga.store.world import now
from tests import factories
from tests.store.held_clock import HeldClock

places = st.integers(0, 2)
few_places = st.sets(places, max_size=1)
MOST_ORGANISATIONS = 5


class Community(RuleBasedStateMachine):
    """A hub and its members share, join, leave, return; somebody polls for each of them."""

    def __init__(self):
        super().__init__()
        self.undoing = transaction.atomic()
        self.undoing.__enter__()
        self.clock = HeldClock()
        self.before = world.replace(self.clock)

    def teardown(self):
        world.replace(self.before)
        transaction.set_rollback(True)
        self.undoing.__exit__(None, None, None)

    @initialize()
    def begin(self):
        self.organisations = [factories.hub(), *(factories.organisation() for _ in range(2))]
        self.people = [factories.person(each) for each in self.organisations]
        self.circles = [factories.circle(self.organisations[n]) for n in range(2)]
        self.seated = {circle.pk: {circle.steward.pk} for circle in self.circles}
        self.rules, self.shown = {}, []
        self.late = []
        self.pollers = {}
        for who in self.people:
            self.follow(who)
        self.address(Tlp.AMBER, {0}, set(), set(), set())
        self.address(Tlp.AMBER, {1}, set(), {1}, set())
        self.address(Tlp.GREEN, set(), set(), set(), {"everyone"})

    def follow(self, person):
        factories.key_of(person.organisation)
        person.organisation.keys.update(last_used_at=now())
        low, _ = factories.key_of(person.organisation, ceiling=Tlp.GREEN)
        for actor in (Actor(person.organisation, person), Actor(person.organisation), low):
            self.pollers[actor] = SimpleNamespace(after=-1, met=set(), once=set())

    # What may happen.

    @rule(
        tlp=st.sampled_from(Tlp), circles=few_places, organisations=few_places, people=few_places,
        groups=st.sets(st.sampled_from(["public", "everyone", "hub"]), max_size=1),
    )  # fmt: skip
    def address(self, tlp, circles, organisations, people, groups):
        audience = policy.Audience(
            tlp,
            circles=frozenset(some(self.circles, circles)),
            organisations=frozenset(some(self.organisations, organisations)),
            people=frozenset(some(self.people, people)),
            **dict.fromkeys(groups, True),
        )
        try:
            policy.check(audience)
        except Invalid:
            with pytest.raises(Invalid):
                seats.intern(audience)
            return
        row = seats.intern(audience)
        assert seats.intern(audience) == row
        assert seats.rule_of(row) == audience
        self.rules[row.pk] = audience

    @rule(audience=st.integers(0, 9))
    def publish(self, audience):
        version = Version.objects.create(
            producer=self.organisations[0], stix_id=f"indicator--{len(self.shown)}",
            modified_us=1, version="1", type="indicator", raw=b"{}", digest=bytes(16), lineage=1,
            tlp=Tlp.AMBER, received_us=0,
        )  # fmt: skip
        self.show(version, [*self.rules][audience % len(self.rules)])

    @precondition(lambda self: self.shown)
    @rule(audience=places, version=places)
    def widen(self, audience, version):
        """Show what stands elsewhere already to one audience more."""
        known, _ = self.shown[-1 - version % len(self.shown)]
        self.show(known, [*self.rules][-1 - audience % len(self.rules)])

    def show(self, version, audience):
        placement = Placement.of(version, audience=audience, kind=1)
        publishing.publish(publishing.missing([placement]))
        self.shown.append((version, audience))

    @rule(circle=places, organisation=places)
    def admit(self, circle, organisation):
        circle = self.circles[circle % len(self.circles)]
        organisation = self.organisations[organisation % len(self.organisations)]
        if organisation.left_at is None:
            self.late += seats.seat_in_circle(circle, organisation)
            self.seated[circle.pk].add(organisation.pk)

    @precondition(lambda self: self.late)
    @rule()
    def bring_older(self):
        """The job that an admission queues; it may run much later, and twice."""
        door = self.late.pop(0)
        for _ in range(2):
            late_doors.bring_older(
                origin=door.origin, audience=door.audience, before_us=door.before_us
            )

    @rule(circle=places, organisation=places)
    def expel(self, circle, organisation):
        circle = self.circles[circle % len(self.circles)]
        organisation = self.organisations[organisation % len(self.organisations)]
        seats.unseat_from_circle(circle, organisation)
        self.seated[circle.pk].discard(organisation.pk)
        self.forget(organisation)

    @precondition(lambda self: len(self.organisations) == MOST_ORGANISATIONS)
    @rule()
    def leave(self):
        organisation = self.organisations[-1]
        organisation.left_at = now()
        organisation.save()
        seats.unseat(organisation)
        for seated in self.seated.values():
            seated.discard(organisation.pk)
        self.forget(organisation)

    @precondition(lambda self: len(self.organisations) < MOST_ORGANISATIONS)
    @rule()
    def found(self):
        self.organisations.append(factories.organisation())
        self.people.append(factories.person(self.organisations[-1]))
        self.follow(self.people[-1])

    @rule(organisation=places, ceiling=st.sampled_from([policy.NOTHING, Tlp.GREEN, Tlp.RED]))
    def sign(self, organisation, ceiling):
        """The organisation signs more clauses, or fewer hold: its group doors open or close."""
        organisation = self.organisations[organisation % len(self.organisations)]
        if organisation.left_at is None:
            self.late += seats.let_read_up_to(ceiling, organisation)
            self.forget(organisation)

    @rule(seconds=st.sampled_from([0.0001, 3600, -3600]))
    def pass_time(self, seconds):
        self.clock.move(seconds=seconds)

    def forget(self, organisation):
        """Who loses a seat may meet again, by another way, what he met through it."""
        for actor, poller in self.pollers.items():
            if actor.organisation == organisation:
                poller.once.clear()

    # What must always hold.

    def reader(self, actor):
        """The actor as the pure rule sees him, by what this test knows."""
        circles = {pk for pk, inside in self.seated.items() if actor.organisation.pk in inside}
        person = actor.person.pk if actor.person else None
        organisation = actor.organisation
        return Reader(
            organisation.pk, person, frozenset(circles), organisation.is_hub,
            next(o.reads_up_to for o in self.organisations if o == organisation),
            ceiling=actor.key.ceiling if actor.key else Tlp.RED,
        )  # fmt: skip

    def those_inside(self):
        return [(a, p) for a, p in self.pollers.items() if a.organisation.left_at is None]

    @invariant()
    def the_rule_and_its_twin_agree(self):
        for reader in (*(self.reader(actor) for actor, _ in self.those_inside()), PUBLIC):
            by_rule = self.open_to(reader)
            by_twin = queries.audiences(reader=reader).filter(pk__in=self.rules)
            assert set(by_twin.values_list("pk", flat=True)) == by_rule
            readable = queries.readable(reader=reader).values_list("stix_id", flat=True)
            assert set(readable) == self.shown_to(reader)
            published = queries.publications(reader=reader).values_list("stix_id", flat=True)
            assert set(published) == self.shown_to(reader)

    @invariant()
    def a_poller_misses_nothing_and_meets_nothing_twice(self):
        waiting = {door.organisation for door in self.late}
        for actor, poller in self.those_inside():
            reader = self.reader(actor)
            self.poll(reader, poller)
            if actor.organisation.pk not in waiting:
                assert self.shown_to(reader) <= poller.met
            assert not poller.met & self.above(reader)

    def open_to(self, reader):
        return {pk for pk, audience in self.rules.items() if policy.may_read(reader, audience)}

    def shown_to(self, reader):
        return {
            version.stix_id
            for version, audience in self.shown
            if policy.may_read(reader, self.rules[audience])
        }

    def above(self, reader):
        """What only audiences over his ceiling ever read."""
        low = {v.stix_id for v, a in self.shown if self.rules[a].tlp <= reader.ceiling}
        return {version.stix_id for version, _ in self.shown} - low

    def poll(self, reader, poller):
        following = Selection(added_after=poller.after, after=poller.after)
        rows = read_page(following, reader=reader, limit=1000).rows
        met = [row.stix_id for row in rows]
        assert len({*met}) == len(met)
        assert not poller.once & {*met}
        poller.once.update(met)
        poller.met.update(met)
        poller.after = rows[-1].added_at if rows else poller.after


def some(things, numbers):
    return {things[number].pk for number in numbers if number < len(things)}


@pytest.mark.django_db
def test_the_rule_and_its_twin_agree_whoever_comes_and_goes():
    run_state_machine_as_test(
        Community,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate],  # stories of 25 steps take minutes to shrink
        ),
    )


def met_by(actor: Actor, *, after: int = -1) -> list[str]:
    selection = Selection(added_after=after, after=after)
    return [row.stix_id for row in read_page(selection, reader=actor.reader, limit=100).rows]


def show(stix_id: str, audience: policy.Audience, *, producer) -> int:
    """Publish one object to an audience; its stamp."""
    version = Version.objects.create(
        producer=producer, stix_id=stix_id, modified_us=1, version="1", type="indicator",
        raw=b"{}", digest=bytes(16), lineage=1, tlp=Tlp.AMBER, received_us=0,
    )  # fmt: skip
    placement = Placement.of(version, audience=seats.intern(audience).pk, kind=1)
    publishing.publish([placement])
    return version.publications.get().added_at


@pytest.mark.django_db
def test_people_named_beside_a_circle_read_on_when_their_organisation_leaves_it():
    factories.hub()
    person = factories.person()
    circle = factories.circle(person.organisation)
    audience = policy.Audience(
        Tlp.AMBER, circles=frozenset({circle.pk}), people=frozenset({person.pk})
    )
    show("indicator--named", audience, producer=person.organisation)

    seats.unseat_from_circle(circle, person.organisation)

    assert met_by(Actor(person.organisation, person)) == ["indicator--named"]
    assert met_by(Actor(person.organisation)) == []


@pytest.mark.django_db
def test_who_is_admitted_while_the_clock_runs_behind_misses_nothing():
    """What he met so far carries stamps that the clock has not reached again."""
    clock = HeldClock()
    before = world.replace(clock)
    try:
        hub, newcomer = factories.hub(), factories.organisation()
        circle = factories.circle(hub)
        show("indicator--closed", policy.Audience(Tlp.AMBER, circles=frozenset({circle.pk})),
             producer=hub)  # fmt: skip
        met_until = show("indicator--open", policy.Audience(Tlp.AMBER, everyone=True), producer=hub)
        clock.move(hours=-1)

        for door in seats.seat_in_circle(circle, newcomer):
            late_doors.bring_older(
                origin=door.origin, audience=door.audience, before_us=door.before_us
            )

        assert met_by(Actor(newcomer), after=met_until) == ["indicator--closed"]
    finally:
        world.replace(before)


@pytest.mark.django_db
def test_who_signs_before_his_first_poll_reads_from_the_beginning():
    author = factories.member()
    late = factories.organisation(reads_up_to=policy.NOTHING)
    show("indicator--1", policy.Audience(Tlp.GREEN, everyone=True), producer=author.organisation)
    reader = Actor(late).reader
    assert not queries.readable(reader=reader)

    assert seats.let_read_up_to(Tlp.GREEN, late) == []

    page = read_page(Selection(), reader=Actor(late).reader, limit=10)
    assert [row.stix_id for row in page.rows] == ["indicator--1"]


@pytest.mark.django_db
def test_who_signs_no_more_stops_reading_what_groups_share_and_keeps_what_names_him():
    author, member = factories.member(), factories.organisation()
    named = policy.Audience(Tlp.AMBER, organisations=frozenset({member.pk}))
    show("indicator--1", policy.Audience(Tlp.AMBER, everyone=True), producer=author.organisation)
    show("indicator--2", named, producer=author.organisation)

    seats.let_read_up_to(Tlp.GREEN, member)

    readable = queries.readable(reader=Actor(member).reader)
    assert [version.stix_id for version in readable] == ["indicator--2"]
