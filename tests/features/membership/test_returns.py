"""People who change organisation, come back, or have not come for long."""

from datetime import timedelta

import pytest

from minga.core.policy import Audience, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.exchange import queries as exchange
from minga.features.membership import jobs, queries, services
from minga.features.membership.queries.journal import JournalFilters, journal_lines
from minga.store import world
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Identity, Person
from tests import factories
from tests.features.exchange.browsing import share, signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.member(factories.hub(), role="administrator")


@pytest.fixture
def ana():
    return factories.member(role="counterpart", name="Ana", email="ana@example.cl")


def moved(ana, administrator, *, role="analyst"):
    home = factories.organisation("Puerto Sur")
    return services.transfer_person(
        ana.person.email, by=administrator, organisation=home, role=role
    )


def test_who_moves_begins_anew_there_and_is_out_here_at_once(ana, administrator):
    browser = signed_in(ana)
    _, secret = factories.key_of(ana.organisation)

    person, token = moved(ana, administrator)

    assert (person.email, str(person.organisation)) == ("ana@example.cl", "Puerto Sur")
    assert credentials.person_of_link(token) == person
    assert browser.get("/people/").status_code == 303
    assert factories.enter(secret)
    assert ana.organisation not in [each.organisation for each in queries.people(
        reader=administrator.reader).filter(name="Ana")]  # fmt: skip


def test_what_he_did_stays_with_the_old_organisation(ana, administrator):
    shared = share(ana)

    person, _ = moved(ana, administrator)

    entry = Entry.objects.get(action="contribution-shared")
    assert (entry.person.pk, entry.organisation) == (ana.person.pk, ana.organisation)
    shared.refresh_from_db()
    assert shared.person_id == ana.person.pk != person.pk


def test_the_old_organisation_reads_that_he_left_and_not_where_to(ana, administrator):
    person, _ = moved(ana, administrator)
    colleague = factories.member(ana.organisation, role="counterpart")

    def told(reader):
        lines = journal_lines(JournalFilters(), reader=reader)
        return {line.values["action"]: str(line.values) for line in lines}

    read = told(colleague.reader)
    assert "person-left" in read
    for secret in (str(person.uuid), person.organisation.stix_id, "Puerto Sur"):
        assert secret not in str(read)
    assert person.organisation.stix_id in told(administrator.reader)["person-transferred"]
    with pytest.raises(NotFound):
        services.let_back_in(ana.person.uuid, by=colleague)


def test_what_named_him_there_does_not_come_along(ana, administrator):
    named = Audience(Tlp.RED, people=frozenset({ana.person.pk}))
    share(factories.member(), audience=named)
    assert exchange.contributions(reader=ana.reader)

    person, _ = moved(ana, administrator)

    assert not exchange.contributions(reader=Actor(person.organisation, person=person).reader)


@pytest.mark.parametrize("role", [*Person.Role.values])
def test_nobody_moves_a_person_but_an_administrator_of_the_hub(ana, role):
    home = factories.organisation()
    movers = [factories.member(home, role=role)]
    if role != "administrator":
        movers.append(factories.member(factories.hub(), role=role))
    for by in movers:
        with pytest.raises(Forbidden):
            services.transfer_person(
                ana.person.email, by=by, organisation=ana.organisation, role="reader"
            )
    assert Person.objects.get(pk=ana.person.pk).is_active


def test_nobody_moves_himself_nor_to_where_he_is_nor_into_a_role_there_is_not(ana, administrator):
    for email, home, role in (
        (administrator.person.email, ana.organisation, "analyst"),
        (ana.person.email, ana.organisation, "analyst"),
        (ana.person.email, factories.organisation(), "administrator"),
    ):
        with pytest.raises(Invalid):
            services.transfer_person(email, by=administrator, organisation=home, role=role)
    assert Person.objects.get(pk=ana.person.pk).email == "ana@example.cl"


def test_who_was_closed_out_comes_back_by_a_link_without_his_factors(ana, administrator):
    named = Audience(Tlp.RED, people=frozenset({ana.person.pk}))
    share(factories.member(), audience=named)
    browser = signed_in(ana)
    services.deactivate_person(ana.person.email, by=administrator)

    person, token = services.let_back_in(ana.person.uuid, by=administrator)

    assert (person.is_active, person.role) == (True, "counterpart")
    assert not person.passkeys.exists()
    assert browser.get("/people/").status_code == 303
    assert credentials.person_of_link(token) == person
    assert exchange.contributions(reader=Actor(person.organisation, person=person).reader)


