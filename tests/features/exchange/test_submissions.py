"""Large bundles are acknowledged first and taken in later: what their sender is told in the end."""

import json

import pytest

from minga.features.exchange import queries, services
from minga.features.exchange.models import Submission
from minga.features.exchange.services import submissions
from minga.store.audiences import seats
from minga.store.objects.models import Contribution
from minga.store.work import loop
from tests import factories

pytestmark = pytest.mark.django_db
State = Submission.State


@pytest.fixture(autouse=True)
def _small_bundles_are_large(settings, monkeypatch, tmp_path):
    factories.hub()
    settings.HOME = tmp_path
    monkeypatch.setattr(submissions, "AT_ONCE", 2)
    monkeypatch.setattr(submissions, "BATCH", 2)


def indicator(number):
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern": f"[ipv4-addr:value = '198.51.100.{number}']", "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    }  # fmt: skip


def submit(by, *objects, circle=None):
    body = json.dumps({"objects": objects or [indicator(n) for n in range(5)]}).encode()
    return services.submit(body, by=by, door=Contribution.Door.TAXII, circle=circle)


def told(submission, by):
    return queries.submission(str(submission.uuid), reader=by.reader)


def test_a_large_bundle_is_pending_and_then_told_object_by_object():
    author = factories.member()
    bad = indicator(9) | {"pattern": "no pattern"}
    submission = submit(author, *[indicator(n) for n in range(4)], bad, {"type": "indicator"})
    assert (told(submission, author).state, submission.total) == (State.PENDING, 6)

    assert loop.work_off() == 1

    answer = told(submission, author)
    assert answer.state == State.COMPLETE
    assert [stix_id for stix_id, _, _ in answer.successes] == [indicator(n)["id"] for n in range(4)]
    assert len(answer.failures) == 2
    assert Contribution.objects.count() == 1


def test_working_off_twice_changes_nothing():
    author = factories.member()
    submission = submit(author)
    loop.work_off()
    before = list(Contribution.objects.values()), told(submission, author).successes

    submissions.work_off(told(submission, author))

    assert (list(Contribution.objects.values()), told(submission, author).successes) == before


def test_a_body_is_kept_until_nobody_waits_for_it(tmp_path):
    def files():
        return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]

    for _ in range(2):
        submit(factories.member())
    first, second = Submission.objects.order_by("pk")
    assert len(files()) == 1

    submissions.work_off(first)
    assert len(files()) == 1
    submissions.work_off(second)
    assert files() == []


def test_who_loses_his_seat_before_his_bundle_is_taken_in_is_told_so():
    """It was acknowledged, so it must not stay pending for ever."""
    author = factories.member()
    circle = factories.circle(factories.organisation(), author.organisation)
    submission = submit(author, circle=circle)
    seats.unseat_from_circle(circle, author.organisation)

    loop.work_off()

    answer = told(submission, author)
    assert (answer.state, answer.successes, len(answer.failures)) == (State.COMPLETE, [], 5)
    assert "no seat" in answer.failures[0][2]
