"""A full disk takes nothing in, loses nothing, and does not keep anybody from reading."""

import pytest
from django.db import connection

from tests.faces.taxii.conversation import envelope, indicator, share

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = "collections/everything/objects/"
INBOX = "collections/inbox/objects/"
MOST_PAGES = 1_073_741_823

# PostgreSQL can be made to say what it says when a disk is full.
FILL_POSTGRESQL = """
CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON objects_version EXECUTE FUNCTION no_space();
"""
EMPTY_POSTGRESQL = """
DROP TRIGGER IF EXISTS full_disk ON objects_version;
DROP FUNCTION IF EXISTS no_space();
"""


class Disk:
    """Full, or with room, as far as the database can tell."""

    def fill(self):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(FILL_POSTGRESQL)
                return
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")

    def empty(self):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(EMPTY_POSTGRESQL)
            else:
                cursor.execute(f"PRAGMA max_page_count = {MOST_PAGES}")


@pytest.fixture
def disk(db):
    yield Disk()
    Disk().empty()


def large(count):
    return [indicator(description="long " * 2_000) for _ in range(count)]


def test_a_full_disk_is_told_as_such_and_loses_nothing(two, disk):
    before = indicator()
    share(before, by=two.sharer)
    disk.fill()

    refused = two.sharing.post(INBOX, envelope(*large(20)))

    assert refused.status_code == 507
    assert refused.json()["error_code"] == "storage-full"
    assert int(refused.headers["Retry-After"]) > 0
    assert two.reading.get(EVERYTHING).json()["objects"] == [before]


def test_once_the_disk_has_room_the_same_request_succeeds(two, disk):
    late = large(20)
    disk.fill()
    assert two.sharing.post(INBOX, envelope(*late)).status_code == 507

    disk.empty()

    assert two.sharing.post(INBOX, envelope(*late)).json()["success_count"] == 20
    assert len(two.reading.get(EVERYTHING).json()["objects"]) == 20
