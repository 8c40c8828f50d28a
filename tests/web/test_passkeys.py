"""Passkeys: set up, used, and lied about in every way."""

import re

import pytest
from django.test import Client

from minga.store.journal.models import Entry
from minga.store.people.models import Passkey, RecoveryCode
from tests import factories
from tests.web.arriving import arriving, is_inside, second, with_passkey
from tests.web.authenticator import PRESENT, Authenticator

pytestmark = pytest.mark.django_db


def test_a_link_and_a_passkey_set_up_by_it_lead_inside_with_ten_recovery_codes():
    person = factories.person()
    client = arriving(person)
    device = Authenticator()

    answer = client.post("/sign-in/enrol/passkey", {"new_passkey": device.make(client)})

    assert answer.status_code == 201
    shown = re.findall(r"<li>([0-9A-Z-]{29})</li>", answer.content.decode())
    assert len(set(shown)) == 10 == RecoveryCode.objects.filter(person=person).count()
    assert is_inside(client)
    assert [e.action for e in Entry.objects.order_by("pk")][-3:] == [
        "passkey-added", "recovery-codes-made", "signed-in",
    ]  # fmt: skip


def test_a_passkey_lets_in_without_an_address_and_the_next_link_asks_for_it():
    person = factories.person()
    device = with_passkey(person)
    stranger = Client()

    assert (
        stranger.post("/sign-in/passkey", {"proof_passkey": device.sign(stranger)}).status_code
        == 303
    )
    assert is_inside(stranger)

    later = arriving(person)
    assert later.get("/sign-in/enrol").status_code == 303
    assert not is_inside(later)
    assert second(later, proof_passkey=device.sign(later)).status_code == 303
    assert is_inside(later)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "null"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"handle": b"somebody else's"},
        {"credential_id": b"unknown" * 4},
    ],
)
def test_a_passkey_that_lies_lets_nobody_in(lie):
    device = with_passkey(factories.person())
    for name, value in lie.items():
        setattr(device, name, value)
    client = Client()

    answer = client.post("/sign-in/passkey", {"proof_passkey": device.sign(client)})

    assert answer.status_code == 422
    assert not is_inside(client)


def test_a_passkey_without_verification_is_not_kept():
    client = arriving(factories.person())
    device = Authenticator(flags=PRESENT)

    answer = client.post("/sign-in/enrol/passkey", {"new_passkey": device.make(client)})

    assert answer.status_code == 422
    assert not Passkey.objects.exists()
    assert not is_inside(client)


def test_an_answer_counts_once_and_only_where_its_challenge_was_given():
    device = with_passkey(factories.person())
    client, thief = Client(), Client()
    answer = device.sign(client)

    assert thief.post("/sign-in/passkey", {"proof_passkey": answer}).status_code == 422
    assert client.post("/sign-in/passkey", {"proof_passkey": answer}).status_code == 303
    thief.post("/sign-in/passkey/options")
    assert thief.post("/sign-in/passkey", {"proof_passkey": answer}).status_code == 422
    assert not is_inside(thief)


def test_a_passkey_whose_counter_stands_still_was_copied():
    device = with_passkey(factories.person())
    device.count = 5
    client = Client()
    assert (
        client.post("/sign-in/passkey", {"proof_passkey": device.sign(client)}).status_code == 303
    )

    client = Client()
    assert (
        client.post("/sign-in/passkey", {"proof_passkey": device.sign(client)}).status_code == 422
    )


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x" * 30_000, '{"id":1}', "[" * 9_000, '{"id":"a","id":"b"}',
               '{"rawId":"AA","response":{}}', "\x00", '{"response":{"clientDataJSON":"!!"}}'],
)  # fmt: skip
def test_what_is_no_answer_of_a_passkey_is_refused_as_a_wrong_one(answer):
    client = Client()
    client.post("/sign-in/passkey/options")

    assert client.post("/sign-in/passkey", {"proof_passkey": answer}).status_code == 422


def test_a_passkey_of_somebody_closed_out_opens_nothing():
    person = factories.person()
    device = with_passkey(person)
    person.is_active = False
    person.save()
    client = Client()

    assert (
        client.post("/sign-in/passkey", {"proof_passkey": device.sign(client)}).status_code == 422
    )


def test_anothers_passkey_is_no_second_factor():
    person, other = factories.person(), factories.person()
    with_passkey(person)
    theirs = with_passkey(other)
    client = arriving(person)

    assert second(client, proof_passkey=theirs.sign(client)).status_code == 422
    assert not is_inside(client)
