"""The journal is written with the change it tells of, and only ever added to."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from minga.store.journal import services as journal
from minga.store.journal.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_what_and_when():
    by, _ = factories.key_of()
    journal.record("object-deleted", by=by, subject="indicator--a", versions=3, labels=["x"])

    entry = Entry.objects.get()
    assert (entry.action, entry.subject) == ("object-deleted", "indicator--a")
    assert (entry.organisation, entry.key, entry.person) == (by.organisation, by.key, None)
    assert entry.details == {"versions": 3, "labels": ["x"]}
    assert entry.at.utcoffset().total_seconds() == 0


def test_a_change_that_fails_leaves_no_entry():
    @transaction.atomic
    def change_and_fail():
        journal.record("object-deleted", by=factories.member(), subject="indicator--a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert not Entry.objects.exists()


def test_an_entry_is_neither_deleted_by_itself_nor_with_who_made_it():
    by = factories.member()
    journal.record("object-deleted", by=by, subject="indicator--a")
    with pytest.raises(TypeError, match="cannot be deleted"):
        Entry.objects.get().delete()
    with pytest.raises(ProtectedError):
        by.organisation.delete()