def test_nobody_lets_back_in_whom_he_does_not_dominate(ana, administrator):
    services.deactivate_person(ana.person.email, by=administrator)

    for by in (factories.member(ana.organisation), factories.member(factories.hub())):
        with pytest.raises(Forbidden):
            services.let_back_in(ana.person.uuid, by=by)
    for by in (factories.member(role="counterpart"),):
        with pytest.raises(NotFound):
            services.let_back_in(ana.person.uuid, by=by)
    keeper = factories.member(ana.organisation, role="counterpart")
    assert services.let_back_in(ana.person.uuid, by=keeper)[0].is_active


def test_who_moved_is_not_let_back_in(ana, administrator):
    moved(ana, administrator)

    with pytest.raises(Conflict, match="another organisation"):
        services.let_back_in(ana.person.uuid, by=administrator)
    assert not queries.closed_out_of(ana.organisation, reader=administrator.reader)


def connected(person):
    return Identity.objects.create(
        person=person, issuer="https://id.example.cl", subject=f"{person.name} elsewhere"
    )


@pytest.mark.parametrize("act", ["reset", "back", "move"])
def test_who_begins_anew_is_known_to_no_provider(ana, administrator, act):
    """Whoever sat at his open browser may have connected an account of his own."""
    connected(ana.person)

    if act == "reset":
        services.reset_factors(ana.person.email, by=administrator)
    elif act == "back":
        services.deactivate_person(ana.person.email, by=administrator)
        services.let_back_in(ana.person.uuid, by=administrator)
    else:
        moved(ana, administrator)

    assert not Identity.objects.exists()


def test_nobody_moves_the_last_administrator_of_the_hub_away(administrator):
    """Two who move each other at once: the second is no longer there to be counted."""
    other = factories.member(administrator.organisation, role="administrator")
    moved(other, administrator)

    with pytest.raises(Invalid, match="last administrator"):
        moved(administrator, other)


def unseen(person, days):
    long_ago = world.now() - timedelta(days=days)
    Person.objects.filter(pk=person.pk).update(last_login=long_ago, expected_since=long_ago)


def test_who_has_not_come_for_half_a_year_is_closed_out(ana, administrator):
    fresh = factories.person(ana.organisation)
    unseen(ana.person, services.DORMANT_DAYS + 1)
    unseen(fresh, services.DORMANT_DAYS - 1)

    assert jobs.close_dormant_accounts.call() == 1
    assert jobs.close_dormant_accounts.call() == 0

    assert not Person.objects.get(pk=ana.person.pk).is_active
    assert Person.objects.get(pk=fresh.pk).is_active
    assert Entry.objects.get(action="person-dormant").subject == str(ana.person.uuid)
    services.let_back_in(ana.person.uuid, by=administrator)
    assert jobs.close_dormant_accounts.call() == 0


def test_the_last_administrator_of_the_hub_never_is(administrator):
    second = factories.person(administrator.organisation, role="administrator")
    for each in (administrator.person, second):
        unseen(each, 1_000)

    assert jobs.close_dormant_accounts.call() == 1
    assert jobs.close_dormant_accounts.call() == 0


def test_the_pages_move_a_person_and_let_one_back_in(ana, administrator):
    factories.organisation("Puerto Sur", slug="puerto-sur")
    browser = signed_in(administrator, "en")
    assert "Move…" in words(browser.get(f"/people/{ana.person.uuid}/"))
    path = f"/people/{ana.person.uuid}/transfer"
    assert browser.post(path, {"organisation": "puerto-sur", "role": "boss"}).status_code == 422

    told = browser.post(path, {"organisation": "puerto-sur", "role": "reader"})

    assert told.status_code == 201
    luis = factories.person(ana.organisation, name="Luis")
    services.deactivate_person(luis.email, by=administrator)
    assert "Luis" in words(browser.get(f"/members/{ana.organisation.slug}/"))
    assert "/sign-in/" in words(browser.post(f"/people/{luis.uuid}/back"))
