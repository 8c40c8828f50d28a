"""A member who says one thing many times over must not make everybody else wait."""

import json

import pytest
from django.db import connection

from minga.core.stix import read_envelope
from minga.features.exchange import queries, services
from minga.features.exchange.queries import Filters
from minga.store.objects.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db
STEPS_AT_ONCE = 100


def say(by, *, often):
    """The same malware in so many versions."""
    versions = [
        {
            "type": "malware", "spec_version": "2.1", "is_family": False, "name": "Said again",
            "id": "malware--00000000-0000-4000-8000-000000000001",
            "created": "2026-01-01T00:00:00.000Z",
            "modified": f"2026-01-01T00:{number // 60:02d}:{number % 60:02d}.000Z",
        }
        for number in range(often)
    ]  # fmt: skip
    reading = read_envelope(json.dumps({"objects": versions}).encode())
    assert not services.receive(reading, by=by, door=Contribution.Door.API).failures


def steps_of(filters, *, reader):
    """How many hundreds of steps SQLite takes for a page: the same on any machine."""
    collection = queries.collection("everything", reader=reader)
    taken = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: taken.append(1), STEPS_AT_ONCE)
    try:
        queries.page(collection, filters, reader=reader, limit=1000, with_bytes=False)
    finally:
        connection.connection.set_progress_handler(None, STEPS_AT_ONCE)
    return len(taken)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite counts its steps.")
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(versions=()),
        Filters(versions=("first",)),
        Filters(added_after=1),
        Filters(ids=("malware--00000000-0000-4000-8000-000000000001",)),
    ],
    ids=["last", "every", "first", "last added after", "of one object"],
)
def test_a_page_takes_twice_as_long_with_twice_the_versions_not_four_times(filters):
    factories.hub()
    by, reader = factories.member(), factories.member().reader
    say(by, often=300)
    before = steps_of(filters, reader=reader)

    say(by, often=600)

    assert steps_of(filters, reader=reader) < 3 * before
