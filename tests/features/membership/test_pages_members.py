"""The directory and circles on pages: what each reader sees, and what steward and hub may do."""

import pytest

from minga.core.policy import NOTHING
from minga.features.membership import queries
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
SAID = {
    "sector": "energy", "region": "BI", "size": "large", "security_email": "csirt@example.cl",
    "security_phone": "+56 2 2345 6789", "security_web": "https://example.cl/security",
    "shows_contact": "hub",
}  # fmt: skip


@pytest.fixture
def us():
    factories.hub()
    return factories.member(factories.organisation("Banco", slug="banco"), role="counterpart")


@pytest.fixture
def browser(us):
    return signed_in(us, "en")


def administrator():
    return signed_in(factories.member(factories.hub(), role="administrator"), "en")


def test_the_directory_lists_who_belongs_with_the_circles_in_common(browser, us):
    other = factories.organisation("Aguas", slug="aguas", sector="water", region="VS")
    factories.circle(us.organisation, other, name="Mesa antifraude")
    factories.circle(other, name="Secreta")
    factories.organisation("Invitada", granted="", reads_up_to=NOTHING)

    said = words(browser.get("/members/"))

    assert "Aguas Drinking water and sanitation Valparaíso Mesa antifraude" in said
    assert "3 organisations" in said
    assert "Secreta" not in said
    assert "Invitada" not in said
    assert "Not signed yet" not in said


def test_the_hub_sees_the_state_of_adherence_of_each(us):
    factories.organisation("Invitada", granted="", reads_up_to=NOTHING)

    said = words(administrator().get("/members/"))

    assert "Invitada" in said
    assert "Not signed yet" in said


def test_filters_stand_in_the_address_and_say_when_they_hide_everybody(browser, us):
    factories.circle(us.organisation, factories.organisation("Aguas", sector="water"))
    factories.organisation("Luz", sector="energy")

    shared = words(browser.get("/members/?circle=shared"))
    assert "Aguas" in shared
    assert "Luz" not in shared
    assert "Luz" in words(browser.get("/members/?sector=energy"))
    assert "These filters hide everybody" in words(browser.get("/members/?sector=none"))
    assert browser.get("/members/?page=99&region=%00").status_code == 200


def test_the_list_goes_on_over_pages_that_keep_the_filters(browser):
    for _ in range(101):
        factories.organisation(sector="water")

    page = browser.get("/members/?sector=water").content.decode()

    assert 'href="?sector=water&amp;page=2"' in page
    assert "Page 2 of 2" in words(browser.get("/members/?sector=water&page=2"))


def test_a_contact_is_shown_to_whom_its_organisation_says(browser, us):
    other = factories.member(role="analyst")
    page = f"/members/{us.organisation.slug}/"
    browser.post("/organisation/", SAID)

    assert "csirt@example.cl" in words(browser.get(page))
    assert "csirt@example.cl" in words(administrator().get(page))
    assert "It shows you no contact." in words(signed_in(other, "en").get(page))
    browser.post("/organisation/", SAID | {"shows_contact": "members"})
    assert "csirt@example.cl" in words(signed_in(other, "en").get(page))
    assert "Large enterprise" not in words(signed_in(other, "en").get(page))


def test_what_cannot_be_said_is_told_beside_its_field(browser, us):
    answer = browser.post("/organisation/", SAID | {"security_phone": "123"})

    assert answer.status_code == 422
    assert "With the country first" in words(answer)
    assert Organisation.objects.get(pk=us.organisation.pk).sector == ""


def test_a_sector_of_the_hubs_own_words_stays_a_choice(browser, us):
    Organisation.objects.filter(pk=us.organisation.pk).update(sector="casinos")

    assert '<option value="casinos" selected>' in browser.get("/organisation/").content.decode()


@pytest.mark.parametrize("role", ["analyst", "reader", "director"])
def test_only_who_administers_says_what_the_organisation_is(us, role):
    weak = signed_in(factories.member(us.organisation, role=role))

    assert weak.get("/organisation/").status_code == 403
    assert weak.post("/organisation/", SAID).status_code == 403


