"""Circles by rule, by vote and by a sponsor, and what their members read of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.circles import CircleRule
from minga.core.policy import NOTHING, Audience, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.exchange import queries as exchange
from minga.features.membership import jobs, queries, services
from minga.features.membership.models import Admission
from minga.features.membership.services import Joining, Profile
from minga.features.membership.services.adherence import apply_terms
from minga.features.membership.services.seating import follow_rules
from minga.store import world
from minga.store.audiences import seats
from minga.store.audiences.models import CircleSeat, Seat
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories
from tests.features.exchange.browsing import share, signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
ENERGY = Joining(rule=CircleRule(frozenset({"energy"})))


def operator():
    return Actor(organisation=factories.hub())


def counterpart(organisation=None, **fields):
    return factories.member(organisation or factories.organisation(**fields), role="counterpart")


def again(actor):
    return Actor(Organisation.objects.get(pk=actor.organisation.pk), person=actor.person)


def sitting(circle):
    return set(CircleSeat.objects.filter(circle=circle).values_list("organisation", flat=True))


def circle_of(*members, way, is_listed=False):
    """A circle in which these sit; the first is its steward."""
    joining = Joining(admission=way, is_listed=is_listed)
    made = services.create_circle(
        "Mesa", by=operator(), steward=members[0].organisation, joining=joining
    )
    for each in members[1:]:
        seats.seat_in_circle(made, each.organisation)
    return made


# By rule


def test_seats_follow_what_organisations_are():
    plant, bank = counterpart(sector="energy"), counterpart(sector="banking")
    circle = services.create_circle("Energía", by=operator(), joining=ENERGY)
    steward = factories.hub().pk
    assert sitting(circle) == {steward, plant.organisation.pk}

    services.describe_organisation(bank.organisation.slug, Profile(sector="energy"), by=bank)
    services.describe_organisation(plant.organisation.slug, Profile(sector="water"), by=plant)

    assert sitting(circle) == {steward, bank.organisation.pk}
    services.leave_organisation(bank.organisation.slug, by=operator())
    assert sitting(circle) == {steward}


def test_who_comes_by_a_rule_reads_what_was_there_before():
    plant = counterpart(sector="energy")
    circle = services.create_circle("Energía", by=operator(), joining=ENERGY)
    shared = share(again(plant), audience=Audience(Tlp.AMBER, circles=frozenset({circle.pk})))
    bank = counterpart(sector="banking")
    factories.key_of(bank.organisation)

    services.describe_organisation(bank.organisation.slug, Profile(sector="energy"), by=bank)

    assert shared in exchange.contributions(reader=again(bank).reader)
    services.describe_organisation(bank.organisation.slug, Profile(), by=bank)
    assert shared not in exchange.contributions(reader=again(bank).reader)


def test_another_rule_seats_others_at_once():
    plant, vital = counterpart(sector="energy"), counterpart(is_vital=True)
    circle = services.create_circle("Energía", by=operator(), joining=ENERGY)

    services.change_joining(circle.slug, Joining(rule=CircleRule(is_vital=True)), by=operator())

    assert sitting(circle) == {factories.hub().pk, vital.organisation.pk}
    services.classify_organisation(
        plant.organisation.slug, by=operator(), is_essential=False, is_vital=True
    )
    assert plant.organisation.pk in sitting(circle)


def test_nobody_is_let_into_or_out_of_a_circle_by_rule_by_hand():
    plant = counterpart(sector="energy")
    circle = services.create_circle("Energía", by=operator(), joining=ENERGY)

    with pytest.raises(Invalid, match="by rule"):
        services.admit_to_circle(circle.slug, by=operator(), organisation=factories.organisation())
    with pytest.raises(Invalid, match="by rule"):
        services.expel_from_circle(circle.slug, by=operator(), organisation=plant.organisation)
    with pytest.raises(Invalid, match="by rule"):
        services.create_circle(
            "Otra", by=operator(), joining=Joining(ENERGY.rule, admission="vote")
        )


RULES = st.builds(
    CircleRule,
    st.frozensets(st.sampled_from(["energy", "water"])),
    st.frozensets(st.sampled_from(["RM", "VS"])),
    is_essential=st.booleans(),
    is_vital=st.booleans(),
).filter(lambda rule: rule != CircleRule())
STEPS = st.tuples(
    st.sampled_from(["describe", "classify", "unsign", "sign", "leave", "rule"]),
    st.integers(0, 2),
    st.sampled_from(["", "energy", "water"]),
    st.sampled_from(["", "RM", "VS"]),
    st.booleans(),
    RULES,
)


@given(rule=RULES, steps=st.lists(STEPS, max_size=12))
@settings(max_examples=25, deadline=None)
def test_after_any_history_those_sit_whom_a_plain_reading_of_the_rule_seats(rule, steps):
    by = operator()
    members = [factories.organisation() for _ in range(3)]
    circle = services.create_circle(
        f"Regla {world.random_uuid()}", by=by, joining=Joining(rule=rule)
    )
    for step, number, sector, region, flag, other in steps:
        organisation = Organisation.objects.get(pk=members[number].pk)
        if step == "rule":
            services.change_joining(circle.slug, Joining(rule=other), by=by)
            rule = other
        elif organisation.left_at is None:
            _do(step, organisation, sector, region, flag=flag, by=by)

    expected = {
        each.pk
        for each in Organisation.objects.filter(pk__in=[m.pk for m in members], left_at=None)
        if each.granted
        and (each.sector in rule.sectors or not rule.sectors)
        and (each.region in rule.regions or not rule.regions)
        and (each.is_essential or not rule.is_essential)
        and (each.is_vital or not rule.is_vital)
    }
    own = {factories.hub().pk, *(m.pk for m in members)}
    assert sitting(circle) & own == expected | {factories.hub().pk}
    audience = seats.intern(Audience(Tlp.GREEN, circles=frozenset({circle.pk})))
    reading = Seat.objects.filter(audience=audience).values_list("organisation", flat=True)
    assert set(reading) & own == expected | {factories.hub().pk}


def _do(step, organisation, sector, region, *, flag, by):
    if step == "describe":
        profile = Profile(sector=sector, region=region)
        services.describe_organisation(organisation.slug, profile, by=by)
    elif step == "classify":
        services.classify_organisation(
            organisation.slug, by=by, is_essential=flag, is_vital=not flag
        )
    elif step == "leave":
        services.leave_organisation(organisation.slug, by=by)
    elif step == "unsign":
        apply_terms(organisation, by=by)
    else:
        Organisation.objects.filter(pk=organisation.pk).update(granted="share")
        organisation.refresh_from_db()
        seats.let_read_up_to(Tlp.RED, organisation)
        follow_rules(organisation, by=by)


# By vote


def test_more_than_half_of_those_who_sit_let_a_candidate_in():
    one, two, three = (counterpart() for _ in range(3))
    candidate = factories.organisation()
    circle = circle_of(one, two, three, way="vote")

    case = services.propose_to_circle(circle.slug, by=again(one), organisation=candidate)
    assert services.vote(case.uuid, by=again(one), in_favour=True).state == "open"
    assert services.vote(case.uuid, by=again(one), in_favour=True).state == "open"
    assert services.vote(case.uuid, by=again(two), in_favour=True).state == "admitted"

    assert candidate.pk in sitting(circle)
    with pytest.raises(NotFound):
        services.vote(case.uuid, by=again(three), in_favour=False)


def test_a_vote_may_be_changed_and_half_against_declines():
    one, two = counterpart(), counterpart()
    circle = circle_of(one, two, way="vote")
    case = services.propose_to_circle(
        circle.slug, by=again(one), organisation=factories.organisation()
    )

    services.vote(case.uuid, by=again(one), in_favour=True)

    assert services.vote(case.uuid, by=again(one), in_favour=False).state == "declined"


def test_when_the_days_are_over_who_kept_silent_counts_as_against():
    one, two = counterpart(), counterpart()
    circle = circle_of(one, two, way="vote")
    case = services.propose_to_circle(
        circle.slug, by=again(one), organisation=factories.organisation()
    )
    services.vote(case.uuid, by=again(one), in_favour=True)
    assert jobs.decide_admissions.call() == 0

    Admission.objects.update(decides_at=world.now() - timedelta(seconds=1))

    assert jobs.decide_admissions.call() == 1
    assert jobs.decide_admissions.call() == 0
    assert Admission.objects.get(pk=case.pk).state == "declined"


def test_a_vote_of_who_sits_there_no_more_counts_no_more():
    one, two, three = (counterpart() for _ in range(3))
    circle = circle_of(one, two, three, way="vote")
    case = services.propose_to_circle(
        circle.slug, by=again(one), organisation=factories.organisation()
    )
    services.vote(case.uuid, by=again(two), in_favour=True)
    services.leave_organisation(two.organisation.slug, by=operator())

    assert services.vote(case.uuid, by=again(one), in_favour=True).state == "open"


def test_only_the_counterpart_of_who_sits_there_votes():
    one = counterpart()
    circle = circle_of(one, counterpart(), way="vote")
    case = services.propose_to_circle(
        circle.slug, by=again(one), organisation=factories.organisation()
    )

    for who in (factories.member(one.organisation), Actor(factories.hub())):
        with pytest.raises(Forbidden):
            services.vote(case.uuid, by=who, in_favour=True)
    with pytest.raises(NotFound):
        services.vote(case.uuid, by=counterpart(), in_favour=True)


# By a sponsor


def test_a_sponsor_and_three_silent_days_of_the_steward_let_a_candidate_in():
    steward, member, candidate = counterpart(), counterpart(), counterpart()
    circle = circle_of(steward, member, way="sponsor", is_listed=True)
    case = services.ask_to_join(circle.slug, by=candidate)
    assert case.decides_at is None

    services.sponsor_admission(case.uuid, by=again(member))
    with pytest.raises(Conflict):
        services.sponsor_admission(case.uuid, by=again(steward))
    assert jobs.decide_admissions.call() == 0
    Admission.objects.update(decides_at=world.now())

    assert jobs.decide_admissions.call() == 1
    assert candidate.organisation.pk in sitting(circle)


def test_the_steward_objects():
    steward, member = counterpart(), counterpart()
    circle = circle_of(steward, member, way="sponsor")
    candidate = factories.organisation()
    case = services.propose_to_circle(circle.slug, by=again(member), organisation=candidate)

    with pytest.raises(Forbidden):
        services.object_to_admission(case.uuid, by=again(member))
    services.object_to_admission(case.uuid, by=again(steward))

    Admission.objects.update(decides_at=world.now())
    assert jobs.decide_admissions.call() == 0
    assert candidate.pk not in sitting(circle)


def test_a_sponsor_who_sits_there_no_more_answers_for_nobody():
    steward, member = counterpart(), counterpart()
    circle = circle_of(steward, member, way="sponsor")
    candidate = factories.organisation()
    services.propose_to_circle(circle.slug, by=again(member), organisation=candidate)
    services.expel_from_circle(circle.slug, by=again(steward), organisation=member.organisation)

    Admission.objects.update(decides_at=world.now())

    assert jobs.decide_admissions.call() == 1
    assert candidate.pk not in sitting(circle)


@pytest.mark.parametrize("way", ["sponsor", "steward", "rule"])
def test_nobody_comes_in_by_a_way_that_was_taken_away_while_he_waited(way):
    """Asked where members vote: neither silence nor an empty ballot lets him in elsewhere."""
    candidate = counterpart()
    circle = circle_of(counterpart(), counterpart(), way="vote", is_listed=True)
    services.ask_to_join(circle.slug, by=candidate)

    joining = ENERGY if way == "rule" else Joining(admission=way)
    services.change_joining(circle.slug, joining, by=operator())
    Admission.objects.update(decides_at=world.now() - timedelta(seconds=1))
    jobs.decide_admissions.call()

    assert candidate.organisation.pk not in sitting(circle)
    assert Admission.objects.get().state == "declined"


def test_who_waits_goes_on_waiting_while_the_way_stays():
    circle = circle_of(counterpart(), counterpart(), way="vote", is_listed=True)
    services.ask_to_join(circle.slug, by=counterpart())

    services.change_joining(circle.slug, Joining(admission="vote"), by=operator())

    assert Admission.objects.get().state == "open"


# Who may ask, and who learns what


def test_nobody_asks_to_join_what_is_not_listed_for_him():
    hidden = circle_of(counterpart(), way="vote")
    unsigned = counterpart(granted="", reads_up_to=NOTHING)

    with pytest.raises(NotFound):
        services.ask_to_join(hidden.slug, by=counterpart())
    services.change_joining(hidden.slug, Joining(admission="vote", is_listed=True), by=operator())
    with pytest.raises(NotFound):
        services.ask_to_join(hidden.slug, by=unsigned)
    candidate = counterpart()
    services.ask_to_join(hidden.slug, by=candidate)
    with pytest.raises(Conflict, match="waits"):
        services.ask_to_join(hidden.slug, by=candidate)


def test_a_circle_by_vote_lets_nobody_in_by_hand():
    steward = counterpart()
    circle = circle_of(steward, way="vote")

    with pytest.raises(Invalid, match="admits by vote"):
        services.admit_to_circle(
            circle.slug, by=again(steward), organisation=factories.organisation()
        )


def test_a_candidate_learns_what_was_decided_and_never_who_voted_what():
    one, two, candidate = (counterpart(name=name) for name in ("Aguas", "Puerto", "Banco"))
    circle = circle_of(one, two, way="vote", is_listed=True)
    browser = signed_in(candidate, "en")
    assert browser.get(f"/circles/{circle.slug}/").status_code == 404
    browser.post(f"/circles/{circle.slug}/ask")
    case = Admission.objects.get()

    inside = words(signed_in(again(one), "en").get(f"/circles/{circle.slug}/"))
    assert "0 in favour and 0 against of 2" in inside
    signed_in(again(one), "en").post(f"/admissions/{case.uuid}/vote", {"in_favour": "no"})
    outside = words(browser.get("/circles/"))

    assert "Declined" in outside
    assert "Aguas" not in outside
    assert "Was not let in: Banco" in words(
        signed_in(again(two), "en").get(f"/circles/{circle.slug}/")
    )


def test_a_new_member_of_a_circle_reads_no_votes_in_its_history():
    one, two, candidate = (counterpart() for _ in range(3))
    circle = circle_of(one, two, way="vote", is_listed=True)
    case = services.ask_to_join(circle.slug, by=candidate)
    services.vote(case.uuid, by=again(one), in_favour=True)
    services.vote(case.uuid, by=again(two), in_favour=True)

    told = queries.history_of(circle, reader=again(candidate).reader)

    assert [each.action for each in told] == ["circle-admitted", "circle-asked", "circle-created"]
    assert queries.history_of(circle, reader=counterpart().reader) == []
