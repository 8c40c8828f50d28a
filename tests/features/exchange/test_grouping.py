"""Which contributions a bundle becomes."""

import json

import pytest

from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.features.exchange.services.grouping import VERSIONS_NAMED_AGAIN
from minga.store.objects.models import Carried, Contribution
from tests import factories

pytestmark = pytest.mark.django_db
CREATED = {"spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
           "modified": "2026-01-01T00:00:00.000Z"}  # fmt: skip
MINUTE_LATER = {"modified": "2026-01-01T00:01:00.000Z"}


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


def receive(by, *objects):
    reading = read_envelope(json.dumps({"objects": objects}).encode())
    receipt = services.receive(reading, by=by, door=Contribution.Door.API)
    assert not receipt.failures


def carried_after(*objects):
    """What each contribution carries once these were received, by its title."""
    factories.hub()
    receive(factories.member(), *objects)
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
        "Report 1": ids(first, one), "Report 2": ids(second, two), "relationship × 1": ids(link),
    }  # fmt: skip


def test_a_link_that_fits_two_reports_belongs_to_the_first():
    one, two = malware(1), malware(2)
    first, second, link = report(1, one, two), report(2, two, one), relationship(1, one, two)

    assert carried_after(first, second, one, two, link) == {
        "Report 1": ids(first, one, two, link), "Report 2": ids(second, one, two),
    }  # fmt: skip


def versions(of, count):
    """The same object, said so many times."""
    return [of | {"modified": f"2026-01-01T00:00:{second:02d}.000Z"} for second in range(count)]


def test_versions_of_a_report_in_one_bundle_are_one_contribution_in_its_newest_words():
    one, two = malware(1), malware(2)
    older, newer = report(1, one), report(1, two) | {"name": "Better", **MINUTE_LATER}

    assert carried_after(newer, older, one, two) == {"Better": ids(older, one, two)}


def test_what_a_bundle_repeats_is_not_multiplied():
    """Forty versions that forty reports name were 1,600 rows: a megabyte made a million."""
    said = versions(malware(1), 40)
    reports = [report(number, malware(1)) for number in range(40)]

    carried_after(*said, *reports)

    assert Carried.objects.count() <= 40 + 40 + 39 * VERSIONS_NAMED_AGAIN


def test_versions_that_stand_already_are_not_multiplied_either():
    by = factories.member()
    factories.hub()
    receive(by, *versions(malware(1), 40))
    before = Carried.objects.count()

    receive(by, *(report(number, malware(1)) for number in range(40)))

    assert Carried.objects.count() - before <= 40 + 40 * VERSIONS_NAMED_AGAIN


def test_every_version_of_what_reports_name_goes_into_one_of_them():
    said = versions(malware(1), 40)

    carried_after(*said, report(1, malware(1)), report(2, malware(1)))

    first = Contribution.objects.get(title="Report 1")
    assert first.carried.filter(version__type="malware").count() == 40


def test_an_incident_of_many_versions_and_links_is_looked_at_once():
    """Each link looked at each version once for each version: a small bundle took minutes."""
    incident = CREATED | {"type": "incident", "id": f"incident--{uuid(1)}", "name": "Incident"}
    said = versions(incident, 40)
    links = [relationship(number, incident, malware(number)) for number in range(40)]

    carried_after(*said, *links)

    assert Contribution.objects.count() == 1
    assert Carried.objects.count() == 80


def named(word, number=1, **more):
    return CREATED | {
        "type": "indicator", "id": f"indicator--{uuid(number)}", "pattern_type": "stix",
        "pattern": "[ipv4-addr:value = '198.51.100.7']", "valid_from": "2026-01-01T00:00:00Z",
        "name": word,
    } | more  # fmt: skip


def titles_after(*objects):
    return list(carried_after(*objects))


def test_a_loose_object_alone_gives_its_name_to_the_contribution():
    kit = named("Phishing kit")

    assert titles_after(kit, sighting(2, kit)) == ["Phishing kit"]


@pytest.mark.parametrize("name", ["", "  "])
def test_loose_objects_without_one_name_are_counted_alike_in_every_language(name):
    assert titles_after(named(name)) == ["indicator × 1"]


def test_several_loose_objects_are_counted_by_type():
    assert titles_after(named("One", 1), named("Two", 2), malware(3)) == [
        "indicator × 2, malware × 1"
    ]


def test_a_report_whose_name_is_blank_is_called_by_its_id():
    one = malware(1)
    blank = report(1, one) | {"name": " "}

    assert titles_after(one, blank) == [blank["id"]]
