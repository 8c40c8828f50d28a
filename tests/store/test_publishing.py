"""The order in which readers meet things, and what a whole millisecond is for."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.core.policy import Tlp
from minga.store import world
from minga.store.audiences.models import Audience
from minga.store.objects import publishing, stamps
from minga.store.objects.models import Publication, PublicationClock, Version
from minga.store.objects.publishing import Placement
from tests import factories
from tests.store.held_clock import HeldClock

pytestmark = pytest.mark.django_db
MILLISECOND = stamps.MILLISECOND_US

commits = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 2)), min_size=1, max_size=30),
        st.sampled_from([0, 0.000001, 0.0005, 2, -0.003, -86_400]),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def clock():
    held = HeldClock()
    before = world.replace(held)
    yield held
    world.replace(before)


@pytest.fixture
def audiences(db):
    return [Audience.objects.create(digest=bytes([n]) * 16, tlp=Tlp.AMBER) for n in range(3)]


@pytest.fixture
def version(db):
    return Version.objects.create(
        producer=factories.organisation(), stix_id="indicator--a", modified_us=1, version="1",
        type="indicator", raw=b"{}", digest=bytes(16), lineage=1, tlp=Tlp.AMBER, received_us=0,
    )  # fmt: skip


def newest(count):
    """The publications added last, in order."""
    return list(Publication.objects.order_by("-added_at")[:count])[::-1]


@given(commits=commits)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_stamps_rise_strictly_and_every_readers_part_of_a_commit_ends_on_a_millisecond(
    clock, audiences, version, commits
):
    with transaction.atomic():
        for placed, seconds in commits:
            clock.move(seconds=seconds)
            publishing.publish(
                [Placement.of(version, audience=audiences[a].pk, kind=kind) for a, kind in placed]
            )

            commit = newest(len(placed))
            together = [a for a, _ in groupby(p.audience_id for p in commit)]
            assert len(together) == len(set(together))
            for audience in audiences:
                shown = [p.kind for p in commit if p.audience_id == audience.pk]
                assert shown == [kind for a, kind in placed if audiences[a] == audience]
            assert commit[0].added_at >= world.now_us()
            last = {(p.audience_id, p.kind): p.added_at for p in commit}
            assert all(stamp % MILLISECOND == 0 for stamp in last.values())
            assert PublicationClock.objects.get().last_us == commit[-1].added_at
        every = Publication.objects.order_by("pk").values_list("added_at", flat=True)
        assert all(one < other for one, other in pairwise(every))
        assert len(every) == sum(len(placed) for placed, _ in commits)
        transaction.set_rollback(True)


def test_a_stamp_is_the_present_unless_the_clock_was_set_back(clock, audiences, version):
    def publish(audience):
        publishing.publish([Placement.of(version, audience=audience.pk, kind=1)])
        return newest(1)[0].added_at

    clock.move(microseconds=1)
    first = publish(audiences[0])
    assert first == world.now_us() + MILLISECOND - 1

    clock.move(hours=-1)
    assert publish(audiences[1]) == first + MILLISECOND

    clock.move(hours=2)
    assert publish(audiences[2]) - world.now_us() == MILLISECOND - 1


def test_nothing_to_publish_takes_no_stamp(audiences):
    before = PublicationClock.objects.get().last_us
    publishing.publish([])
    assert PublicationClock.objects.get().last_us == before


def test_what_stands_already_and_what_is_named_twice_is_not_missing(audiences, version):
    one, two, three = (Placement.of(version, audience=a.pk, kind=1) for a in audiences)
    other_kind = Placement.of(version, audience=audiences[0].pk, kind=2)
    publishing.publish([two])

    assert publishing.missing([three, two, one, three, other_kind]) == [three, one, other_kind]


def test_what_is_withdrawn_is_gone_for_every_audience_and_its_bytes_stay(audiences, version):
    publishing.publish([Placement.of(version, audience=a.pk, kind=1) for a in audiences])

    assert publishing.withdraw(Version.objects.filter(pk=version.pk)) == len(audiences)

    assert not Publication.objects.exists()
    assert Version.objects.get() == version
