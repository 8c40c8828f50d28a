"""Our people on pages: inviting, another role, a new link, closing out."""

import re

import pytest

from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
PIA = {"name": "Pía Soto", "email": "pia@example.cl", "role": "analyst", "language": "es"}


@pytest.fixture
def counterpart():
    factories.hub()
    return factories.member(factories.organisation("Banco"), role="counterpart", name="Ana Rojas")


@pytest.fixture
def browser(counterpart):
    return signed_in(counterpart, "en")


def token_in(answer):
    return re.search(r"/sign-in/([\w-]{43})/", answer.content.decode())[1]


def page_of(person):
    return f"/people/{person.uuid}/"


def test_everybody_of_the_organisation_reads_who_acts_for_it(counterpart):
    analyst = factories.member(counterpart.organisation, name="Luz Vega", email="luz@example.cl")
    factories.person(name="Otro Banco")

    said = words(signed_in(analyst, "en").get("/people/"))

    assert "Ana Rojas" in said
    assert "Invited, has not come yet" in said
    assert "Luz Vega luz@example.cl · you Analyst Active just now" in said
    assert "Otro Banco" not in said
    assert "Invite " not in said.replace("Invited", "")


def test_an_invitation_shows_a_link_once_that_lets_the_person_in(browser, counterpart, client):
    answer = browser.post("/people/invite", PIA)

    assert answer.status_code == 201
    assert "Nobody is told by mail." in words(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    person = Person.objects.get(email="pia@example.cl")
    assert person.organisation == counterpart.organisation
    assert token_in(answer) not in browser.get("/people/").content.decode()
    assert token_in(answer) not in browser.get(page_of(person)).content.decode()
    assert client.post(f"/sign-in/{token_in(answer)}/").status_code == 303
    assert client.get("/sign-in/enrol").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nobody"}, "E-mail"),
        ({"name": ""}, "Name"),
        ({"role": "administrator"}, "Role"),
        ({"role": "boss"}, "Role"),
        ({"language": "fr"}, "Language"),
    ],
)
def test_an_invitation_that_cannot_be_says_what_and_invites_nobody(browser, wrong, said):
    answer = browser.post("/people/invite", PIA | wrong)

    assert answer.status_code == 422
    assert said in words(answer)
    assert not Person.objects.filter(name="Pía Soto").exists()


def test_an_address_that_ones_own_organisation_uses_is_told_in_the_form(browser, counterpart):
    factories.person(counterpart.organisation, email="pia@example.cl")

    answer = browser.post("/people/invite", PIA)

    assert answer.status_code == 422
    assert "in use" in words(answer)


def test_whether_an_address_is_in_use_elsewhere_shows_nowhere(browser, counterpart, client):
    """The same as for any other: what is answered, who is listed, and whom the link lets in."""
    factories.person(email="pia@example.cl", name="Pía, del otro banco")
    free = PIA | {"email": "pio@example.cl"}

    answers = {draft["email"]: browser.post("/people/invite", draft) for draft in (PIA, free)}

    told = {words(each).replace(token_in(each), "…") for each in answers.values()}
    assert len(told) == 1
    assert {each.status_code for each in answers.values()} == {201}
    listed = words(browser.get("/people/"))
    assert "Pía Soto pia@example.cl Analyst Invited" in listed
    assert "Pía Soto pio@example.cl Analyst Invited" in listed
    made = Person.objects.get(email="pia@example.cl", organisation=counterpart.organisation)
    assert "otro banco" not in words(browser.get(page_of(made)))
    assert client.post(f"/sign-in/{token_in(answers['pia@example.cl'])}/").status_code == 303
    assert "Pía Soto" in words(client.get("/sign-in/enrol"))


def test_the_hub_sees_who_shares_an_address_and_gives_it_to_nobody_twice(counterpart):
    other = factories.person(email="pia@example.cl", name="Pía Díaz")
    signed_in(counterpart).post("/people/invite", PIA)
    made = Person.objects.get(organisation=counterpart.organisation, email="pia@example.cl")
    administrator = factories.person(factories.hub(), role="administrator")
    hub = signed_in(Actor(administrator.organisation, person=administrator), "en")

    shown = words(hub.get(page_of(made)))
    refused = hub.post(f"/members/{factories.organisation().slug}/invite", PIA)

    assert f"The same address Pía Díaz, {other.organisation.name}" in shown
    assert (refused.status_code, "in use" in words(refused)) == (422, True)


