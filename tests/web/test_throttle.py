"""How often somebody may try, whoever counts."""

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from minga.store import world
from minga.store.people.models import Tries
from minga.web import throttle
from tests import factories
from tests.store.held_clock import HeldClock


def tries(address="ana@banco.example", *, source="203.0.113.9", count=1):
    return [throttle.take_a_try(address, source=source) for _ in range(count)]


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_count_the_same_tries():
    """Forty at once, each with a connection of its own: no more than five are let through."""
    ready = threading.Barrier(8)

    def worker():
        try:
            ready.wait()
            return sum(tries(count=5))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(each.result() for each in [pool.submit(worker) for _ in range(8)])

    assert let_through == throttle.OF_ACCOUNT_AND_SOURCE.tries


@pytest.mark.django_db
def test_who_is_stopped_closes_the_password_to_nobody_elsewhere():
    tries(count=3 * throttle.OF_ACCOUNT.tries)

    assert tries(source="198.51.100.7") == [True]


@pytest.mark.django_db
def test_who_is_stopped_makes_the_hub_keep_no_more_rows():
    for number in range(throttle.OF_SOURCE.tries + 20):
        tries(f"person{number}@banco.example")

    assert Tries.objects.count() == 1 + 2 * throttle.OF_SOURCE.tries


@pytest.mark.django_db
def test_codes_that_were_not_looked_at_use_up_nobodys_day():
    person = factories.person()

    for _ in range(2 * throttle.OF_CODES_A_DAY.tries):
        throttle.take_a_code(person, kind="code", source="203.0.113.9")
    throttle.forgive_codes(person, kind="code")

    assert throttle.take_a_code(person, kind="code", source="198.51.100.7")


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-24, -1, 1, 24, 24 * 365])
def test_a_worker_with_a_wrong_clock_ends_no_count_early(hours):
    tries(count=5)
    clock = HeldClock()
    before = world.replace(clock)
    try:
        clock.move(hours=hours)
        assert tries() == [False]
        assert throttle.forget_old() == 0
    finally:
        world.replace(before)


@pytest.mark.django_db
def test_a_count_ends_with_its_span_by_the_clock_of_the_database():
    tries(count=6)
    Tries.objects.update(ends_at=0)

    assert tries() == [True]
    Tries.objects.update(ends_at=0)
    assert throttle.forget_old() == 3
    assert not Tries.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spelling", ["ANA@BANCO.EXAMPLE", " ana@banco.example\t", "ａｎａ@banco.example",
                 "ana@banco.EXAMPLE", "ana＠banco.example", "ªna@banco.example"],
)  # fmt: skip
def test_every_spelling_of_an_address_shares_its_count(spelling):
    tries(count=5)

    assert tries(spelling) == [False]


@given(st.text(max_size=40))
def test_whatever_is_one_address_to_the_database_is_one_to_the_count(text):
    for same in (text.lower(), text.upper().lower(), f" {text.strip()} ".lower()):
        if same.strip().lower() == text.strip().lower():
            assert throttle.canonical_account(same) == throttle.canonical_account(text)
    folded = throttle.canonical_account(text)
    assert throttle.canonical_account(folded) == folded
    assert unicodedata.is_normalized("NFKC", folded)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8::1", "2001:db8:0:0:ffff::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_one_subscriber_is_one_source(one, other, are_one):
    tries(source=one, count=5)

    assert tries(source=other) == [not are_one]


@pytest.mark.django_db
def test_the_table_tells_neither_accounts_nor_sources():
    tries()
    throttle.take_a_code(factories.person(), kind="code", source="203.0.113.9")

    assert all(len(row.name) == 32 and int(row.name, 16) >= 0 for row in Tries.objects.all())


@pytest.mark.django_db
def test_of_the_same_name_one_is_the_first():
    minute = timedelta(minutes=1)

    assert [throttle.is_first("a", within=minute) for _ in range(3)] == [True, False, False]
    assert throttle.is_first("b", within=minute)


@pytest.mark.django_db
def test_what_cannot_be_counted_is_not_tried(client, monkeypatch):
    """The count fails, and the error goes up before any password is looked at."""
    person = factories.person(email="ana@banco.example")
    person.set_password("una frase bastante larga")
    person.save()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_tries RENAME TO people_tries_gone")

    client.raise_request_exception = False
    answer = client.post(
        "/sign-in/", {"email": person.email, "password": "una frase bastante larga"}
    )

    assert answer.status_code == 500
    assert "Location" not in answer
