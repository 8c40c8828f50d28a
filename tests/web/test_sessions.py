"""Sessions: half ones open nothing, full ones end when they must, and everybody sees his own."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from minga.features.membership import services
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.people.models import Session
from minga.web import browsers
from minga.web.doors import Entrance
from tests import factories
from tests.architecture.addresses import addresses
from tests.signing_in import signed_in
from tests.store.held_clock import HeldClock
from tests.web.arriving import arriving, is_inside, with_app, with_passkey

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"<(?:(\w+):)?(\w+)>")
UUID = "00000000-0000-4000-8000-000000000001"
FILLED = {"uuid": UUID, "uuidstr": UUID, "int": "1", "slug": "alfa"}


@pytest.fixture
def clock():
    """A clock that stands at the present until it is moved."""
    held = HeldClock()
    held.instant = world.now()
    before = world.replace(held)
    yield held
    world.replace(before)


def path_of(address):
    filled = NAMES.sub(lambda name: FILLED.get(name[1], "x"), address.route)
    return filled.replace("…", "nothing-here")


def half(client, *, stage):
    person = factories.person(role="counterpart")
    if stage == "second":
        with_app(person)
    return arriving(person, client=client)


@pytest.mark.parametrize("stage", ["enrol", "second"])
@pytest.mark.parametrize(
    "address",
    [a for a in addresses() if a.entrance not in {Entrance.ANYONE, Entrance.ARRIVING}],
    ids=lambda each: each.route,
)
def test_a_half_session_opens_no_door_but_those_of_arriving(address, stage, client):
    half(client, stage=stage)
    stranger = Client()

    for method in address.methods or ("GET", "POST"):
        answer = client.generic(method, path_of(address))
        as_nobody = stranger.generic(method, path_of(address))
        if address.entrance is Entrance.KEYS:
            assert answer.status_code == as_nobody.status_code
            assert answer.content == as_nobody.content
        else:
            assert (answer.status_code, answer.get("Location")) == (303, f"/sign-in/{stage}")


@pytest.mark.parametrize("stage", ["enrol", "second"])
def test_each_kind_of_half_session_opens_its_own_pages_alone(stage, client):
    half(client, stage=stage)
    other = {"enrol": "second", "second": "enrol"}[stage]

    assert client.get(f"/sign-in/{stage}").status_code == 200
    for path in {"second": ["enrol", "enrol/app"], "enrol": ["second"]}[stage]:
        assert client.get(f"/sign-in/{path}")["Location"] == f"/sign-in/{stage}", other
    if stage == "second":
        assert client.post("/sign-in/enrol/passkey/options").status_code == 403


@pytest.mark.parametrize("stage", ["enrol", "second"])
def test_a_half_session_lets_leave_and_change_the_language_and_shows_nobody(stage, client):
    half(client, stage=stage)

    assert client.post("/preferences/", {"language": "en"}).status_code == 303
    page = client.get(f"/sign-in/{stage}").content.decode()
    assert "Tu cuenta" not in page
    assert "Your account" not in page
    client.post("/sign-out/")
    assert client.get(f"/sign-in/{stage}")["Location"].startswith("/sign-in/?")


@pytest.mark.parametrize("change", ["role", "off", "left", "reset"])
def test_a_half_session_ends_when_what_it_stands_for_changes(change, client):
    person = factories.person()
    arriving(person, client=client)
    if change == "role":
        person.role = "reader"
    elif change == "off":
        person.is_active = False
    elif change == "left":
        person.organisation.left_at = person.created_at
        person.organisation.save()
    else:
        operator = Actor(factories.hub())
        services.reset_factors(person.email, by=operator)
        person.refresh_from_db()
    person.save()

    assert client.get("/sign-in/enrol")["Location"].startswith("/sign-in/?")


def test_a_session_ends_after_thirty_idle_minutes(clock):
    client = signed_in(factories.person())
    for _ in range(5):
        clock.move(minutes=29)
        assert is_inside(client)
    clock.move(minutes=31)
    assert not is_inside(client)


def test_a_session_ends_after_twelve_hours_however_busy_it_is(clock):
    client = signed_in(factories.person())
    for _ in range(35):
        clock.move(minutes=20)
        assert is_inside(client)
    clock.move(minutes=21)
    assert not is_inside(client)


def test_a_half_session_ends_after_thirty_minutes(clock):
    client = arriving(factories.person())
    clock.move(minutes=16)
    assert client.get("/sign-in/enrol").status_code == 200
    clock.move(minutes=15)
    assert client.get("/sign-in/enrol").status_code == 303


def test_being_seen_is_written_once_a_minute(clock):
    client = signed_in(factories.person())
    begun = Session.objects.get().seen_at
    clock.move(seconds=30)
    client.get("/me/")
    assert Session.objects.get().seen_at == begun
    clock.move(seconds=31)
    client.get("/me/")
    assert Session.objects.get().seen_at == world.now()


def test_everybody_sees_his_own_sessions_with_how_and_from_where():
    person = factories.person()
    client = signed_in(person, REMOTE_ADDR="192.0.2.9")
    signed_in(person)
    signed_in(factories.person(person.organisation))
    client.cookies["language"] = "en"

    page = client.get("/me/sessions/").content.decode()

    assert page.count("Firefox 128, Linux") == 2
    assert page.count("this one") == 1
    assert "127.0.0.1" in page
    assert "Passkey" in page


def test_one_session_is_ended_at_once_and_nobody_ends_anothers():
    person = factories.person()
    here, there = signed_in(person), signed_in(person)
    stranger = signed_in(factories.person(person.organisation))
    ids = re.findall(
        r"/me/sessions/([0-9a-f-]{36})/end", here.get("/me/sessions/").content.decode()
    )

    assert len(ids) == 1
    assert stranger.post(f"/me/sessions/{ids[0]}/end").status_code == 404
    assert is_inside(there)
    assert here.post(f"/me/sessions/{ids[0]}/end").status_code == 303
    assert not is_inside(there)
    assert is_inside(here)


def test_close_all_closes_this_one_too_and_those_that_are_arriving():
    person = factories.person()
    with_passkey(person)
    here, there, half = signed_in(person), signed_in(person), arriving(person)

    assert here.post("/me/sessions/end-all")["Location"] == "/sign-in/"

    assert not is_inside(here)
    assert not is_inside(there)
    assert half.get("/sign-in/second").status_code == 303


def test_a_new_password_closes_every_other_session_and_those_that_are_arriving():
    """Who knew the old one waits no longer at the second factor, and no row is left of him."""
    person = factories.person()
    with_passkey(person)
    here, there, half = signed_in(person), signed_in(person), arriving(person)
    new = "una frase bastante larga"

    assert here.post("/me/password", {"new": new, "again": new})["Location"] == "/me/"

    assert is_inside(here)
    assert not is_inside(there)
    assert half.get("/sign-in/second")["Location"].startswith("/sign-in/?")
    assert Session.objects.filter(person=person).count() == 1


def test_the_table_of_sessions_opens_none():
    client = signed_in(factories.person())
    row = Session.objects.get()
    thief = Client()

    assert client.cookies["minga"].value != row.session_key
    thief.cookies["minga"] = row.session_key
    assert not is_inside(thief)


def test_an_unknown_cookie_costs_no_row(client):
    client.cookies["minga"] = "a" * 32
    client.get("/sign-in/")
    client.get("/me/")

    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox 128, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
         "Edge 131, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari 18, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
         "Chrome 130, Android"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words(said, named):
    assert browsers.named(said) == named


@given(st.text(max_size=3_000))
def test_whatever_a_browser_says_its_name_is_short_and_plain(said):
    assert len(browsers.named(said)) <= 60
    assert re.fullmatch(r"[\w ,]*", browsers.named(said))


def test_rows_of_sessions_that_are_idle_are_swept():
    from minga.features.membership import jobs

    signed_in(factories.person())
    Session.objects.update(seen_at=world.now() - timedelta(minutes=31))

    assert jobs.sweep_links.call() == 1
