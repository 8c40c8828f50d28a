"""Showing again who one is, before what reaches far."""

import html
import re

import pytest
from django import forms
from django.apps import apps
from django.test import Client
from django.urls import reverse
from pysequoia import Tsk

from minga.features.membership import services
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Person
from minga.web.doors import Fresh
from minga.web.fresh import SECRETS
from tests import factories
from tests.architecture.addresses import addresses
from tests.signing_in import signed_in
from tests.web.arriving import age, code_of, with_app, with_passkey

pytestmark = pytest.mark.django_db
REACHES_FAR = {
    "/keys/new", "/people/invite", "/people/<uuid:person>/link", "/people/<uuid:person>/close",
    "/people/<uuid:person>/factors", "/agreement/sign", "/agreement/leave", "/journal.csv",
    "/journal.jsonl", "/alerts/<uuid:uuid>/audience", "/me/passkeys/new", "/me/passkeys/options",
    "/me/passkeys/<uuid:passkey>/remove", "/me/app/new", "/me/app/remove", "/me/recovery-codes",
    "/me/password", "/agreement/clauses/<int:number>/withdraw", "/members/<slug:slug>/invite",
    "/circles/<slug:slug>/joining", "/circles/<slug:slug>/members/<slug:member>/expel",
    "/organisation/pgp/<slug:fingerprint>/remove",
}  # fmt: skip
ASKS_TO_CHANGE = {
    "/people/<uuid:person>/", "/organisation/", "/organisation/contacts", "/organisation/pgp",
    "/circles/<slug:slug>/",
}  # fmt: skip
NEW_KEY = {"name": 'SIEM "<b>"\ndos', "doors": ["api", "taxii"], "ceiling": "2", "days": "30"}


@pytest.fixture
def ana():
    return factories.person(role="counterpart", name="Ana Soto")


@pytest.fixture
def late(ana):
    """Ana's browser, sixteen minutes after she signed in, and her app's secret."""
    secret, _ = with_app(ana)
    client = signed_in(ana)
    client.cookies["language"] = "en"
    age(client)
    return client, secret


def typed_along(answer):
    """What the page that asks would send again."""
    found = re.findall(
        r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', answer.content.decode(), re.S
    )
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


def test_what_reaches_far_asks_for_a_fresh_proof():
    marked = {each.route for each in addresses() if each.fresh is Fresh.ALWAYS}

    assert marked >= REACHES_FAR
    asking = {each.route for each in addresses() if each.fresh is Fresh.TO_CHANGE}
    assert asking >= ASKS_TO_CHANGE


def test_a_page_asks_first_and_leads_on_once_it_is_shown(late):
    client, secret = late

    asked = client.get("/keys/new")
    assert asked.status_code == 403
    assert "Is it you?" in asked.content.decode()
    goes_to = re.search(r'action="(/me/confirm[^"]+)"', asked.content.decode())[1]
    shown = client.post(html.unescape(goes_to), {"proof_code": code_of(secret)})

    assert (shown.status_code, shown["Location"]) == (303, "/keys/new")
    assert client.get("/keys/new").status_code == 200
    assert Entry.objects.filter(action="identity-confirmed").count() == 1


def test_a_form_past_the_time_is_kept_and_done_with_the_proof(late):
    client, secret = late

    asked = client.post("/keys/new", NEW_KEY)
    assert asked.status_code == 403
    assert not Key.objects.exists()
    again = typed_along(asked)
    assert sorted(again) == sorted(
        [("name", NEW_KEY["name"]), ("doors", "api"), ("doors", "taxii"), ("ceiling", "2"),
         ("days", "30")]
    )  # fmt: skip
    body = {"name": "SIEM", "doors": ["api", "taxii"], "ceiling": "2", "days": "30"}
    done = client.post("/keys/new", body | {"proof_code": code_of(secret)})

    assert done.status_code == 200
    assert Key.objects.get().name == "SIEM"


def test_a_wrong_proof_does_nothing_and_keeps_what_was_typed(late):
    client, _ = late

    wrong = client.post("/keys/new", NEW_KEY | {"proof_code": "000000"})

    assert wrong.status_code == 422
    assert ("ceiling", "2") in typed_along(wrong)
    assert not Key.objects.exists()
    entry = Entry.objects.get(action="confirmation-failed")
    assert entry.person is None


def test_no_password_comes_along(late, ana):
    client, _ = late

    asked = client.post("/me/password", {"new": "una frase larga", "again": "una frase larga"})

    assert asked.status_code == 403
    assert "una frase larga" not in asked.content.decode()


