"""People and the links that let them in: nobody makes somebody stronger than himself."""

from datetime import timedelta

import pytest

from minga.core.policy import Audience, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.membership import queries, services
from minga.features.membership.services import NewPerson
from minga.store.audiences import seats
from minga.store.audiences.models import Seat
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db
ROLES = list(Person.Role.values)


def hub_person(role: str) -> Actor:
    return factories.member(factories.hub(), role=role)


def test_a_new_person_has_no_password():
    organisation = factories.organisation()

    made = services.create_person(
        NewPerson("Pía Soto", "Pia@Example.CL"),
        by=hub_person("administrator"),
        organisation=organisation,
    )

    assert (made.email, made.organisation) == ("pia@example.cl", organisation)
    assert not made.has_usable_password()
    assert Entry.objects.get(action="person-created").subject == str(made.uuid)


@pytest.mark.parametrize("creator_role", ROLES)
@pytest.mark.parametrize("new_role", ROLES)
def test_nobody_makes_a_person_with_powers_he_lacks(creator_role, new_role):
    creator = hub_person(creator_role)
    draft = NewPerson("New", "new@example.cl", role=new_role)
    new_powers = Actor(creator.organisation, Person(role=new_role)).powers
    may = "administer-own" in creator.powers and new_powers <= creator.powers

    if may:
        services.create_person(draft, by=creator, organisation=creator.organisation)
    else:
        with pytest.raises(Forbidden):
            services.create_person(draft, by=creator, organisation=creator.organisation)
    assert Person.objects.filter(email="new@example.cl").exists() == may


@pytest.mark.parametrize("role", ROLES)
def test_no_member_makes_people_of_another_organisation(role):
    factories.hub()
    creator, other = factories.member(role=role), factories.organisation()

    with pytest.raises(Forbidden):
        services.create_person(NewPerson("New", "n@example.cl"), by=creator, organisation=other)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (NewPerson("", "a@example.cl"), "name has 0"),
        (NewPerson("A", "a at example"), "e-mail address is 'a at example'"),
        (NewPerson("A", "a@example.cl", role="boss"), "Role is 'boss'"),
        (NewPerson("A", "a@example.cl", language="fr"), "Language is 'fr'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(draft, words):
    by = hub_person("administrator")

    with pytest.raises(Invalid, match=words):
        services.create_person(draft, by=by, organisation=by.organisation)


def test_an_address_belongs_to_one_person():
    by = hub_person("administrator")
    factories.person(email="a@example.cl")

    with pytest.raises(Conflict, match="in use"):
        services.create_person(NewPerson("A", "A@example.cl"), by=by, organisation=by.organisation)


def test_who_is_meant_by_an_address_of_two_organisations_the_hub_says_by_identifier():
    by, ana = hub_person("administrator"), factories.person(email="ana@example.cl")
    home = factories.organisation()
    counterpart = factories.member(home, role="counterpart")
    draft = NewPerson("Ana", "ana@example.cl")
    beside, _ = services.invite_person(draft, by=counterpart, organisation=home)

    with pytest.raises(Conflict, match=f"2 people have the address.*{beside.uuid}"):
        services.deactivate_person("ana@example.cl", by=by)
    services.change_role("ana@example.cl", "reader", by=counterpart)
    services.deactivate_person(str(beside.uuid), by=by)

    ana.refresh_from_db()
    beside.refresh_from_db()
    assert (ana.is_active, ana.role) == (True, "analyst")
    assert (beside.is_active, beside.role) == (False, "reader")
    assert queries.person("ANA@example.cl", reader=by.reader) == ana


def test_a_link_signs_in_once_and_not_after_its_day():
    by, person = hub_person("administrator"), factories.person()

    token = services.create_sign_in_link(person.email, by=by)
    late = services.create_sign_in_link(person.email, by=by, lasts=timedelta(seconds=-1))

    assert credentials.use_link(token) == person
    assert credentials.use_link(token) is None
    assert credentials.use_link(late) is None


def test_a_link_for_somebody_stronger_is_refused():
    counterpart, administrator = hub_person("counterpart"), hub_person("administrator")

    with pytest.raises(Forbidden, match="powers that you lack"):
        services.create_sign_in_link(administrator.person.email, by=counterpart)


def test_somebody_elses_people_do_not_exist():
    factories.hub()
    counterpart, stranger = factories.member(role="counterpart"), factories.person()

    for act in (services.create_sign_in_link, services.deactivate_person):
        with pytest.raises(NotFound) as unseen:
            act(stranger.email, by=counterpart)
        with pytest.raises(NotFound) as unknown:
            act("nobody@example.cl", by=counterpart)
        assert unseen.value.message.replace(stranger.email, "") == unknown.value.message.replace(
            "nobody@example.cl", ""
        )


def test_who_is_closed_out_neither_enters_nor_reads_what_names_him():
    by, person = hub_person("administrator"), factories.person()
    seats.intern(Audience(Tlp.RED, people=frozenset({person.pk})))
    token = services.create_sign_in_link(person.email, by=by)

    services.deactivate_person(person.email, by=by)

    assert credentials.use_link(token) is None
    assert not Seat.objects.filter(person=person.pk).exists()
    assert person not in queries.people(reader=by.reader)


def test_the_last_administrator_of_the_hub_stays():
    by = hub_person("administrator")

    with pytest.raises(Invalid, match="last administrator"):
        services.deactivate_person(by.person.email, by=by)

    hub_person("administrator")
    services.deactivate_person(by.person.email, by=by)
