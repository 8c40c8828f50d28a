"""What each organisation reads in the journal, on the page and in the downloads."""

import ast
import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from minga.core.policy import PUBLIC
from minga.core.problems import Malformed
from minga.features.membership import services
from minga.features.membership.pages.actions import ACTIONS
from minga.features.membership.queries.journal import (
    AT_ONCE,
    JournalFilters,
    journal_lines,
    journal_page,
)
from minga.store import world
from minga.store.journal import origins
from minga.store.journal import services as journal
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from tests import factories
from tests.architecture.source import PACKAGE
from tests.features.exchange.browsing import signed_in
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
ALL = JournalFilters()
PLACES = {"sequence", "previous", "digest"}


class Ticking(world.World):
    """A clock that moves on by a minute at every look."""

    def __init__(self):
        self.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def now(self):
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def ticking():
    before = world.replace(Ticking())
    yield
    world.replace(before)


@pytest.fixture
def operator():
    hub = factories.hub()
    return Actor(hub, person=factories.person(hub, role="administrator", name="Olga Paz"))


def record(by, subject="indicator--a", action="object-deleted", **details):
    journal.record(action, by=by, subject=subject, **details)


def subjects(reader, filters=ALL):
    return [line.values["subject"] for line in journal_lines(filters, reader=reader)]


