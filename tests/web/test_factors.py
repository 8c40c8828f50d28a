"""Second factors: setting them up, coming in by them, and everything that must not work."""

import base64
import re

import pytest
from django.test import Client

from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.models import CodeApp, RecoveryCode, Session
from minga.web import codes, throttle
from tests import factories
from tests.signing_in import enter, signed_in
from tests.web.arriving import age, arriving, code_of, is_inside, second, with_app, with_passkey
from tests.web.authenticator import Authenticator

pytestmark = pytest.mark.django_db


def test_an_app_is_set_up_by_its_first_code_and_that_code_is_used_up():
    person = factories.person()
    client = arriving(person)
    page = client.get("/sign-in/enrol/app").content.decode()
    sealed = re.search(r'name="sealed_secret" value="([^"]+)"', page)[1]
    secret = base64.b32decode(
        re.search(r'id="secret-words"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    )

    assert "<svg" in page
    assert (
        client.post(
            "/sign-in/enrol/app", {"sealed_secret": sealed, "app_code": "000000"}
        ).status_code
        == 422
    )
    code = code_of(secret)
    assert (
        client.post("/sign-in/enrol/app", {"sealed_secret": sealed, "app_code": code}).status_code
        == 201
    )
    assert is_inside(client)

    later = arriving(person)
    assert second(later, proof_code=code).status_code == 422
    assert second(later, proof_code=code_of(secret, steps=1)).status_code == 303
    assert is_inside(later)


def test_a_secret_made_for_another_is_not_taken():
    mine, theirs = factories.person(), factories.person()
    client = arriving(mine)
    foreign = base64.b64encode(codes.new_secret(theirs)).decode()

    answer = client.post("/sign-in/enrol/app", {"sealed_secret": foreign, "app_code": "123456"})

    assert answer.status_code == 400
    assert not CodeApp.objects.exists()


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_step_before_and_after_is_taken(steps):
    person = factories.person()
    secret, _ = with_app(person)

    assert second(arriving(person), proof_code=code_of(secret, steps=steps)).status_code == 303


@pytest.mark.parametrize("steps", [-120, -2, 2, 120])
def test_an_older_or_later_code_is_not(steps):
    person = factories.person()
    secret, _ = with_app(person)

    assert second(arriving(person), proof_code=code_of(secret, steps=steps)).status_code == 422


def test_a_code_is_taken_once_and_none_before_it():
    person = factories.person()
    secret, _ = with_app(person)
    code, before = code_of(secret), code_of(secret, steps=-1)

    assert second(arriving(person), proof_code=f" {code[:3]} {code[3:]} ").status_code == 303
    assert second(arriving(person), proof_code=code).status_code == 422
    assert second(arriving(person), proof_code=before).status_code == 422


@pytest.mark.parametrize("kind", ["proof_code", "proof_recovery"])
def test_five_wrong_codes_close_that_way_wherever_they_come_from_and_leave_the_others(kind):
    person = factories.person()
    device = with_passkey(person)
    secret, recovery = with_app(person)
    right = {"proof_code": code_of(secret), "proof_recovery": recovery[0]}

    for number in range(throttle.OF_CODES.tries):
        client = arriving(person, client=Client(REMOTE_ADDR=f"203.0.113.{number}"))
        assert second(client, **{kind: "123456"}).status_code == 422
    client = arriving(person)

    assert second(client, **{kind: right[kind]}).status_code == 429
    assert not is_inside(client)
    assert second(client, proof_passkey=device.sign(client)).status_code == 303
    assert is_inside(client)


def test_a_recovery_code_works_once_however_it_is_typed():
    person = factories.person()
    _, recovery = with_app(person)
    typed = recovery[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert second(arriving(person), proof_recovery=typed).status_code == 303
    assert second(arriving(person), proof_recovery=recovery[0]).status_code == 422
    assert codes.recovery_codes_left(person) == 9


def test_neither_codes_nor_secrets_stand_in_the_database():
    person = factories.person()
    secret, recovery = with_app(person)

    kept = CodeApp.objects.get().secret
    assert secret not in bytes(kept)
    digests = {bytes(each.digest) for each in RecoveryCode.objects.all()}
    assert not any(code.encode() in digest for code in recovery for digest in digests)


def test_new_recovery_codes_end_the_old_ones():
    person = factories.person()
    _, old = with_app(person)
    client = signed_in(person)

    assert client.post("/me/recovery-codes").status_code == 201
    assert second(arriving(person), proof_recovery=old[0]).status_code == 422


def test_staff_of_the_hub_set_up_a_passkey_and_nothing_else():
    person = factories.person(factories.hub(), role="administrator")
    client = arriving(person)

    assert "/sign-in/enrol/app" not in client.get("/sign-in/enrol").content.decode()
    assert client.get("/sign-in/enrol/app").status_code == 303
    assert (
        client.post("/sign-in/enrol/app", {"sealed_secret": "", "app_code": "1"}).status_code == 303
    )
    assert signed_in(person).get("/me/app/new").status_code == 403


def test_a_recovery_code_brings_staff_of_the_hub_no_further_than_to_a_new_passkey():
    person = factories.person(factories.hub(), role="administrator")
    with_passkey(person)
    recovery = codes.new_recovery_codes(person)
    client = arriving(person)

    assert second(client, proof_recovery=recovery[0])["Location"] == "/sign-in/enrol"
    assert not is_inside(client)
    device = Authenticator()
    client.post("/sign-in/enrol/passkey", {"new_passkey": device.make(client)})
    assert is_inside(client)


def test_the_last_factor_stays_and_of_the_hub_the_last_passkey():
    person = factories.person()
    with_app(person)
    assert signed_in(person).post("/me/app/remove").status_code == 422
    assert CodeApp.objects.exists()

    with_passkey(staff := factories.person(factories.hub(), role="manager"))
    passkey = staff.passkeys.get()
    assert signed_in(staff).post(f"/me/passkeys/{passkey.uuid}/remove").status_code == 422
    assert staff.passkeys.exists()


@pytest.mark.parametrize(
    "change", ["/me/recovery-codes", "/me/app/remove", "/me/sessions/end-others"]
)
def test_changing_factors_ends_every_other_session_and_renews_this_one(change):
    person = factories.person()
    with_passkey(person)
    with_app(person)
    here, there, half = signed_in(person), signed_in(person), arriving(person)
    before = here.cookies["minga"].value

    assert here.post(change).status_code in {201, 303}

    assert is_inside(here)
    assert here.cookies["minga"].value != before
    assert not is_inside(there)
    assert half.get("/sign-in/second").status_code == 303
    assert Session.objects.filter(person=person).count() == 1


def test_a_link_of_the_demo_opens_everything_and_asks_for_nothing_until_there_is_a_factor():
    person = factories.person(role="counterpart")
    client = Client()
    client.get(f"/sign-in/{credentials.create_link(person, may_be_reused=True)}/")
    session = Session.objects.get(person=person)
    assert is_inside(client)
    assert client.get("/keys/new").status_code == 200
    assert session.way == "demo-link"

    age(client)
    assert client.get("/keys/new").status_code == 200
    with_app(person)
    assert client.get("/keys/new").status_code == 403


def test_failed_second_factors_are_read_by_the_organisation():
    person = factories.person()
    with_app(person)
    second(arriving(person), proof_code="000000")

    entry = Entry.objects.get(action="sign-in-failed")
    assert (entry.organisation, entry.person, entry.subject) == (
        person.organisation, None, str(person.uuid),
    )  # fmt: skip
    assert entry.details["way"] == "code"


def test_who_enters_anew_holds_a_new_key_at_every_step():
    person = factories.person()
    secret, _ = with_app(person)
    client = Client()
    client.cookies["minga"] = "chosenbyanattackerchosenbyanatta"
    keys = [client.cookies["minga"].value]
    arriving(person, client=client)
    keys.append(client.cookies["minga"].value)
    second(client, proof_code=code_of(secret))
    keys.append(client.cookies["minga"].value)

    assert len(set(keys)) == 3
    thief = Client()
    for key in keys[:2]:
        thief.cookies["minga"] = key
        assert not is_inside(thief)
        assert thief.get("/sign-in/second").status_code == 303


def test_entering_again_by_another_person_mixes_nothing():
    one, two = factories.person(), factories.person()
    with_app(two)
    client = enter(Client(), one)

    arriving(two, client=client)

    assert not is_inside(client)
    assert client.get("/sign-in/second").status_code == 200
