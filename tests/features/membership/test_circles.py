"""Circles: who sits in them, and how older things come to who joins late."""

import pytest

from minga.core.policy import Audience, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.membership import queries, services
from minga.store.audiences import seats
from minga.store.objects import identities, late_doors, reading
from minga.store.objects.models import Publication, Version
from minga.store.objects.publishing import Placement, publish
from minga.store.objects.reading import Selection
from minga.store.people.actors import Actor
from minga.store.work.loop import work_off
from tests import factories

pytestmark = pytest.mark.django_db


def operator() -> Actor:
    return Actor(organisation=factories.hub())


def published(count, *, producer, audience):
    """That many identities, shown to an audience in order; their ids."""
    made = [factories.organisation() for _ in range(count)]
    for each in made:
        identities.publish_identity(each)
    versions = Version.objects.filter(producer__in=made).order_by("pk")
    publish([Placement.of(v, audience=audience.pk, kind=1) for v in versions])
    return [v.stix_id for v in versions]


def of_circle(circle, *, producer):
    return seats.intern(
        Audience(Tlp.AMBER, circles=frozenset({circle.pk}), organisations=frozenset({producer.pk}))
    )


def feed(organisation, circle, *, after=-1):
    reader = Actor(organisation=organisation).reader
    page = reading.read_page(Selection(circle=circle.pk, after=after), reader=reader, limit=10_000)
    return [(row.added_at, row.stix_id) for row in page.rows]


def test_the_steward_sits_in_his_circle_from_the_start():
    steward = factories.organisation()

    circle = services.create_circle("Banca", by=operator(), steward=steward)

    assert list(queries.members_of(circle, reader=operator().reader)) == [steward]


def test_only_the_hub_makes_circles():
    factories.hub()

    with pytest.raises(Forbidden):
        services.create_circle("Banca", by=factories.member(role="counterpart"))


def test_a_short_name_is_given_once():
    services.create_circle("Banca", by=operator())

    with pytest.raises(Conflict, match="'banca' is taken"):
        services.create_circle("Banca", by=operator())


def test_the_counterpart_of_the_steward_admits_and_expels():
    factories.hub()
    steward, guest = factories.member(role="counterpart"), factories.organisation()
    services.create_circle("Banca", by=operator(), steward=steward.organisation)

    circle = services.admit_to_circle("banca", by=steward, organisation=guest)
    assert guest in queries.members_of(circle, reader=steward.reader)

    services.expel_from_circle("banca", by=steward, organisation=guest)
    assert guest not in queries.members_of(circle, reader=steward.reader)


def test_who_sits_in_a_circle_without_its_stewardship_admits_nobody():
    guest = factories.member(role="counterpart")
    services.create_circle("Banca", by=operator())
    services.admit_to_circle("banca", by=operator(), organisation=guest.organisation)

    with pytest.raises(Forbidden):
        services.admit_to_circle("banca", by=guest, organisation=factories.organisation())


def test_a_circle_is_unknown_outside():
    outsider = factories.member(role="counterpart")
    services.create_circle("Banca", by=operator())

    with pytest.raises(NotFound):
        services.admit_to_circle("banca", by=outsider, organisation=outsider.organisation)


def test_a_circle_keeps_its_steward():
    services.create_circle("Banca", by=operator())

    with pytest.raises(Invalid, match="keeps its steward"):
        services.expel_from_circle("banca", by=operator(), organisation=factories.hub())


def test_older_things_come_to_who_joins_late_as_newly_added_in_their_order():
    producer, late = factories.organisation(), factories.organisation()
    circle = services.create_circle("Banca", by=operator(), steward=producer)
    ids = published(3, producer=producer, audience=of_circle(circle, producer=producer))
    stamp_before = Publication.objects.latest("added_at").added_at

    services.admit_to_circle("banca", by=operator(), organisation=late)
    assert feed(late, circle) == []

    assert work_off() == 1
    assert [stix_id for _, stix_id in feed(late, circle)] == ids
    assert min(stamp for stamp, _ in feed(late, circle)) > stamp_before


def test_those_who_were_there_meet_nothing_twice_when_somebody_joins():
    producer, late = factories.organisation(), factories.organisation()
    circle = services.create_circle("Banca", by=operator(), steward=producer)
    published(3, producer=producer, audience=of_circle(circle, producer=producer))
    before = feed(producer, circle)

    services.admit_to_circle("banca", by=operator(), organisation=late)
    work_off()

    assert feed(producer, circle) == before


def test_bringing_older_things_twice_brings_them_once(monkeypatch):
    monkeypatch.setattr(late_doors, "BATCH", 2)
    producer, late = factories.organisation(), factories.organisation()
    circle = services.create_circle("Banca", by=operator(), steward=producer)
    published(5, producer=producer, audience=of_circle(circle, producer=producer))
    (door,) = seats.seat_in_circle(circle, late)
    plan = {"origin": door.origin, "audience": door.audience, "before_us": door.before_us}

    assert late_doors.bring_older(**plan) == 5
    assert late_doors.bring_older(**plan) == 0
    assert len(feed(late, circle)) == 5


def test_who_returns_meets_everything_anew():
    producer, returning = factories.organisation(), factories.organisation()
    circle = services.create_circle("Banca", by=operator(), steward=producer)
    ids = published(2, producer=producer, audience=of_circle(circle, producer=producer))
    services.admit_to_circle("banca", by=operator(), organisation=returning)
    work_off()
    last_seen, _ = feed(returning, circle)[-1]

    services.expel_from_circle("banca", by=operator(), organisation=returning)
    assert feed(returning, circle) == []

    services.admit_to_circle("banca", by=operator(), organisation=returning)
    work_off()
    assert [stix_id for _, stix_id in feed(returning, circle, after=last_seen)] == ids


def test_admitting_who_is_in_changes_nothing():
    member = factories.organisation()
    circle = services.create_circle("Banca", by=operator(), steward=member)
    published(2, producer=member, audience=of_circle(circle, producer=member))
    before = feed(member, circle)

    services.admit_to_circle("banca", by=operator(), organisation=member)

    assert work_off() == 0
    assert feed(member, circle) == before
