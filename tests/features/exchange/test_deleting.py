"""What was deleted is said nowhere any more, and what is left can still be ended."""

import json

import pytest

from minga.core.problems import NotFound
from minga.core.stix import read_envelope
from minga.features.exchange import queries, services
from minga.features.exchange.queries import ListFilters
from minga.store.objects.models import Contribution
from minga.store.objects.reading import Selection
from tests import factories

pytestmark = pytest.mark.django_db
REPORT = "report--00000000-0000-4000-8000-000000000001"


@pytest.fixture
def by():
    """Who shared a report in two versions."""
    factories.hub()
    sharer = factories.member()
    versions = [
        {
            "type": "report", "spec_version": "2.1", "id": REPORT, "name": f"{word} title",
            "description": f"{word} words", "created": "2026-01-01T00:00:00.000Z",
            "modified": f"2026-01-01T00:00:0{number}.000Z",
            "published": "2026-01-01T00:00:00Z", "object_refs": [sharer.organisation.stix_id],
        }
        for number, word in enumerate(["First", "Second"])
    ]  # fmt: skip
    reading = read_envelope(json.dumps({"objects": versions}).encode())
    assert not services.receive(reading, by=sharer, door=Contribution.Door.TAXII).failures
    return sharer


def delete(by, *versions):
    services.delete(REPORT, by=by, selection=Selection(ids=(REPORT,), versions=versions))


def test_a_report_deleted_whole_leaves_no_words_behind(by):
    reader = factories.member().reader
    (made,) = queries.contributions(reader=reader)

    delete(by)

    assert not queries.contributions(reader=reader)
    with pytest.raises(NotFound):
        queries.contribution(str(made.uuid), reader=reader)


def test_a_version_deleted_gives_the_word_back_to_the_one_before(by):
    reader = factories.member().reader

    delete(by, "last")

    (made,) = queries.contributions(reader=reader)
    assert (made.title, made.text) == ("First title", "First words")
    assert not queries.contributions(ListFilters(text="Second"), reader=reader)


def test_what_is_left_after_the_last_version_was_deleted_can_be_revoked(by):
    delete(by, "last")

    revoked = services.revoke(REPORT, by=by)

    assert revoked.revoked
    assert json.loads(bytes(revoked.raw))["name"] == "First title"
