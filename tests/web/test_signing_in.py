"""The door: links, passwords, and leaving."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.models import Person, Session, SignInLink
from minga.web import passwords, sessions, throttle
from tests import factories
from tests.signing_in import enter
from tests.web.setting_up import QuickArgon2

PASSWORD = "el mar del norte es frío"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    person = factories.person(name="Ana Soto", email="ana@banco.example")
    person.set_password(PASSWORD)
    person.save()
    return person


def link_of(person, **options):
    return reverse("sign-in-by-link", args=[credentials.create_link(person, **options)])


def sign_in(client, email="ana@banco.example", password=PASSWORD, **more):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def is_inside(client):
    return client.get("/me/").status_code == 200


def is_arriving(client):
    """Whether a half session has begun: it opens the page on which a factor is set up."""
    return client.get("/sign-in/enrol").status_code == 200 and not is_inside(client)


def test_opening_a_one_time_link_shows_a_button_and_uses_nothing_up(client):
    link = link_of(factories.person(name="Ana Soto"))

    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Ana Soto" in page.content.decode()
    assert client.head(link).status_code == 200

    assert SignInLink.objects.get().used_at is None
    assert not Session.objects.exists()
    assert not is_inside(client)


def test_the_button_of_a_one_time_link_lets_arrive_once(client):
    link = link_of(factories.person())

    assert client.post(link)["Location"] == "/sign-in/enrol"
    assert is_arriving(client)
    assert Client().post(link).status_code == 410
    assert Client().get(link).status_code == 410


def test_a_link_of_the_demo_signs_in_by_being_opened_and_as_often_as_one_likes():
    link = link_of(factories.person(), may_be_reused=True)

    for client in (Client(), Client()):
        assert client.get(link).status_code == 303
        assert is_inside(client)


def test_a_link_of_the_demo_is_not_followed_by_looking_at_its_head(client):
    client.head(link_of(factories.person(), may_be_reused=True))

    assert not is_inside(client)


@pytest.mark.parametrize("token", ["nonsense", "A" * 43, "ñ", "%00"])
def test_a_link_that_nobody_made_is_gone(client, token):
    assert client.get(f"/sign-in/{token}/").status_code == 410
    assert client.post(f"/sign-in/{token}/").status_code == 410


def test_an_old_link_is_gone(client):
    link = link_of(factories.person(), lasts=timedelta(seconds=-1))

    assert client.get(link).status_code == 410


def test_a_password_lets_arrive_and_is_kept_by_argon2(client, ana):
    assert ana.password.startswith("argon2")
    assert sign_in(client).status_code == 303
    assert is_arriving(client)


@pytest.mark.parametrize("spelling", ["ANA@Banco.example", "  ana@banco.example "])
def test_the_case_of_an_address_and_blanks_around_it_do_not_matter(client, ana, spelling):
    assert sign_in(client, email=spelling).status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, ana):
    wrong = sign_in(client, password="something else entirely")
    unknown = sign_in(client, email="eva@banco.example", password="something else entirely")

    assert wrong.status_code == unknown.status_code == 422
    assert without_token(wrong).replace("ana@", "eva@") == without_token(unknown)


def test_somebody_without_a_password_cannot_be_signed_in_with_an_empty_one(client):
    factories.person(email="sin@banco.example")

    for password in ("", " ", "!", "\x00"):
        assert sign_in(client, email="sin@banco.example", password=password).status_code == 422


class Counted(QuickArgon2):
    """Counts how often it works."""

    worked = 0

    def encode(self, *said):
        Counted.worked += 1
        return super().encode(*said)

    def verify(self, *said):
        Counted.worked += 1
        return super().verify(*said)


@pytest.fixture
def beside(ana):
    """An account under Ana's address at another organisation."""
    person = factories.person(name="Ana, allá", email=ana.email)
    person.set_password("el mar del sur es tibio")
    person.save()
    return person


def test_who_has_an_account_at_two_organisations_enters_each_by_its_password(client, ana, beside):
    for person, password in ((ana, PASSWORD), (beside, "el mar del sur es tibio")):
        assert sign_in(client, password=password).status_code == 303
        assert person.name in client.get("/sign-in/enrol").content.decode()


