"""Who may call: keys in three spellings, and people with a session and its token."""

import base64

import pytest
from django.test import Client

from minga.faces.api.api import api
from tests import factories, signing_in
from tests.faces.api.conversation import ROOT, Caller, draft

PATHS = ["whoami", "contributions", "contributions.csv", "objects", "lookup?q=a.example", "nowhere"]


def basic(secret):
    return "Basic " + base64.b64encode(f"anybody:{secret}".encode()).decode()


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "Token {}", "basic"])
def test_a_key_opens_the_door_in_every_spelling(hub, spelling):
    actor, secret = factories.key_of()
    header = basic(secret) if spelling == "basic" else spelling.format(secret)
    answer = Client().get(f"{ROOT}whoami", headers={"authorization": header})
    assert answer.json()["organisation"]["slug"] == actor.organisation.slug


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_without_a_valid_key_every_address_gives_the_same_bytes(hub, method):
    wrong = ["", "Bearer x", "Bearer minga_" + "a" * 67, "Basic %%%", "Basic", "Digest x", "\x7f"]
    answers = {
        (response.status_code, response.content, response["WWW-Authenticate"])
        for path in PATHS
        for header in wrong
        for response in [getattr(Client(), method)(ROOT + path, headers={"authorization": header})]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_a_wrong_key_is_not_saved_by_a_session(hub):
    client = signed_in(factories.person())
    assert client.get(f"{ROOT}whoami").status_code == 200
    answer = client.get(f"{ROOT}whoami", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_a_signed_in_person_reads_with_his_session(hub):
    person = factories.person()
    me = signed_in(person).get(f"{ROOT}whoami").json()
    assert me["person"]["email"] == person.email
    assert me["powers"] == ["share"]


def test_a_session_changes_something_only_with_its_token_from_a_page_of_ours(hub):
    client = signed_in(factories.person(), checks=True)
    assert share(client).status_code == 403
    token = token_of(client)
    assert share(client, **{"x-csrftoken": "a" * 64}).status_code == 403
    elsewhere = {"x-csrftoken": token, "sec-fetch-site": "cross-site"}
    assert share(client, **elsewhere).status_code == 403
    assert share(client, **{"x-csrftoken": token}).status_code == 201


def test_a_key_needs_no_token(hub):
    _, secret = factories.key_of()
    client = Client(enforce_csrf_checks=True)
    assert share(client, authorization=f"Bearer {secret}").status_code == 201


def test_a_form_that_a_browser_could_send_from_anywhere_is_not_read(hub):
    client = signed_in(factories.person(), checks=True)
    answer = client.post(f"{ROOT}contributions", {"title": "x"})
    assert answer.status_code == 415


def test_a_key_that_may_not_share_reads_and_nothing_else(two):
    assert two.reading.get("contributions").status_code == 200
    refused = two.reading.post("contributions", draft())
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:minga:problem:forbidden")


def test_every_address_asks_who_calls(two):
    """Also those that somebody adds tomorrow."""
    for path in api.get_openapi_schema(path_prefix="")["paths"]:
        address = path.replace("{uuid}", "0" * 8 + "-0000-4000-8000-" + "0" * 12)
        address = address.replace("{stix_id}", "x").replace("{kind}", "domain")
        answer = Caller().get(address.lstrip("/"))
        assert answer.status_code == 401, path


def signed_in(person, *, checks=False):
    return signing_in.signed_in(person, enforce_csrf_checks=checks)


def token_of(client):
    """The token that a page with a form would carry."""
    return str(client.get("/share/").context["csrf_token"])


def share(client, **headers):
    return client.post(
        f"{ROOT}contributions", draft(), content_type="application/json", headers=headers
    )
