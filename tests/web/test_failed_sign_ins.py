"""Sign-ins that failed: who reads of them, and what they must not tell."""

import time

import pytest
from django.test import Client

from minga.features.membership.queries.journal import JournalFilters, journal_lines
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from tests import factories

pytestmark = pytest.mark.django_db
WRONG = "una frase equivocada"


@pytest.fixture
def hub():
    return factories.hub()


@pytest.fixture
def ana(hub):
    return factories.person(email="ana@banco.example", role="counterpart")


def fail(email, password=WRONG, **options):
    return Client(**options).post("/sign-in/", {"email": email, "password": password})


def read_by(organisation):
    reader = Actor(organisation=organisation).reader
    lines = journal_lines(JournalFilters(action="sign-in-failed"), reader=reader)
    return [line.values for line in lines]


def test_of_somebody_known_his_organisation_and_the_hub_read(ana, hub):
    fail("ANA@Banco.example", REMOTE_ADDR="203.0.113.9")

    for reader in (ana.organisation, hub):
        (line,) = read_by(reader)
        assert line["subject"] == str(ana.uuid)
        assert line["person"] is None
        assert line["source"] == "203.0.113.9"
        assert line["details"] == {"way": "password"}
    assert read_by(factories.organisation()) == []


def test_of_an_address_that_is_nobodys_the_hub_alone_reads_and_not_the_address(ana, hub):
    typed = "mi-clave-larga@secreta.example"
    fail(typed)
    fail(typed.upper())

    lines = read_by(hub)
    assert len({line["subject"] for line in lines}) == 1
    assert len(lines) == 2
    assert read_by(ana.organisation) == []
    kept = str(list(Entry.objects.values()))
    assert "secreta" not in kept
    assert "clave" not in kept
    assert len(lines[0]["subject"]) == len("unknown-") + 8


def test_who_invited_an_address_does_not_read_when_its_owner_elsewhere_mistypes(ana, hub):
    ana.set_password("una frase bien larga")
    ana.save()
    invited = factories.person(email=ana.email)
    invited.set_unusable_password()
    invited.save()

    fail(ana.email)

    assert [line["subject"] for line in read_by(ana.organisation)] == [str(ana.uuid)]
    assert read_by(invited.organisation) == []


def test_what_is_no_address_at_all_is_kept_nowhere(hub):
    answer = fail("Mi contraseña, por error")

    assert answer.status_code == 422
    assert not Entry.objects.filter(action="sign-in-failed").exists()


def test_no_password_stands_in_the_journal(ana):
    fail(ana.email, "esta es mi contraseña casi correcta")

    assert "contraseña" not in str(list(Entry.objects.values()))


def test_after_too_many_tries_nothing_is_looked_at_and_nothing_written(ana):
    for _ in range(12):
        fail(ana.email)

    assert Entry.objects.filter(action="sign-in-failed").count() == 5


def test_an_unknown_invitation_and_a_used_one_get_the_same_answer(ana):
    used = credentials.create_link(ana)
    Client().post(f"/sign-in/{used}/")
    unknown = used[::-1]

    for method in ("get", "post"):
        answers = [getattr(Client(), method)(f"/sign-in/{token}/") for token in (used, unknown)]
        assert answers[0].status_code == answers[1].status_code == 410
        first, second = (a.content.replace(t.encode(), b"") for a, t in zip(
            answers, (used, unknown), strict=True))  # fmt: skip
        assert without_tokens(first) == without_tokens(second)


def test_a_known_and_an_unknown_address_take_the_same_time(ana, settings):
    """Within a class: the hasher works for both; what differs is microseconds beside it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    nobody, person = [], []
    for number in range(4):
        for times, email in ((nobody, f"x{number}@banco.example"), (person, ana.email)):
            begun = time.perf_counter()
            fail(email, REMOTE_ADDR=f"203.0.113.{number}")
            times.append(time.perf_counter() - begun)

    assert min(nobody) > 0.02
    assert 0.5 < min(person) / min(nobody) < 2


def without_tokens(body):
    import re

    return re.sub(rb'value="\w{64}"', b"", body)