def test_another_role_is_given_on_the_persons_page(browser, counterpart):
    person = factories.person(counterpart.organisation)

    answer = browser.post(page_of(person), {"role": "reader"}, follow=True)

    assert "Role changed." in words(answer)
    assert Person.objects.get(pk=person.pk).role == "reader"


def test_the_last_counterpart_keeps_the_role_and_is_told_why(browser, counterpart):
    answer = browser.post(page_of(counterpart.person), {"role": "reader"})

    assert answer.status_code == 422
    assert "Give somebody else the power to administer first." in words(answer)


def test_a_new_link_is_shown_once(browser, counterpart):
    person = factories.person(counterpart.organisation)

    answer = browser.post(page_of(person) + "link")

    assert answer.status_code == 201
    assert credentials.person_of_link(token_in(answer)) == person


def test_closing_out_says_what_it_means_and_then_does_it(browser, counterpart):
    person = factories.person(counterpart.organisation, name="Luz Vega")
    theirs = signed_in(Actor(counterpart.organisation, person=person))
    assert "Sessions and links end at once" in words(browser.get(page_of(person) + "close"))

    answer = browser.post(page_of(person) + "close", follow=True)

    assert "May no longer enter Luz Vega" in words(answer)
    assert theirs.get("/me/").status_code == 303
    assert browser.get(page_of(person)).status_code == 404


def test_the_last_counterpart_is_not_closed_out(browser, counterpart):
    answer = browser.post(page_of(counterpart.person) + "close")

    assert answer.status_code == 422
    assert Person.objects.get(pk=counterpart.person.pk).is_active


@pytest.mark.parametrize("role", ["analyst", "reader", "director"])
def test_who_does_not_administer_changes_nobody(counterpart, role):
    weak = factories.member(counterpart.organisation, role=role)
    target = factories.person(counterpart.organisation, role="reader")
    before, browser = Entry.objects.count() + 1, signed_in(weak)

    assert browser.get("/people/invite").status_code == 403
    assert browser.post("/people/invite", PIA).status_code == 403
    assert browser.post(page_of(target), {"role": "reader"}).status_code == 403
    assert browser.post(page_of(target) + "link").status_code == 403
    assert browser.get(page_of(target) + "close").status_code == 403
    assert browser.post(page_of(target) + "close").status_code == 403
    assert "Change the role" not in browser.get(page_of(target)).content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("end", ["", "link", "close"])
def test_somebody_elses_person_and_nobody_are_the_same_page(browser, end):
    stranger, nobody = factories.person().uuid, "00000000-0000-4000-8000-00000000dead"

    seen = [
        browser.post(f"/people/{uuid}/{end}", {"role": "reader"}) for uuid in (stranger, nobody)
    ]

    assert [each.status_code for each in seen] == [404, 404]
    assert words(seen[0]) == words(seen[1])


def test_a_member_invites_to_its_own_house_only(browser):
    factories.organisation(slug="other")

    assert browser.get("/members/other/invite").status_code == 404
    assert browser.post("/members/other/invite", PIA).status_code == 404
    assert browser.post("/members/unknown/invite", PIA).status_code == 404


def test_the_hub_invites_a_members_first_counterpart():
    administrator = factories.member(factories.hub(), role="administrator")
    home = factories.organisation("Nueva", slug="nueva")
    browser = signed_in(administrator, "en")
    assert "Nobody acts for it yet." in words(browser.get("/members/nueva/"))

    answer = browser.post("/members/nueva/invite", PIA | {"role": "counterpart"})

    assert answer.status_code == 201
    assert Person.objects.get(email="pia@example.cl").organisation == home
    assert "Pía Soto" in words(browser.get("/members/nueva/"))


def test_the_account_leads_to_people_and_for_who_administers_to_the_organisation(browser):
    page = browser.get("/me/").content.decode()
    weak = signed_in(factories.member()).get("/me/").content.decode()

    assert 'href="/people/"' in page
    assert 'href="/organisation/"' in page
    assert 'href="/people/"' in weak
    assert 'href="/organisation/"' not in weak
