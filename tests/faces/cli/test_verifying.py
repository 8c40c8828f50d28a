"""`minga verify`: whether the journal stands as it was written."""

import pytest
from django.db import connection

from minga.store.journal.models import Entry, Link
from tests.conftest import journal_open_to_change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def minga(transactional_db, minga):
    """The command on a database that really commits: PostgreSQL links lines at the commit."""
    return minga


@pytest.fixture(autouse=True)
def _hub(minga, hub):
    """A hub with its first lines."""


def test_a_journal_that_stands_is_counted_and_its_head_told(minga):
    ended = minga("verify", "--json")

    assert ended.code == 0
    assert ended.json == {"lines": Link.objects.count(), "head": Link.objects.last().digest}
    assert f"{Link.objects.count()} lines hold." in minga("verify").out


def test_what_is_done_at_the_console_says_so(minga):
    assert set(Entry.objects.values_list("door", flat=True)) == {"console"}


def test_the_first_altered_line_is_named_and_the_code_says_so(minga):
    with journal_open_to_change(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET subject = 'x' WHERE id = %s",
                       [Link.objects.get(sequence=2).entry_id])  # fmt: skip

    ended = minga("verify")
    assert ended.code == 10
    assert "Line 2 of the journal does not hold." in ended.err

    told = minga("verify", "--json")
    assert (told.code, told.json["broken"], told.json["lines"]) == (10, 2, 1)


def test_a_head_that_was_noted_down_must_still_be_there(minga):
    head = minga("verify", "--json").json["head"]

    assert minga("verify", "--head", head).code == 0
    assert minga("verify", "--head", "f" * 64).code == 10
    assert minga("verify", "--head", "short").code == 4
