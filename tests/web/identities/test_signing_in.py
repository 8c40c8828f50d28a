"""Signing in at the identity provider of one's organisation."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from minga.core.problems import Conflict, NotFound
from minga.features.membership import services
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Identity
from minga.web import identities, openid, throttle
from minga.web.openid import Proof
from tests import factories
from tests.openid import CLIENT, SECRET, asked_of
from tests.web.identities.arriving import come_back, is_signed_in

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = int(time.time())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sign_in(client, person):
    link = credentials.create_link(person, may_be_reused=True)
    assert client.get(f"/sign-in/{link}/").status_code == 303


def test_who_connected_himself_signs_in_at_his_organisation(client, elsewhere, provider, ana):
    answer = come_back(client, elsewhere, provider)

    assert answer.status_code == 303
    assert is_signed_in(client)


@pytest.mark.parametrize("methods", [None, ["pwd"], "mfa"])
def test_one_factor_there_is_one_factor_here(client, elsewhere, provider, ana, methods):
    elsewhere.claims = {"amr": methods}

    answer = come_back(client, elsewhere, provider)

    assert answer["Location"] == reverse("enrol")
    assert not is_signed_in(client)


def test_staff_of_the_hub_bring_a_passkey_whatever_their_provider_says(client, elsewhere):
    administrator = factories.person(factories.hub(), role="administrator")
    by = Actor(administrator.organisation, person=administrator)
    provider = services.set_provider(
        by.organisation, by=by, issuer=elsewhere.issuer, client_id=CLIENT, secret=SECRET
    )
    proof = Proof(provider.issuer, elsewhere.subject, has_two_factors=True)
    identities.connect(proof, by=by, provider=provider)

    answer = come_back(client, elsewhere, provider)

    assert answer["Location"] == reverse("enrol")
    assert not is_signed_in(client)


def test_a_browser_offers_the_provider_by_which_somebody_came_in(client, elsewhere, provider, ana):
    way_in = reverse("sign-in-with", args=[provider.uuid])
    before = client.get(reverse("sign-in")).content.decode()
    come_back(client, elsewhere, provider)
    client.post(reverse("sign-out"))

    assert way_in not in before
    assert way_in in client.get(reverse("sign-in")).content.decode()


def test_what_a_browser_keeps_of_a_provider_may_be_anything(client):
    for kept in ("x", "8e2e3f50-6f4c-4b4a-9f44-0d2b8c0f7a11", "0" * 4_000):
        client.cookies["provider"] = kept
        assert client.get(reverse("sign-in")).status_code == 200


def test_a_failure_is_in_the_hubs_journal(client, elsewhere, provider):
    factories.hub()

    come_back(client, elsewhere, provider)

    entry = Entry.objects.get(action="sign-in-failed")
    assert entry.details["way"] == "provider"
    assert entry.organisation.is_hub


def test_a_stranger_fills_no_journal_and_calls_no_provider_for_ever(client, elsewhere, provider):
    """Neither needs a key or a person: only the address to which a provider sends its answers."""
    factories.hub()
    for _ in range(throttle.OF_PROVIDERS.tries):
        client.get(reverse("sign-in-answered"), {"state": "x", "code": "x"})
    written = Entry.objects.filter(action="sign-in-failed").count()

    answer = client.get(reverse("sign-in-answered"), {"state": "x", "code": "x"})

    assert answer.status_code == 429
    assert Entry.objects.filter(action="sign-in-failed").count() == written
    asked = come_back(client, elsewhere, provider)
    assert (asked.status_code, len(elsewhere.codes)) == (429, 1)


def test_an_address_that_the_provider_tells_finds_nobody(client, elsewhere, provider):
    person = factories.person(provider.organisation)
    elsewhere.claims = {"email": person.email, "email_verified": True}

    answer = come_back(client, elsewhere, provider)

    assert answer.status_code == 403
    assert not is_signed_in(client)


FALSE_TOKENS = {
    "of another issuer": {"iss": "https://other.example"},
    "for another client": {"aud": "somebody else"},
    "for several clients without saying whose": {"aud": [CLIENT, "another"]},
    "given to another client": {"azp": "another"},
    "that has ended": {"exp": MOMENT - 3_600, "iat": MOMENT - 7_200},
    "of the future": {"iat": MOMENT + 3_600, "exp": MOMENT + 7_200},
    "without end": {"exp": None},
    "without issuer": {"iss": None},
    "without audience": {"aud": None},
    "of another question": {"nonce": "another"},
    "without nonce": {"nonce": None},
    "without subject": {"sub": None},
    "of an empty subject": {"sub": ""},
    "of a blank subject": {"sub": "  "},
    "of a NUL subject": {"sub": "ana-7\0"},
    "of a number": {"sub": 7},
    "of a list": {"sub": ["ana-7"]},
    "of a long subject": {"sub": "x" * 256},
    "of nearly the subject": {"sub": "ANA-7"},
    "of the subject with a blank": {"sub": "ana-7 "},
    "of a look-alike subject": {"sub": "аna-7"},
    "of who was asked days ago": {"auth_time": MOMENT - 3 * 24 * 3_600},
    "of who will be asked": {"auth_time": MOMENT + 3_600},
    "of who was asked at no time": {"auth_time": "now"},
    "of who was asked at a truth": {"auth_time": True},
}


@pytest.mark.parametrize("claims", FALSE_TOKENS.values(), ids=FALSE_TOKENS)
def test_a_token_that_does_not_hold_signs_nobody_in(client, elsewhere, provider, ana, claims):
    elsewhere.claims = claims

    answer = come_back(client, elsewhere, provider)

    assert answer.status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [
        (None, "none", "one"),
        (STRANGER, "RS256", "one"),
        (None, "RS256", "two"),
        (b"a" * 64, "HS256", "one"),
    ],
)
def test_a_token_signed_otherwise_signs_nobody_in(
    client, elsewhere, provider, ana, key, algorithm, kid
):
    sign = elsewhere.sign
    elsewhere.sign = lambda asked: sign(asked, key=key, algorithm=algorithm, kid=kid)

    answer = come_back(client, elsewhere, provider)

    assert answer.status_code == 403
    assert not is_signed_in(client)


def test_the_providers_public_key_is_no_secret_to_sign_with(client, elsewhere, provider, ana):
    """The old confusion: an HMAC whose key everybody knows."""
    published = RSAAlgorithm.to_jwk(elsewhere.key.public_key()).encode()
    sign = elsewhere.sign
    elsewhere.sign = lambda asked: sign(asked, key=published, algorithm="HS256")

    assert come_back(client, elsewhere, provider).status_code == 403


@pytest.mark.parametrize("keys", [[], [{"kty": "oct", "k": "AAAA", "kid": "one"}], [{"kty": "?"}]])
def test_a_provider_without_a_fitting_key_signs_nobody_in(client, elsewhere, provider, ana, keys):
    elsewhere.faults = {"keys": keys}

    assert come_back(client, elsewhere, provider).status_code == 403


@pytest.mark.parametrize("token", ["", "a.b", "....", "x" * 30_000, "e30.e30."])
def test_what_is_no_token_signs_nobody_in(client, elsewhere, provider, ana, token):
    elsewhere.faults = {"token": token or "."}

    assert come_back(client, elsewhere, provider).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"state": ""}, {"state": "another"}, {"iss": "https://other.example"}, {"code": ""},
        {"code": "stolen"}, {"error": "access_denied"},
    ],
)  # fmt: skip
def test_an_answer_that_was_changed_on_its_way_signs_nobody_in(
    client, elsewhere, provider, ana, changes
):
    answer = come_back(client, elsewhere, provider, **changes)

    assert answer.status_code == 403
    assert not is_signed_in(client)


def test_an_answer_in_a_browser_that_asked_nothing_signs_nobody_in(
    client, elsewhere, provider, ana
):
    asked = client.post(reverse("sign-in-with", args=[provider.uuid]))
    client.cookies.clear()

    answer = client.get(
        reverse("sign-in-answered"), asked_of(elsewhere.way_back(asked_of(asked["Location"])))
    )

    assert answer.status_code == 403


def test_an_answer_holds_once(client, elsewhere, provider, ana):
    asked = client.post(reverse("sign-in-with", args=[provider.uuid]))
    back = asked_of(elsewhere.way_back(asked_of(asked["Location"])))
    question = client.cookies["openid"].value
    client.get(reverse("sign-in-answered"), back)
    client.post(reverse("sign-out"))
    client.cookies["openid"] = question

    assert client.get(reverse("sign-in-answered"), back).status_code == 403


def test_an_unknown_provider_is_not_found(client):
    unknown = "8e2e3f50-6f4c-4b4a-9f44-0d2b8c0f7a11"

    assert client.get(reverse("sign-in-with", args=[unknown])).status_code == 404
    assert client.post(reverse("sign-in-with", args=[unknown])).status_code == 404


def test_the_door_of_an_organisation_that_left_is_gone(client, elsewhere, provider, ana):
    asked = client.post(reverse("sign-in-with", args=[provider.uuid]))
    services.leave_organisation(provider.organisation.slug, by=Actor(factories.hub()))
    back = asked_of(elsewhere.way_back(asked_of(asked["Location"])))

    assert client.get(reverse("sign-in-answered"), back).status_code == 404
    assert client.get(reverse("sign-in-with", args=[provider.uuid])).status_code == 404


def test_who_was_closed_out_comes_in_no_more(client, elsewhere, provider, ana, counterpart):
    services.deactivate_person(ana.email, by=counterpart)

    assert come_back(client, elsewhere, provider).status_code == 403


def test_the_same_account_at_two_organisations_is_only_the_one_who_connected(
    client, elsewhere, provider, ana
):
    other = factories.member(role="counterpart")
    theirs = services.set_provider(
        other.organisation, by=other, issuer=elsewhere.issuer, client_id=CLIENT, secret=SECRET
    )

    assert come_back(client, elsewhere, theirs).status_code == 403


def test_a_person_connects_on_his_own_page(client, elsewhere, provider):
    person = factories.person(provider.organisation)
    sign_in(client, person)

    asked = client.post(reverse("identity-connect"))
    back = asked_of(elsewhere.way_back(asked_of(asked["Location"])))
    answer = client.get(reverse("sign-in-answered"), back)

    assert answer.status_code == 303
    assert Identity.objects.get(person=person).subject == "ana-7"
    assert "ana-7" in client.get(reverse("identity")).content.decode()


def test_nobody_is_connected_by_an_answer_to_another_persons_question(client, elsewhere, provider):
    person, another = (factories.person(provider.organisation) for _ in range(2))
    sign_in(client, person)
    asked = client.post(reverse("identity-connect"))
    sign_in(client, another)

    back = asked_of(elsewhere.way_back(asked_of(asked["Location"])))
    answer = client.get(reverse("sign-in-answered"), back)

    assert answer.status_code == 403
    assert not Identity.objects.exists()


def test_an_account_that_is_somebody_elses_is_not_taken(provider, ana):
    another = factories.person(provider.organisation)
    proof = Proof(provider.issuer, "ana-7", has_two_factors=True)

    with pytest.raises(Conflict):
        identities.connect(proof, by=Actor(another.organisation, person=another), provider=provider)

    assert Identity.objects.get(subject="ana-7").person == ana


def test_who_disconnects_comes_in_no_more(client, elsewhere, provider, ana):
    sign_in(client, ana)
    client.post(reverse("identity-disconnect"))
    client.post(reverse("sign-out"))

    assert come_back(client, elsewhere, provider).status_code == 403


def test_a_token_says_whether_two_factors_were_shown(elsewhere, provider):
    for said, expected in [(None, False), (["pwd"], False), (["pwd", "mfa"], True), ("mfa", False)]:
        question = openid.Question.fresh()
        elsewhere.claims = {"amr": said}
        url = openid.asking_url(provider, question, redirect_uri="https://a/", language="es")
        code = asked_of(elsewhere.way_back(asked_of(url)))["code"]

        proof = openid.proof_of(provider, SECRET, question, code=code, redirect_uri="https://a/")

        assert proof.has_two_factors is expected


def test_no_token_that_pyjwt_would_take_unsigned_is_asked_for():
    assert not {"none", "HS256", "HS384", "HS512"} & set(openid.SUITES)
    assert set(openid.SUITES) <= set(jwt.algorithms.get_default_algorithms())


def test_ending_the_provider_ends_the_sessions_of_those_who_came_by_it(
    client, elsewhere, provider, ana, counterpart
):
    come_back(client, elsewhere, provider)
    services.end_provider(provider.organisation, by=counterpart)

    assert not is_signed_in(client)
    with pytest.raises(NotFound):
        services.end_provider(provider.organisation, by=counterpart)