def test_no_account_elsewhere_makes_a_password_take_longer(client, settings):
    """Nor does one here: whoever tries sees the same work for any address."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    work = set()
    for accounts in range(4):
        for password in (PASSWORD, "something else entirely"):
            Counted.worked = 0
            sign_in(client, email=f"ana{accounts}@banco.example", password=password)
            work.add(Counted.worked)
        person = factories.person(email=f"ana{accounts + 1}@banco.example")
        for _ in range(accounts):
            factories.person(email=person.email)
        for each in Person.objects.filter(email=person.email):
            each.set_password(PASSWORD)
            each.save()

    assert work == {passwords.TOGETHER}


def test_a_person_switched_off_or_of_an_organisation_that_left_stays_outside(client, ana):
    ana.organisation.left_at = ana.created_at
    ana.organisation.save()
    assert sign_in(client).status_code == 422

    ana.organisation.left_at = None
    ana.organisation.save()
    ana.is_active = False
    ana.save()
    assert sign_in(client).status_code == 422


def test_after_too_many_tries_even_the_right_password_waits_whatever_the_spelling(client, ana):
    spellings = ["ana@banco.example", "ANA@banco.example", " Ana@Banco.example"]
    for number in range(throttle.OF_ACCOUNT_AND_SOURCE.tries):
        assert sign_in(client, email=spellings[number % 3], password="x" * 20).status_code == 422

    assert sign_in(client).status_code == 429
    assert not is_inside(client)


def test_an_unknown_address_is_throttled_like_a_known_one(client, ana):
    def answers(email):
        return [
            sign_in(client, email=email, password="x" * 20).status_code
            for _ in range(throttle.OF_ACCOUNT_AND_SOURCE.tries + 1)
        ]

    assert answers("ana@banco.example") == answers("eva@banco.example")


def test_guessing_from_elsewhere_does_not_close_the_account_to_its_owner(client, ana):
    for _ in range(throttle.OF_ACCOUNT_AND_SOURCE.tries + 3):
        Client(REMOTE_ADDR="203.0.113.9").post(
            "/sign-in/", {"email": ana.email, "password": "x" * 20}
        )

    assert sign_in(client).status_code == 303


def test_one_source_cannot_try_a_password_on_everybody(client, ana):
    for number in range(throttle.OF_SOURCE.tries):
        throttle.take_a_try(f"person{number}@banco.example", source="127.0.0.1")

    assert sign_in(client).status_code == 429


def test_guessing_from_many_places_closes_the_password_but_not_the_link(client, ana):
    for number in range(throttle.OF_ACCOUNT.tries):
        throttle.take_a_try(ana.email, source=f"203.0.113.{number}")

    assert sign_in(client).status_code == 429
    assert client.post(link_of(ana)).status_code == 303


def test_trying_other_names_pushes_no_count_out(ana):
    for _ in range(throttle.OF_ACCOUNT_AND_SOURCE.tries):
        throttle.take_a_try(ana.email, source="203.0.113.9")
    for number in range(200):
        throttle.take_a_try(f"person{number}@banco.example", source=f"198.51.100.{number % 250}")

    assert throttle.forget_old() == 0
    assert not throttle.take_a_try(ana.email, source="203.0.113.9")


def test_a_right_password_forgets_the_wrong_ones_before_it(client, ana):
    for _ in range(3):
        for _ in range(throttle.OF_ACCOUNT_AND_SOURCE.tries - 1):
            sign_in(client, password="x" * 20)
        assert sign_in(Client()).status_code == 303


@pytest.mark.parametrize(
    ("wish", "way"),
    [
        ("/me/", "/me/"),
        ("/me/?tab=1", "/me/?tab=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("\\/evil.example", "/"),
        ("/%0d%0aSet-Cookie:x", "/"),
        ("/me/\r\nX: y", "/"),
        ("javascript:alert(1)", "/"),
        ("/nothing-here/", "/"),
        ("me/", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_this_hub(client, ana, wish, way):
    sign_in(client, next=wish)
    assert sessions.arrival_of(client.post("/preferences/").wsgi_request).following == way


def test_a_members_page_asks_to_sign_in_and_comes_back(client, ana):
    door = client.get("/me/?a=b")

    assert (door.status_code, door["Location"]) == (303, "/sign-in/?next=%2Fme%2F%3Fa%3Db")
    page = client.get(door["Location"]).content.decode()
    assert 'value="/me/?a=b"' in page


def test_leaving_ends_the_session_at_the_server(client, ana):
    enter(client, ana)
    stolen = client.cookies["minga"].value

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    thief = Client()
    thief.cookies["minga"] = stolen
    assert not is_inside(thief)


def test_a_new_session_gets_a_new_key(client, ana):
    client.cookies["minga"] = "chosenbyanattackerchosenbyanatta"
    sign_in(client)

    assert client.cookies["minga"].value != "chosenbyanattackerchosenbyanatta"


@pytest.mark.parametrize("change", ["role", "organisation", "left", "off", "password"])
def test_a_session_ends_as_soon_as_what_it_stands_for_changes(client, ana, change):
    enter(client, ana)
    assert is_inside(client)

    if change == "role":
        ana.role = "reader"
    elif change == "organisation":
        ana.organisation = factories.organisation()
    elif change == "left":
        ana.organisation.left_at = ana.created_at
        ana.organisation.save()
    elif change == "off":
        ana.is_active = False
    else:
        ana.set_password("otra frase bastante larga")
    ana.save()

    assert not is_inside(client)


def test_signing_in_is_in_the_journal(client, ana):
    enter(client, ana)

    entry = Entry.objects.get()
    assert (entry.action, entry.person, entry.details) == ("signed-in", ana, {"way": "passkey"})


def test_choosing_a_password_needs_fifteen_characters_twice_and_the_old_one(client):
    person = factories.person(email="nueva@banco.example")
    enter(client, person)

    def choose(**typed):
        return client.post("/me/password", typed).status_code

    assert choose(new="corta", again="corta") == 422
    assert choose(new=PASSWORD, again=PASSWORD + "x") == 422
    assert choose(new=PASSWORD, again=PASSWORD) == 303
    assert is_inside(client)
    assert choose(new="otra frase bastante larga", again="otra frase bastante larga") == 422
    assert sign_in(Client(), email="nueva@banco.example").status_code == 303


def test_the_door_speaks_the_persons_own_language_from_then_on(client):
    person = factories.person(language="en")
    client.post(link_of(person))
    enter(client, person)

    assert "Your account" in client.get("/me/").content.decode()


def test_a_post_without_its_token_is_refused(ana):
    careful = Client(enforce_csrf_checks=True)

    assert sign_in(careful).status_code == 403
    assert careful.post("/preferences/", {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_that_another_site_made_the_browser_send_is_refused(client, ana, site):
    answer = client.post(
        "/sign-in/",
        {"email": ana.email, "password": PASSWORD},
        headers={"Sec-Fetch-Site": site},
    )

    assert answer.status_code == 403


def without_token(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