def test_every_field_for_a_secret_has_a_name_that_is_never_repeated():
    from minga.features.membership import forms as of_membership
    from minga.web import forms as of_web

    secret = {
        name
        for module in (of_membership, of_web)
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    assert secret <= SECRETS
    assert secret
    assert apps.ready


def test_the_session_has_a_new_key_after_it_and_the_old_cookie_is_dead(late):
    client, secret = late
    before = client.cookies["minga"].value

    client.post("/me/confirm?next=/alerts/", {"proof_code": code_of(secret)})

    thief = Client()
    thief.cookies["minga"] = before
    assert client.get("/me/").status_code == 200
    assert thief.get("/me/").status_code == 303


def test_a_proof_is_fresh_for_fifteen_minutes_and_no_longer(ana):
    with_app(ana)
    client = signed_in(ana)

    age(client, seconds=14 * 60)
    assert client.get("/keys/new").status_code == 200
    age(client, seconds=2 * 60)
    assert client.get("/keys/new").status_code == 403


def test_a_proof_from_the_future_is_none(ana):
    with_app(ana)
    client = signed_in(ana)
    age(client, seconds=-3600)

    assert client.get("/keys/new").status_code == 403


def test_staff_of_the_hub_show_it_by_passkey_alone():
    person = factories.person(factories.hub(), role="administrator")
    device = with_passkey(person)
    secret, recovery = with_app(person)
    client = signed_in(person)
    age(client)

    for typed in ({"proof_code": code_of(secret)}, {"proof_recovery": recovery[0]}):
        assert client.post("/me/confirm", typed).status_code == 422
    assert client.post("/me/confirm", {"proof_passkey": device.sign(client)}).status_code == 303


def test_a_page_that_everybody_reads_asks_only_before_it_changes_something(late, ana):
    client, secret = late
    other = factories.person(ana.organisation)
    page = f"/people/{other.uuid}/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"role": "reader"}).status_code == 403
    assert Person.objects.get(pk=other.pk).role == "analyst"
    assert client.post(page, {"role": "reader", "proof_code": code_of(secret)}).status_code == 303
    assert Person.objects.get(pk=other.pk).role == "reader"


def test_who_finds_an_open_browser_changes_neither_contacts_nor_keys_nor_circles(late, ana):
    client, _ = late
    home, other = ana.organisation, factories.organisation()
    circle = factories.circle(home, other)
    by = Actor(home, person=ana)
    key = services.add_pgp_key(home.slug, str(Tsk.generate("Ana").extract_certificate()), by=by)

    for path, typed in {
        "/organisation/": {"security_email": "thief@example.com"},
        "/organisation/contacts": {"counterpart_name": "Thief"},
        "/organisation/pgp": {"key": str(Tsk.generate("Thief").extract_certificate())},
        f"/organisation/pgp/{key.fingerprint}/remove": {},
        f"/circles/{circle.slug}/": {"organisation": factories.organisation().slug},
        f"/circles/{circle.slug}/members/{other.slug}/expel": {},
    }.items():
        asked = client.post(path, typed)
        assert (asked.status_code, "Is it you?" in asked.content.decode()) == (403, True), path

    home.refresh_from_db()
    assert "thief" not in home.security_email
    assert list(home.pgp_keys.all()) == [key]
    assert {each.organisation for each in circle.seats.all()} == {home, other}
    assert client.get("/organisation/").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"accept": "application/json"}, {"hx-request": "true"}, {"accept": "text/csv"},
                {"x-requested-with": "XMLHttpRequest"}, {"content-type": "text/plain"}],
)  # fmt: skip
def test_no_other_way_of_asking_goes_around_it(late, headers):
    client, _ = late

    answer = client.post("/keys/new", NEW_KEY, headers=headers)
    exported = client.get("/journal.csv", headers=headers)

    assert not Key.objects.exists()
    assert answer.status_code in {403, 200}
    assert answer.get("HX-Redirect", reverse("confirm")).startswith(reverse("confirm"))
    assert exported.status_code == 403 or "HX-Redirect" in exported


def test_a_session_at_the_api_widens_nothing_without_it(late):
    client, _ = late
    body = '{"audience": {"tlp": "TLP:GREEN", "everyone": true}}'
    path = "/api/v1/contributions/00000000-0000-4000-8000-000000000001/widen"

    answer = client.post(path, body, content_type="application/json")

    assert answer.status_code == 403
    assert "/me/confirm" in answer.json()["detail"]
