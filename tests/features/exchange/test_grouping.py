"""Which contributions a bundle becomes."""

import json

import pytest

from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.store.objects.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db
CREATED = {"spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
           "modified": "2026-01-01T00:00:00.000Z"}  # fmt: skip


def uuid(number):
    return f"00000000-0000-4000-8000-{number:012d}"


def malware(number):
    return CREATED | {"type": "malware", "id": f"malware--{uuid(number)}", "is_family": False}


def report(number, *refers_to):
    return CREATED | {
        "type": "report", "id": f"report--{uuid(number)}", "name": f"Report {number}",
        "published": "2026-01-01T00:00:00Z", "object_refs": [each["id"] for each in refers_to],
    }  # fmt: skip


def relationship(number, source, target):
    return CREATED | {
        "type": "relationship", "id": f"relationship--{uuid(number)}",
        "relationship_type": "related-to", "source_ref": source["id"], "target_ref": target["id"],
    }  # fmt: skip


def sighting(number, of):
    return CREATED | {
        "type": "sighting", "id": f"sighting--{uuid(number)}", "sighting_of_ref": of["id"],
    }  # fmt: skip


def carried_after(*objects):
    """What each contribution carries once these were received, by its title."""
    factories.hub()
    reading = read_envelope(json.dumps({"objects": objects}).encode())
    receipt = services.receive(reading, by=factories.member(), door=Contribution.Door.API)
    assert not receipt.failures
    return {
        c.title: set(c.carried.values_list("version__stix_id", flat=True))
        for c in Contribution.objects.all()
    }


def ids(*objects):
    return {each["id"] for each in objects}


def test_what_links_two_parts_of_a_report_belongs_to_it_though_it_is_not_named():
    one, two = malware(1), malware(2)
    said, link, seen = report(1, one, two), relationship(1, one, two), sighting(1, two)

    assert carried_after(link, seen, one, said, two) == {
        "Report 1": ids(said, one, two, link, seen)
    }


def test_a_link_between_two_reports_belongs_to_none():
    one, two = malware(1), malware(2)
    first, second, link = report(1, one), report(2, two), relationship(1, one, two)

    assert carried_after(first, second, one, two, link) == {
        "Report 1": ids(first, one), "Report 2": ids(second, two), "1 relationship": ids(link),
    }  # fmt: skip


def test_a_link_that_fits_two_reports_belongs_to_the_first():
    one, two = malware(1), malware(2)
    first, second, link = report(1, one, two), report(2, two, one), relationship(1, one, two)

    assert carried_after(first, second, one, two, link) == {
        "Report 1": ids(first, one, two, link), "Report 2": ids(second, one, two),
    }  # fmt: skip
