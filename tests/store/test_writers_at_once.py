"""Two writers whose steps cross: nobody waits for ever, nothing falls between them."""

from __future__ import annotations

import json

import pytest

from minga.core import policy
from minga.core.observables import recognise
from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.core.stix import read_envelope
from minga.features.exchange import queries, services
from minga.store.audiences import seats
from minga.store.objects import late_doors
from minga.store.objects.models import Contribution
from minga.store.objects.reading import Selection
from tests import factories
from tests.store.writers import cross

pytestmark = pytest.mark.django_db(transaction=True)
EVERYBODY = policy.Audience(Tlp.AMBER, everyone=True)


@pytest.fixture(autouse=True)
def _hub():
    factories.hub()


def draft(**fields):
    return services.Draft(
        **{
            "title": "Phishing", "text": "", "kind": Contribution.Kind.ALERT,
            "audience": EVERYBODY, "observables": (recognise("a.example"),),
        }
        | fields
    )  # fmt: skip


def share(by, **fields):
    return services.share(draft(**fields), by=by, door=Contribution.Door.PAGE)


def receive(by, *objects, circle=None):
    reading = read_envelope(json.dumps({"objects": objects}).encode())
    return services.receive(reading, by=by, door=Contribution.Door.TAXII, circle=circle)


def named(actor, **filters):
    """The names of the reports that an actor meets."""
    page = queries.page(
        queries.collection("everything", reader=actor.reader),
        queries.Filters(types=("report",), **filters), reader=actor.reader, limit=100,
    )  # fmt: skip
    return [json.loads(row.raw)["name"] for row in page.rows]


INDICATOR = {
    "type": "indicator", "spec_version": "2.1",
    "id": "indicator--00000000-0000-4000-8000-000000000001",
    "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
    "pattern": "[domain-name:value = 'a.example']", "pattern_type": "stix",
    "valid_from": "2026-01-01T00:00:00Z",
}  # fmt: skip


def test_writers_of_one_observable_to_new_audiences_do_not_wait_for_each_other_in_a_ring():
    on_a_page, by_machine = factories.member(), factories.member()
    circle = factories.circle(on_a_page.organisation)
    other = factories.circle(by_machine.organisation)

    cross(
        lambda: share(
            on_a_page, audience=policy.Audience(Tlp.AMBER, circles=frozenset({circle.pk}))
        ),
        lambda: receive(by_machine, INDICATOR, circle=other),
        before='INSERT INTO "objects_observable"',
    )


def test_a_revision_that_crosses_a_widening_is_refused_and_not_lost_to_the_new_readers():
    author, before, later = factories.member(), factories.member(), factories.member()
    narrow = policy.Audience(Tlp.AMBER, organisations=frozenset({before.organisation.pk}))
    uuid = str(share(author, audience=narrow).uuid)

    with pytest.raises(Invalid, match="audience"):
        cross(
            lambda: services.widen(uuid, by=author, audience=EVERYBODY),
            lambda: services.revise(uuid, draft(title="Second", audience=narrow), by=author),
            before='INSERT INTO "objects_publication"',
        )

    assert named(later) == named(before) == ["Phishing"]


def test_what_is_deleted_while_it_is_brought_to_a_newcomer_does_not_come_back():
    author, newcomer = factories.member(), factories.member()
    circle = factories.circle(author.organisation)
    receive(author, INDICATOR, circle=circle)
    (door,) = seats.seat_in_circle(circle, newcomer.organisation)

    cross(
        lambda: late_doors.bring_older(
            origin=door.origin, audience=door.audience, before_us=door.before_us
        ),
        lambda: services.delete(INDICATOR["id"], by=author, selection=Selection()),
        before='INSERT INTO "objects_publication"',
    )

    everything = queries.collection("everything", reader=newcomer.reader)
    assert not queries.holds(everything, INDICATOR["id"], reader=newcomer.reader)
