"""Every line holds the one before it, in the order of commits, whoever writes at once."""

import hashlib
import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from minga.store.journal import chain, origins, verification
from minga.store.journal import services as journal
from minga.store.journal.models import Entry, Link
from tests import factories
from tests.conftest import journal_open_to_change
from tests.store.writers import Writer

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 7


def record(by, **details):
    journal.record("object-deleted", by=by, subject="indicator--ñ", **details)


@pytest.fixture
def by():
    return factories.member()


@pytest.fixture
def lines(by):
    for number in range(LINES):
        record(by, number=number, words=["á", 'with "marks"\n', "\x01"], holds=True)


def tampered(statement, *parameters):
    """Change the tables as only the database's owner can."""
    with journal_open_to_change(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def entry_of(sequence):
    return Link.objects.get(sequence=sequence).entry_id


def test_an_untouched_chain_holds(lines):
    verdict = verification.verify()

    assert (verdict.lines, verdict.broken, verdict.says) == (LINES, 0, "")
    assert verdict.head == Link.objects.get(sequence=LINES).digest


def test_an_empty_journal_holds():
    assert verification.verify() == verification.Verdict(0, chain.BEFORE_THE_FIRST)


def test_digests_are_what_a_third_party_computes_by_the_documentation(lines, by):
    before = "0" * 64
    for link in Link.objects.order_by("sequence").select_related("entry"):
        at = link.entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        told = {
            "action": "object-deleted", "at": at, "concerns": None, "details": link.entry.details,
            "door": "", "key": None, "organisation": by.organisation.stix_id,
            "person": str(by.person.uuid),
            "source": "", "subject": "indicator--ñ", "why": "",
        }  # fmt: skip
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        content = hashlib.sha256(text.encode()).hexdigest()
        assert link.previous == before
        before = link.digest
        assert before == hashlib.sha256((link.previous + content).encode()).hexdigest()


def test_the_lines_that_hold_are_told_on_the_way(lines, monkeypatch):
    monkeypatch.setattr(verification, "AT_ONCE", 2)
    heard = []

    verdict = verification.verify(watch=heard.append)

    assert heard == [2, 4, 6]
    assert verdict.lines == LINES


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "object-deletee"), ("subject", "indicator--n"), ("why", "x"), ("door", "page"),
        ("source", "192.0.2.1"), ("details", '{"number": 4}'),
        ("at", "2020-01-01 00:00:00"), ("person_id", None), ("content", "f" * 64),
    ],
)  # fmt: skip
def test_one_altered_value_is_found_at_its_line(lines, column, value):
    tampered(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", value, entry_of(4))

    verdict = verification.verify()

    assert (verdict.lines, verdict.broken) == (3, 4)
    assert verdict.says == "What it says is not what was written."


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("previous", "It does not follow from the line before it."),
        ("digest", "Its digest is not that of what was written."),
    ],
)
def test_one_flipped_digit_of_the_chain_is_found_at_its_line(lines, column, says):
    digit = getattr(Link.objects.get(sequence=5), column)[0]
    other = "0" if digit != "0" else "1"
    tampered(f"UPDATE journal_link SET {column} = %s || substr({column}, 2) WHERE sequence = 5",
             other)  # fmt: skip

    assert (verification.verify().broken, verification.verify().says) == (5, says)


def test_a_line_written_anew_with_its_digests_shows_at_the_next(lines):
    link = Link.objects.get(sequence=3)
    link.entry.subject = "indicator--other"
    content = chain.content_of(chain.values_of(link.entry))
    tampered("UPDATE journal_entry SET subject = %s, content = %s WHERE id = %s",
             link.entry.subject, content, link.entry_id)  # fmt: skip
    tampered("UPDATE journal_link SET digest = %s WHERE sequence = 3",
             chain.digest_of(link.previous, content))  # fmt: skip

    assert verification.verify().broken == 4


def test_a_deleted_line_is_missed_where_it_stood(lines):
    gone = entry_of(3)
    tampered("DELETE FROM journal_link WHERE sequence = 3")
    tampered("DELETE FROM journal_entry WHERE id = %s", gone)

    verdict = verification.verify()

    assert verdict.broken == 3
    assert verdict.says == "It is missing; the next one that is there is line 4."


