"""What one member makes large stays readable: no statement grows with it."""

import json
import sqlite3

import pytest
from django.db import connection

from minga.core.stix import read_envelope
from minga.features.exchange import queries, services
from minga.store.objects.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db
FEW = 100


@pytest.fixture
def few_variables():
    """A SQLite that takes a hundred variables, as the real one takes 250,000."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL gets its lists inside the statement")
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, FEW)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


def loose(count):
    return [
        {
            "type": "malware", "spec_version": "2.1", "is_family": False, "name": f"M {number}",
            "id": f"malware--00000000-0000-4000-8000-{number:012d}",
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        }
        for number in range(count)
    ]  # fmt: skip


def test_a_contribution_of_more_objects_than_a_statement_has_variables_is_read(request):
    """A file of 300,000 loose objects is one contribution; its page must not break."""
    factories.hub()
    by, reader = factories.member(), factories.member().reader
    reading = read_envelope(json.dumps({"objects": loose(2 * FEW)}).encode())
    services.receive(reading, by=by, door=Contribution.Door.CONSOLE)
    (made,) = Contribution.objects.all()

    request.getfixturevalue("few_variables")

    assert queries.objects_in(made, reader=reader).count() == 2 * FEW