def recorded_actions():
    """Every action that a call of `journal.record` names, by a word, a constant or one of two."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.record":
                said = node.args[0]
                for action in [said.body, said.orelse] if isinstance(said, ast.IfExp) else [said]:
                    yield action.value if isinstance(action, ast.Constant) else constants[action.id]


def test_every_action_that_is_recorded_has_words_and_no_words_stand_idle():
    assert set(recorded_actions()) == set(ACTIONS)


def test_an_organisation_reads_what_its_people_and_keys_did_and_nothing_of_others(operator):
    ours, theirs = factories.member(), factories.member()
    our_key, _ = factories.key_of(ours.organisation)
    record(ours, "by-person")
    record(our_key, "by-key")
    record(theirs, "hidden")
    record(operator, "hidden too")

    assert subjects(ours.reader) == ["by-key", "by-person"]
    assert subjects(theirs.reader) == ["hidden"]
    assert subjects(operator.reader) == ["hidden too", "hidden", "by-key", "by-person"]
    assert subjects(PUBLIC) == []


def test_what_the_hub_did_to_an_organisation_is_told_to_it_without_who_and_from_where(operator):
    ours, theirs = factories.member(), factories.member()
    with origins.coming_from("page", "192.0.2.9"):
        record(operator, action="organisation-classified", concerns=ours.organisation)

    (line,) = journal_lines(ALL, reader=ours.reader)
    assert line.organisation == "CSIRT"
    assert (line.person, line.values["person"], line.values["key"]) == ("", None, None)
    assert (line.values["door"], line.values["source"], line.link) == ("", "", None)
    assert subjects(theirs.reader) == []
    assert subjects(ours.reader, JournalFilters(who="Olga")) == []


def test_what_the_hub_does_to_our_people_and_keys_is_told_to_us(operator):
    ours, theirs = factories.member(role="counterpart"), factories.member()
    draft = services.NewPerson("Eva Paz", "eva@example.com")
    eva = services.create_person(draft, by=operator, organisation=ours.organisation)
    services.change_role(eva.email, "reader", by=operator)
    services.create_sign_in_link(eva.email, by=operator)
    services.deactivate_person(eva.email, by=operator)
    key, _ = services.create_key(ours.organisation, by=operator, name="SIEM")
    services.revoke_key(key.locator, by=operator)

    told = [str(line.values["action"]) for line in journal_lines(ALL, reader=ours.reader)]

    assert told == ["key-revoked", "key-created", "person-deactivated", "sign-in-link-created",
                    "role-changed", "person-created"]  # fmt: skip
    assert subjects(theirs.reader) == []


def test_what_we_do_to_our_own_is_told_to_us_once():
    ours = factories.member(role="counterpart")

    services.create_key(ours.organisation, by=ours, name="SIEM")

    assert len(subjects(ours.reader)) == 1


def test_what_another_member_did_about_us_is_not_ours_to_read():
    ours, theirs = factories.member(), factories.member()
    record(theirs, ours.organisation.stix_id)

    assert subjects(ours.reader) == []


def test_pages_follow_each_other_without_loss_and_instants_stay_together(ticking, operator):
    ours = factories.member()
    for number in range(4):
        record(ours, f"ours {number}")
        record(operator, concerns=ours.organisation)
    Entry.objects.bulk_create(
        [Entry(at=world.now(), action="object-deleted", organisation=ours.organisation,
               subject=f"same {each}", content="") for each in "ab"]
    )  # fmt: skip

    found, cursor = [], ""
    while True:
        page = journal_page(ALL, reader=ours.reader, limit=3, cursor=cursor)
        found += [line.values["subject"] for line in page.lines]
        cursor = page.next
        if not cursor:
            break

    assert found == subjects(ours.reader)
    assert len(found) == 10


def test_a_long_journal_is_read_to_its_end(ticking):
    ours = factories.member()
    Entry.objects.bulk_create(
        Entry(at=world.now(), action="object-deleted", organisation=ours.organisation,
              subject=str(number), content="") for number in range(AT_ONCE + 5)
    )  # fmt: skip

    assert subjects(ours.reader) == [str(n) for n in reversed(range(AT_ONCE + 5))]


def test_a_cursor_of_another_reader_opens_nothing(ticking):
    ours, theirs = factories.member(), factories.member()
    for by in (ours, ours, theirs):
        record(by)
    cursor = journal_page(ALL, reader=ours.reader, limit=1).next

    with pytest.raises(Malformed):
        journal_page(ALL, reader=theirs.reader, limit=1, cursor=cursor)


def test_filters_narrow_by_action_by_person_or_key_and_by_time(ticking):
    ours = factories.member(name="Ana Soto", email="ana@example.com")
    key, _ = factories.key_of(ours.organisation)
    record(ours, "first")
    record(key, "second", "sighting-reported")

    assert subjects(ours.reader, JournalFilters(action="sighting-reported")) == ["second"]
    assert subjects(ours.reader, JournalFilters(who="soto")) == ["first"]
    assert subjects(ours.reader, JournalFilters(who="ana@")) == ["first"]
    assert subjects(ours.reader, JournalFilters(who="test")) == ["second"]
    second = Entry.objects.get(subject="second").at
    assert subjects(ours.reader, JournalFilters(since=second)) == ["second"]
    assert subjects(ours.reader, JournalFilters(until=second)) == ["first"]


def test_the_page_says_who_did_what_in_the_readers_language():
    ours = factories.member(name="Ana Soto")

    english = signed_in(ours, "en").get("/journal/").content.decode()
    spanish = signed_in(ours, "es").get("/journal/").content.decode()

    assert "<b>Signed in</b>" in english
    assert "Ana Soto" in english
    assert "127.0.0.1" in english
    assert "<b>Inició sesión</b>" in spanish


def test_the_page_says_when_filters_hide_everything():
    page = signed_in(factories.member(), "en").get("/journal/?who=nadie").content.decode()

    assert "These filters hide everything" in page


@pytest.mark.parametrize(
    "query", ["?from=2026-02-30", "?until=9999-12-31", "?from=0001-01-01", "?action=no-such",
              "?who=%00", "?from=&until=&who=&action="],
)  # fmt: skip
def test_filters_that_cannot_be_filter_nothing(query):
    answer = signed_in(factories.member(), "en").get(f"/journal/{query}")

    assert answer.status_code == 200
    assert "<b>Signed in</b>" in answer.content.decode()


def test_a_cursor_that_was_altered_is_refused():
    assert signed_in(factories.member()).get("/journal/?next=AAAA").status_code == 400


def test_who_is_not_signed_in_reads_nothing(client):
    for path in ("/journal/", "/journal.csv", "/journal.jsonl"):
        assert client.get(path).status_code in {302, 303, 401}


def test_json_lines_carry_the_same_lines_and_no_place_in_the_chain():
    ours, theirs = factories.member(), factories.member()
    record(theirs)
    browser = signed_in(ours)
    record(ours, "indicator--ñ", versions=3)

    answer = browser.get("/journal.jsonl")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]

    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal.jsonl"'
    assert [line["action"] for line in lines] == ["object-deleted", "signed-in"]
    assert lines[0]["subject"] == "indicator--ñ"
    assert lines[0]["details"] == {"versions": 3}
    assert not PLACES & set(lines[0])
    assert str(theirs.organisation.uuid) not in answer.getvalue().decode()


def test_a_table_for_a_spreadsheet_calculates_nothing():
    ours = factories.member(name="=1+1")
    browser = signed_in(ours)

    text = browser.get("/journal.csv").getvalue().decode()

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["person_name"] == "'=1+1"
    assert row["action"] == "signed-in"
    assert json.loads(row["details"]) == {"way": "passkey"}
    assert not PLACES & set(row)


def test_downloads_take_the_filters_of_the_page():
    browser = signed_in(factories.member())

    assert browser.get("/journal.jsonl?action=key-created").getvalue() == b""


@pytest.mark.django_db(transaction=True)
def test_the_hub_exports_a_chain_that_anybody_can_compute(operator):
    record(factories.member(), "indicator--ñ", words=["á", '"'], holds=True)
    browser = signed_in(operator)
    record(operator)

    lines = [json.loads(line) for line in browser.get("/journal.jsonl").getvalue().splitlines()]

    assert [line["sequence"] for line in lines] == [3, 2, 1]
    previous = "0" * 64
    for line in reversed(lines):
        told = {
            name: line[name]
            for name in ("action", "at", "concerns", "details", "door", "key", "organisation",
                         "person", "source", "subject", "why")
        }  # fmt: skip
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        content = hashlib.sha256(text.encode()).hexdigest()
        assert line["previous"] == previous
        previous = hashlib.sha256((previous + content).encode()).hexdigest()
        assert line["digest"] == previous
