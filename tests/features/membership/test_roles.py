"""Another role for somebody: who may give it, who stays, and what ends at once."""

import pytest

from minga.core.problems import Forbidden, Invalid, NotFound
from minga.features.membership import services
from minga.features.membership.services import NewPerson
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Person
from tests import factories
from tests.features.exchange.browsing import signed_in

pytestmark = pytest.mark.django_db
ROLES = list(Person.Role.values)


def powers_of(home, role):
    return Actor(home, person=Person(role=role)).powers


@pytest.fixture(params=["hub", "member"])
def home(request):
    """An organisation with administrators to spare, so that dominance alone decides."""
    factories.hub()
    made = factories.hub() if request.param == "hub" else factories.organisation()
    for role in ("administrator", "administrator", "counterpart", "counterpart"):
        factories.person(made, role=role)
    return made


@pytest.mark.parametrize("actor_role", ROLES)
@pytest.mark.parametrize("old_role", ROLES)
def test_a_role_changes_only_between_roles_whose_powers_the_actor_has(home, actor_role, old_role):
    by = factories.member(home, role=actor_role)
    person = factories.person(home, role=old_role)

    for new_role in ROLES:
        Person.objects.filter(pk=person.pk).update(role=old_role)
        may = (
            Power.ADMINISTER_OWN in by.powers
            and powers_of(home, old_role) <= by.powers
            and powers_of(home, new_role) <= by.powers
        )
        exists = home.is_hub or new_role != "administrator"
        if may and exists:
            assert services.change_role(person.email, new_role, by=by).role == new_role
        else:
            with pytest.raises((Forbidden, Invalid)):
                services.change_role(person.email, new_role, by=by)
            assert Person.objects.get(pk=person.pk).role == old_role


@pytest.mark.parametrize("actor_role", ROLES)
@pytest.mark.parametrize("their_role", ROLES)
def test_links_and_closing_need_every_power_of_the_person(home, actor_role, their_role):
    by = factories.member(home, role=actor_role)
    person = factories.person(home, role=their_role)
    may = Power.ADMINISTER_OWN in by.powers and powers_of(home, their_role) <= by.powers

    for act in (services.create_sign_in_link, services.deactivate_person):
        if may:
            act(person.email, by=by)
        else:
            with pytest.raises(Forbidden):
                act(person.email, by=by)
    person.refresh_from_db()
    assert person.is_active != may


@pytest.mark.parametrize("actor_role", ROLES)
def test_the_roles_offered_are_those_that_can_be_given(home, actor_role):
    by = factories.member(home, role=actor_role)

    offered = services.roles_to_give(home, by=by)

    kinds = [r for r in ROLES if home.is_hub or r != "administrator"]
    assert offered == [r for r in kinds if powers_of(home, r) <= by.powers]


def test_people_of_other_members_do_not_exist():
    factories.hub()
    by, stranger = factories.member(role="counterpart"), factories.person()

    with pytest.raises(NotFound):
        services.change_role(stranger.email, "reader", by=by)


@pytest.mark.parametrize("act", [
    lambda who, by: services.change_role(who.email, "reader", by=by),
    lambda who, by: services.deactivate_person(who.email, by=by),
])  # fmt: skip
def test_the_last_who_administers_a_member_stays_until_there_is_another(act):
    factories.hub()
    by = factories.member(role="counterpart")
    factories.person(by.organisation, role="counterpart", is_active=False)
    factories.person(by.organisation, role="director")

    with pytest.raises(Invalid, match="last administrator"):
        act(by.person, by)

    factories.person(by.organisation, role="manager")
    act(by.person, by)


def test_the_hubs_last_administrator_keeps_his_role_though_others_administer_themselves():
    by = factories.member(factories.hub(), role="administrator")
    factories.person(by.organisation, role="manager")

    with pytest.raises(Invalid, match="last administrator"):
        services.change_role(by.person.email, "manager", by=by)


def test_the_hub_may_close_out_even_the_last_counterpart_of_a_member():
    by = factories.member(factories.hub(), role="administrator")
    stolen = factories.person(role="counterpart")

    assert not services.deactivate_person(stolen.email, by=by).is_active


def test_a_changed_role_ends_sessions_for_good():
    factories.hub()
    by = factories.member(role="counterpart")
    person = factories.person(by.organisation, role="analyst")
    browser = signed_in(Actor(by.organisation, person=person))
    assert browser.get("/me/").status_code == 200

    services.change_role(person.email, "reader", by=by)
    assert browser.get("/me/").status_code == 303
    services.change_role(person.email, "analyst", by=by)

    assert browser.get("/me/").status_code == 303
    entry = Entry.objects.filter(action="role-changed").latest("pk")
    assert entry.details == {"before": "reader", "after": "analyst"}


def test_a_link_made_for_the_old_role_opens_nothing_of_the_new():
    hub = factories.hub()
    manager = factories.member(hub, role="manager")
    analyst = factories.person(hub, role="analyst")
    token = services.create_sign_in_link(analyst.email, by=manager)

    services.change_role(
        analyst.email, "administrator", by=factories.member(hub, role="administrator")
    )

    assert credentials.person_of_link(token) is None


def test_the_role_somebody_has_already_ends_nothing():
    factories.hub()
    by = factories.member(role="counterpart")
    person = factories.person(by.organisation, role="analyst")

    services.change_role(person.email, "analyst", by=by)

    assert Person.objects.get(pk=person.pk).times_shut_out == 0
    assert not Entry.objects.exists()


def test_who_is_closed_out_is_out_of_his_session():
    factories.hub()
    by = factories.member(role="counterpart")
    person = factories.person(by.organisation)
    browser = signed_in(Actor(by.organisation, person=person))

    services.deactivate_person(person.email, by=by)

    assert browser.get("/me/").status_code == 303


def test_inviting_makes_a_person_and_a_link_or_neither():
    factories.hub()
    by = factories.member(role="counterpart")
    draft = NewPerson("Pía", "pia@example.cl", role="reader")

    person, token = services.invite_person(draft, by=by, organisation=by.organisation)

    assert token
    assert person.organisation == by.organisation
    actions = [*Entry.objects.order_by("pk").values_list("action", flat=True)]
    assert actions == ["person-created", "sign-in-link-created"]


def test_a_member_has_no_administrators():
    by = factories.member(factories.hub(), role="administrator")

    with pytest.raises(Invalid, match="Role is 'administrator'"):
        services.create_person(
            NewPerson("A", "a@example.cl", role="administrator"),
            by=by,
            organisation=factories.organisation(),
        )