def test_an_invited_organisation_and_none_are_the_same_page(browser):
    factories.organisation(slug="invited", granted="", reads_up_to=NOTHING)

    seen = [browser.get(f"/members/{slug}/") for slug in ("invited", "unknown")]

    assert [each.status_code for each in seen] == [404, 404]
    assert words(seen[0]) == words(seen[1])


def test_the_hub_classifies_and_every_member_reads_it(browser, us):
    hub = administrator()
    assert browser.post("/members/banco/class", {"is_vital": "on"}).status_code == 403

    hub.post("/members/banco/class", {"is_vital": "on"})

    assert "Operator of vital importance" in words(
        signed_in(factories.member(), "en").get("/members/banco/")
    )


def test_nobody_outside_the_hub_sees_the_people_of_another(browser):
    other = factories.organisation("Aguas", slug="aguas")
    factories.person(other, name="Luz Vega")

    assert "Luz Vega" not in words(browser.get("/members/aguas/"))
    assert "Luz Vega" in words(administrator().get("/members/aguas/"))


def test_who_sits_in_no_circle_is_told_who_lets_in(browser):
    assert "You sit in no circle yet" in words(browser.get("/circles/"))


def test_a_circle_shows_its_members_to_those_inside(browser, us):
    other = factories.organisation("Aguas", slug="aguas")
    circle = factories.circle(other, us.organisation, name="Mesa antifraude")

    assert "Mesa antifraude Aguas 2" in words(browser.get("/circles/"))
    said = words(browser.get(f"/circles/{circle.slug}/"))
    assert "2 organisations" in said
    assert "Aguas speaks for the circle." in said
    assert "Take out" not in said
    assert browser.post(f"/circles/{circle.slug}/", {"organisation": "banco"}).status_code == 403


def test_a_circle_of_others_and_none_are_the_same_page(browser):
    circle = factories.circle(factories.organisation(slug="aguas"))

    for end in ("", "members/aguas/expel"):
        seen = [browser.post(f"/circles/{slug}/{end}") for slug in (circle.slug, "unknown")]
        assert [each.status_code for each in seen] == [404, 404]
        assert words(seen[0]) == words(seen[1])


def test_the_steward_lets_in_and_takes_out(browser, us):
    other = factories.organisation("Aguas", slug="aguas")
    circle = factories.circle(us.organisation)
    page = f"/circles/{circle.slug}/"

    answer = browser.post(page, {"organisation": "aguas"}, follow=True)
    assert "Aguas sits in the circle now." in words(answer)
    assert "stops reading at once" in words(browser.get(page + "members/aguas/expel"))
    browser.post(page + "members/aguas/expel")

    assert other not in queries.members_of(circle, reader=us.reader)
    assert browser.get(page + "members/aguas/expel").status_code == 404
    assert browser.post(page + "members/banco/expel").status_code == 404


def test_a_steward_lets_in_nobody_who_is_out_of_his_sight(browser, us):
    invited = factories.organisation(slug="invited", granted="", reads_up_to=NOTHING)
    circle = factories.circle(us.organisation)

    answers = [
        browser.post(f"/circles/{circle.slug}/", {"organisation": slug})
        for slug in ("invited", "unknown")
    ]

    assert [each.status_code for each in answers] == [422, 422]
    assert invited not in queries.members_of(circle, reader=us.reader)


def test_an_analyst_of_the_steward_lets_nobody_in(us):
    circle = factories.circle(us.organisation)
    factories.organisation(slug="aguas")
    weak = signed_in(Actor(us.organisation, person=factories.person(us.organisation)), "en")

    assert "Let in" not in words(weak.get(f"/circles/{circle.slug}/"))
    answer = weak.post(f"/circles/{circle.slug}/", {"organisation": "aguas"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/members/", "/people/", "/circles/", "/organisation/",
                                  "/members/banco/", "/people/invite"])  # fmt: skip
def test_the_pages_speak_both_languages(us, path):
    said = [words(signed_in(us, language).get(path)) for language in ("es", "en")]

    assert said[0] != said[1]
    assert "Miembros" in said[0]
    assert "Members" not in said[0]
