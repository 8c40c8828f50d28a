"""Sightings, feedback and bundles by the API."""

import json

import pytest

from minga.features.exchange.models import Submission
from tests import factories
from tests.faces.api.conversation import Caller

SEEN = {"first_seen_at": "2026-01-02T03:04:05Z", "last_seen_at": "2026-01-02T05:04:05+01:00"}
UNKNOWN = "indicator--11111111-1111-4111-8111-111111111111"


def indicator(two):
    shared = two.sharing.share()
    carried = two.sharing.every(f"contributions/{shared['id']}/objects")
    return next(each["id"] for each in carried if each["type"] == "indicator")


def test_a_sighting_is_counted_for_others_and_named_only_when_its_sender_says_so(two):
    seen, witness = indicator(two), factories.key_of()
    report = Caller(witness[1]).post("sightings", SEEN | {"object_id": seen, "count": 3})
    assert report.status_code == 201, report.content
    made = report.json()
    assert (made["count"], made["last_seen_at"]) == (3, "2026-01-02T04:04:05.000Z")

    told = two.reading.get(f"objects/{seen}/sightings").json()
    assert (told["events"], told["organisations"], told["named"]) == (3, 1, [])
    named = SEEN | {"object_id": seen, "count": 1, "named": True}
    Caller(witness[1]).post("sightings", named)
    told = two.reading.get(f"objects/{seen}/sightings").json()
    assert told["named"] == [witness[0].organisation.name]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": 10**9},
        {"count": 1.5},
        {"first_seen_at": "2026-01-02T03:04:05"},
        {"first_seen_at": "0001-01-01T00:00:00+14:00"},
        {"first_seen_at": "2026-02-02T03:04:05Z"},
        {"last_seen_at": "9999-12-31T23:59:59-14:00"},
        {"object_id": "indicator"},
        {"seen_by": "other"},
    ],
)
def test_a_sighting_that_breaks_a_rule_is_refused(two, wrong):
    answer = two.sharing.post("sightings", SEEN | {"object_id": indicator(two)} | wrong)
    assert answer.status_code == 422, answer.content


def test_feedback_tells_the_producer_who_and_why_and_the_others_a_count(two):
    about, witness = indicator(two), factories.key_of()
    body = {"object_id": about, "verdict": "false-positive", "note": "Es nuestro proveedor."}
    given = Caller(witness[1]).post("feedback", body)
    assert given.status_code == 201
    assert given.json() == {"counts": {"false-positive": 1}, "own": ["false-positive"], "told": []}
    (told,) = two.sharing.get(f"objects/{about}/feedback").json()["told"]
    assert (told["organisation"], told["note"]) == (witness[0].organisation.name, body["note"])
    assert two.reading.get(f"objects/{about}/feedback").json()["told"] == []


@pytest.mark.parametrize("path", ["sightings", "feedback"])
def test_what_one_may_not_see_cannot_be_answered(two, path):
    body = {"object_id": UNKNOWN} | (SEEN if path == "sightings" else {"verdict": "expired"})
    assert two.sharing.post(path, body).status_code == 404


def test_a_bundle_is_taken_in_object_by_object_and_its_receipt_kept_for_its_sender(two):
    objects = [malware(1), malware(2) | {"is_family": "perhaps"}]
    answer = two.sharing.post("bundles", {"type": "bundle", "id": bundle_id(), "objects": objects})
    receipt = answer.json()
    assert (answer.status_code, receipt["state"]) == (202, "complete")
    assert [each["id"] for each in receipt["successes"]] == [objects[0]["id"]]
    assert "objects[1].is_family" in receipt["failures"][0]["message"]
    assert two.sharing.get(f"bundles/{receipt['id']}").json() == receipt
    assert two.reading.get(f"bundles/{receipt['id']}").status_code == 404
    assert two.reading.get(f"objects/{objects[0]['id']}").status_code == 200


def test_a_bundle_may_be_for_a_circle_of_ones_own(two):
    bundle = {"type": "bundle", "id": bundle_id(), "objects": [malware(3)]}
    others = factories.circle(factories.organisation())
    assert two.sharing.post(f"bundles?circle={others.slug}", bundle).status_code == 404
    assert two.sharing.post(f"bundles?circle={two.circle.slug}", bundle).status_code == 202
    outsider = Caller(factories.key_of()[1])
    assert two.reading.get(f"objects/{malware(3)['id']}").status_code == 200
    assert outsider.get(f"objects/{malware(3)['id']}").status_code == 404


def test_a_bundle_may_be_declared_as_stix_and_nothing_else_may(two):
    body = json.dumps({"type": "bundle", "id": bundle_id(), "objects": []}).encode()
    for media_type, status in (
        ("application/stix+json;version=2.1", 202),
        ("application/json", 202),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ):
        answer = two.sharing.post("bundles", body, media_type=media_type)
        assert answer.status_code == status, answer.content
    stix = "application/stix+json"
    assert two.sharing.post("lookup", b'{"values":["a"]}', media_type=stix).status_code == 415


def test_who_may_not_share_hands_nothing_in(two):
    bundle = {"type": "bundle", "id": bundle_id(), "objects": [malware(4)]}
    assert two.reading.post("bundles", bundle).status_code == 403
    assert not Submission.objects.exists()


def bundle_id():
    return "bundle--11111111-1111-4111-8111-111111111111"


def malware(number):
    return {
        "type": "malware", "spec_version": "2.1", "name": f"m{number}", "is_family": True,
        "id": f"malware--{number:08}-1111-4111-8111-111111111111",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
