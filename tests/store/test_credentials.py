"""A secret becomes an actor: whose key it is, while it lasts, and when it was last used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from minga.store import world
from minga.store.people.credentials import READING, Scope, create_key
from minga.store.people.models import Key
from tests import factories
from tests.store.held_clock import HeldClock

NO_SPACE = {
    "sqlite": (
        "CREATE TABLE ballast (weight BLOB)",
        (
            "CREATE TRIGGER no_space BEFORE UPDATE ON people_key"
            " BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$"
        ),
        (
            "CREATE TRIGGER no_space BEFORE UPDATE ON people_key"
            " FOR EACH ROW EXECUTE FUNCTION no_space()"
        ),
    ),
}


@pytest.fixture
def clock():
    held = HeldClock()
    before = world.replace(held)
    yield held
    world.replace(before)


@pytest.fixture
def full_disk(db):
    """No room for noting that a key was used; what the test did is rolled back after it."""
    with connection.cursor() as cursor:
        for statement in NO_SPACE[connection.vendor]:
            cursor.execute(statement)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.django_db
@pytest.mark.parametrize("can_share", [True, False])
def test_a_secret_stands_for_its_key_and_organisation_as_they_are_stored(can_share):
    owner = factories.organisation()
    key, secret = create_key(owner, name="poller", scope=Scope(can_share=can_share))

    actor = factories.enter(secret)

    assert (actor.key, actor.organisation) == (key, owner)
    assert actor.organisation.uuid == owner.uuid
    assert actor.organisation.created_at == owner.created_at
    assert actor.key.can_share == can_share
    assert actor.key.name == "poller"


@pytest.mark.django_db
def test_a_secret_that_ends_differently_opens_nothing():
    _, one = create_key(factories.organisation(), name="one", scope=READING)
    _, other = create_key(factories.organisation(), name="other", scope=READING)

    assert factories.enter(one[:-8] + other[-8:]) is None
    assert factories.enter("") is None


@pytest.mark.django_db
def test_a_key_ends_at_its_instant(clock):
    ends = clock.now() + timedelta(hours=1)
    _, secret = create_key(factories.organisation(), name="k", scope=READING, expires_at=ends)

    clock.move(hours=1, microseconds=-1)
    assert factories.enter(secret) is not None
    clock.move(microseconds=1)
    assert factories.enter(secret) is None


@pytest.mark.django_db
def test_use_is_noted_once_a_minute(clock):
    key, secret = create_key(factories.organisation(), name="poller", scope=READING)
    first = clock.now()

    noted = []
    for seconds in (0, 60, 0.000001):
        clock.move(seconds=seconds)
        factories.enter(secret)
        noted.append(Key.objects.get(pk=key.pk).last_used_at)

    assert noted == [first, first, first + timedelta(seconds=60, microseconds=1)]


@pytest.mark.django_db
def test_a_full_disk_lets_a_key_in_without_noting_its_use(full_disk):
    key, secret = create_key(factories.organisation(), name="poller", scope=READING)

    assert factories.enter(secret).key == key
    assert Key.objects.get(pk=key.pk).last_used_at is None
