"""Doors of machines: what their callers are spared, and what they hear when something breaks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db
TAXII = "application/taxii+json;version=2.1"
OBJECTS = "/taxii2/hub/collections/everything/objects/"
CONTRIBUTIONS = "/api/v1/contributions"
EVERY_DOOR = pytest.mark.parametrize("path", [OBJECTS, CONTRIBUTIONS])


@pytest.fixture
def caller():
    factories.hub()
    _, secret = factories.key_of()
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.fixture
def broken_tables(caller):
    """The hub lost its tables of objects; the transaction of the test brings them back."""
    with connection.cursor() as cursor:
        for table in ("objects_publication", "objects_contribution"):
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")


@pytest.fixture
def logged_id(caplog):
    """The id of the request that the log speaks of."""

    def find() -> str:
        (record,) = [each for each in caplog.records if each.name == "django.request"]
        return record.request.id

    return find


def test_what_breaks_behind_taxii_is_told_in_taxii(caller, broken_tables, logged_id):
    answer = caller.get(OBJECTS)

    assert (answer.status_code, answer["Content-Type"]) == (500, TAXII)
    assert answer.json()["http_status"] == "500"
    assert answer.json()["error_id"] == logged_id()
    assert "objects_" not in answer.content.decode()


def test_what_breaks_behind_the_api_is_told_as_problem_details(caller, broken_tables, logged_id):
    answer = caller.get(CONTRIBUTIONS)

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["status"] == 500
    assert answer.json()["instance"] == f"urn:minga:request:{logged_id()}"
    assert "objects_" not in answer.content.decode()


@EVERY_DOOR
def test_a_browser_that_is_shown_a_machines_answer_runs_nothing_of_it(caller, path):
    answer = caller.get(path)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


@EVERY_DOOR
def test_who_comes_with_a_key_needs_no_session(caller, path):
    caller.cookies["minga"] = "0123456789abcdefghijklmnopqrstuv"

    with CaptureQueriesContext(connection) as asked:
        answer = caller.get(path)

    assert answer.status_code == 200
    assert asked.captured_queries
    assert not any("django_session" in query["sql"] for query in asked.captured_queries)


def test_a_page_takes_the_long_way_even_with_a_key(caller):
    answer = caller.get("/sign-in/")

    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer.cookies