def test_two_lines_that_changed_places_are_found_at_the_first(lines):
    second, fifth = entry_of(2), entry_of(5)
    tampered("UPDATE journal_link SET sequence = -1 WHERE sequence = 2")
    tampered("UPDATE journal_link SET sequence = 2 WHERE sequence = 5")
    tampered("UPDATE journal_link SET sequence = 5 WHERE sequence = -1")

    assert (entry_of(2), entry_of(5)) == (fifth, second)
    assert verification.verify().broken == 2


def test_lines_taken_off_the_end_show_to_who_kept_a_digest(lines):
    head = verification.verify().head
    gone = entry_of(LINES)
    tampered("DELETE FROM journal_link WHERE sequence = %s", LINES)
    tampered("DELETE FROM journal_entry WHERE id = %s", gone)

    assert verification.verify().broken == 0
    assert verification.verify(head=head).broken == LINES


def test_a_digest_that_was_kept_stays_in_a_chain_that_grew(lines, by):
    head = verification.verify().head
    record(by)

    assert verification.verify(head=head) == verification.verify()


def test_an_entry_outside_the_chain_is_found(lines):
    tampered("DELETE FROM journal_link WHERE sequence = %s", LINES)

    verdict = verification.verify()

    assert verdict.broken == LINES
    assert "outside the chain" in verdict.says


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET subject = 'x'",
        "DELETE FROM journal_entry",
        "UPDATE journal_link SET digest = 'x'",
        "DELETE FROM journal_link",
    ],
)
def test_the_database_itself_refuses_to_change_the_journal(lines, statement):
    with pytest.raises(DatabaseError, match="only ever added to"), connection.cursor() as cursor:
        cursor.execute(statement)

    assert verification.verify().lines == LINES


def test_the_database_refuses_to_empty_the_journal(lines):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; a DELETE without a condition is refused above.")
    with pytest.raises(DatabaseError, match="only ever added to"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_entry, journal_link")


def test_a_change_that_fails_leaves_no_gap(by):
    @transaction.atomic
    def fail():
        record(by)
        raise RuntimeError

    record(by)
    with pytest.raises(RuntimeError):
        fail()
    with transaction.atomic():
        record(by)
        with pytest.raises(RuntimeError):
            fail()
        record(by)

    assert verification.verify() == verification.Verdict(3, Link.objects.last().digest)
    assert Entry.objects.count() == 3


def test_lines_of_one_change_stand_in_the_order_in_which_they_were_recorded(by):
    with transaction.atomic():
        for number in range(5):
            record(by, number=number)

    ordered = Link.objects.order_by("sequence").values_list("entry__details__number", flat=True)
    assert list(ordered) == list(range(5))


def test_writers_at_once_keep_one_unbroken_chain(by):
    def write():
        for _ in range(10):
            with transaction.atomic():
                record(by)

    writers = [Writer(write).begin() for _ in range(6)]
    for writer in writers:
        writer.end()

    assert verification.verify().lines == 60


def test_who_recorded_first_and_commits_last_stands_last(by):
    """On PostgreSQL he holds nobody up meanwhile; on SQLite there is one writer at a time."""
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite the second waits until the first has ended.")
    recorded, goes_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record(by, who="slow")
            recorded.set()
            goes_on.wait(20)

    writer = Writer(slow).begin()
    assert recorded.wait(20)
    record(by, who="quick")
    goes_on.set()
    writer.end()

    ordered = Link.objects.order_by("sequence").values_list("entry__details__who", flat=True)
    assert list(ordered) == ["quick", "slow"]
    assert verification.verify().lines == 2


def test_a_line_says_from_where_it_came(by):
    with origins.coming_from("taxii2", "192.0.2.7"):
        record(by)
    record(by)

    found = Entry.objects.order_by("pk").values_list("door", "source")
    assert list(found) == [("taxii2", "192.0.2.7"), ("", "")]


def test_a_reason_that_was_given_is_kept(by):
    journal.record("object-deleted", by=by, subject="indicator--a", why="Falso positivo")

    assert Entry.objects.get().why == "Falso positivo"
