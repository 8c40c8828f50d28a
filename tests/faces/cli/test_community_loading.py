"""Loading the demo community: the same story for the same seed, once, whole or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from minga.core.problems import Conflict
from minga.faces.cli import community
from minga.faces.cli.community import families, script
from minga.faces.cli.community.calendar import Calendar, span
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.seeded import SeededWorld, seeded_world
from minga.store import world
from minga.store.journal.models import Entry
from minga.store.objects.models import Contribution, Publication
from minga.store.people.models import Key, Organisation
from tests import factories

pytestmark = pytest.mark.xdist_group("community")
UNTIL = datetime(2026, 11, 23, 17, 28, tzinfo=UTC)


def told_by(seed):
    """What a hub loaded with this seed holds, forgotten at once: its feed, and its keys."""
    with transaction.atomic():
        community.load(seed, until=UNTIL)
        feed = [
            (added_at, kind, bytes(raw))
            for added_at, kind, raw in Publication.objects.order_by("added_at").values_list(
                "added_at", "kind", "version__raw"
            )
        ]
        keys = set(Key.objects.values_list("locator", flat=True))
        transaction.set_rollback(True)
    return feed, keys


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_seed_tells_the_same_story_byte_for_byte_but_for_its_secrets():
    first, keys = told_by(7)
    again, other_keys = told_by(7)
    assert first == again
    assert keys
    assert keys.isdisjoint(other_keys)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hub_is_filled_once():
    community.load(7, until=UNTIL)
    assert community.is_loaded()
    before = [model.objects.count() for model in (Contribution, Publication, Entry, Key)]
    community.load(8, until=UNTIL)
    assert before == [model.objects.count() for model in (Contribution, Publication, Entry, Key)]


def test_another_seed_names_everything_otherwise():
    with seeded_world(7, begins_at=UNTIL):
        one = world.random_uuid()
    with seeded_world(8, begins_at=UNTIL):
        assert world.random_uuid() != one


@pytest.mark.django_db
def test_a_hub_in_use_is_left_alone():
    factories.organisation("Somebody real")
    with pytest.raises(Conflict, match="holds organisations already"):
        community.load(7, until=UNTIL)
    assert Organisation.objects.count() == 1
    assert not community.is_loaded()


def test_the_real_world_is_put_back_when_loading_fails():
    real = world.replace(world.World())
    world.replace(real)
    with pytest.raises(ZeroDivisionError), seeded_world(7, begins_at=UNTIL):
        _ = 1 / 0
    assert world.replace(real) is real


def test_the_clock_of_the_story_never_stands_still_or_goes_back():
    with seeded_world(7, begins_at=UNTIL) as set_world:
        set_world.turn(to=UNTIL + timedelta(hours=1), scene="one")
        later = world.now()
        set_world.turn(to=UNTIL, scene="two")
        assert world.now() > later


def test_secrets_are_of_real_chance():
    with seeded_world(7, begins_at=UNTIL) as one, one.unpredictable():
        first = world.random_bytes(16)
    with seeded_world(7, begins_at=UNTIL) as two, two.unpredictable():
        assert world.random_bytes(16) != first


@pytest.mark.parametrize("hour", [0, 3, 5, 12, 20, 23])
@pytest.mark.parametrize("day", ["2026-11-23", "2026-04-05", "2026-09-06", "2027-01-01"])
def test_everything_told_has_happened_whatever_the_hour_it_is_told_at(day, hour):
    until = datetime.fromisoformat(f"{day}T{hour:02}:00+00:00")
    calendar = Calendar(until)
    company = Company(
        script.cast(), calendar=calendar, world=SeededWorld(7, begins_at=until)
    )  # fmt: skip
    invented = [t for f in script.families() for t in families.invent(f, company, seed=7)]
    for told in (*script.told(), *invented):
        at = calendar.instant(told.when)
        assert at <= until, told.name
        for follow_up in (*told.seen, *told.said, *told.revised, *told.widened, *told.revoked):
            assert at + span(follow_up.after) <= until, told.name


@pytest.mark.parametrize("when", ["", "yesterday", "12d", "fri2", "-", "5x 10:00", "-3"])
def test_a_time_that_is_none_is_refused(when):
    with pytest.raises(ValueError, match=r"no time|no length"):
        Calendar(UNTIL).instant(when)


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        ("1d 11:40", "2026-11-22T14:40+00:00"),
        ("-3h20m", "2026-11-23T14:08+00:00"),
        ("fri1 17:30", "2026-11-20T20:30+00:00"),
        ("mon1 09:00", "2026-11-16T12:00+00:00"),
        ("sun2 09:00", "2026-11-15T12:00+00:00"),
    ],
)
def test_times_are_santiagos_and_count_back_from_the_end(when, instant):
    assert Calendar(UNTIL).instant(when) == datetime.fromisoformat(instant)
