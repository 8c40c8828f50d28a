"""What a provider's word is worth where somebody has to show anew who he is."""

import time

import pytest
from django.urls import reverse

from minga.web import openid
from tests.openid import asked_of
from tests.web.arriving import age, code_of, with_app
from tests.web.identities.arriving import come_back, is_signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_finds_an_open_browser_does_not_come_by_a_fresh_proof_through_the_provider(
    client, elsewhere, provider, ana
):
    """The provider has a session there and asks nothing; far-reaching pages ask for his own."""
    secret, _ = with_app(ana)
    come_back(client, elsewhere, provider)
    assert is_signed_in(client)

    assert client.get(reverse("password")).status_code == 403
    assert client.post(reverse("password"), {"proof_code": code_of(secret)}).status_code != 403


def test_who_has_no_factor_of_his_own_is_believed_by_his_provider(client, elsewhere, provider, ana):
    come_back(client, elsewhere, provider)

    assert client.get(reverse("passkey-new")).status_code == 200


def test_who_has_no_factor_here_shows_anew_at_the_provider_who_he_is(
    client, elsewhere, provider, ana
):
    come_back(client, elsewhere, provider)
    age(client)

    asked = client.get(reverse("identity")).content.decode()
    way = f"{reverse('sign-in-with', args=[provider.uuid])}?anew=yes"
    assert way in asked
    assert 'name="anew"' in client.get(way).content.decode()

    come_back(client, elsewhere, provider, anew=True)
    assert client.get(reverse("identity")).status_code == 200


def test_a_provider_is_asked_when_and_to_ask_anew(client, elsewhere, provider):
    way = reverse("sign-in-with", args=[provider.uuid])

    plain = asked_of(client.post(way)["Location"])
    anew = asked_of(client.post(way, {"anew": "yes"})["Location"])

    assert (plain["max_age"], plain.get("prompt")) == ("43200", None)
    assert (anew["max_age"], anew["prompt"]) == ("900", "login")


@pytest.mark.parametrize("is_anew", [False, True])
def test_an_open_session_at_the_provider_is_no_fresh_proof(
    client, elsewhere, provider, ana, is_anew
):
    """Who finds an open browser takes out of the address what the hub asked for there."""
    elsewhere.claims = {"auth_time": int(time.time()) - 16 * 60 - 2 * openid.LEEWAY_SECONDS}

    answer = come_back(client, elsewhere, provider, anew=is_anew)

    assert answer.status_code == (403 if is_anew else 303)
    assert client.get(reverse("passkey-new")).status_code != 200


def test_a_proof_at_the_provider_grows_old_from_when_it_was_given(client, elsewhere, provider, ana):
    elsewhere.claims = {"auth_time": int(time.time()) - 13 * 60}
    come_back(client, elsewhere, provider)
    assert client.get(reverse("passkey-new")).status_code == 200

    age(client, seconds=3 * 60)

    assert client.get(reverse("passkey-new")).status_code == 403


def test_a_provider_that_does_not_say_when_lets_in_and_proves_nothing_anew(
    client, elsewhere, provider, ana
):
    elsewhere.claims = {"auth_time": None}

    come_back(client, elsewhere, provider)
    assert is_signed_in(client)
    assert client.get(reverse("passkey-new")).status_code == 403

    answer = come_back(client, elsewhere, provider, anew=True)
    assert answer.status_code == 403
    assert is_signed_in(client)
