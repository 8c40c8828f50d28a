"""What is posted and deleted: bodies, outcomes, and who may."""

import json
from io import BytesIO

import pytest
from django.test import Client

from minga.features.exchange import jobs
from tests import factories
from tests.faces.taxii.conversation import ROOT, TAXII, Caller, envelope, indicator, share

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
INBOX = "collections/inbox/objects/"


@pytest.mark.parametrize(
    "body",
    [
        b" ", b"{", b"nonsense", b"\xff\xfe", b'{"objects": [}', b'{"objects": [NaN]}',
        b'{"objects":[],"objects":[]}', b'{"objects": [{"type":"\\ud800"}]}' + b"x",
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_not_json_is_a_bad_request(two, body):
    answer = two.sharing.post(INBOX, body)
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [{}, {"objects": 1}, {"objects": {}}, {"object": []}, [], "x", 1])
def test_json_that_is_no_envelope_cannot_be_processed(two, body):
    answer = two.sharing.post(INBOX, json.dumps(body).encode())

    assert answer.status_code == 422
    assert "While processing supplied content, an error occurred" in answer.json()["description"]


@pytest.mark.parametrize(
    "thing",
    [
        1, None, "x", [], {}, {"type": "indicator"}, {"type": 7, "id": 7}, {"id": "x--y"},
        indicator() | {"modified": "yesterday"}, indicator() | {"id": "\x00"},
        indicator() | {"name": "a\x00b"}, indicator() | {"pattern": 7},
    ],
)  # fmt: skip
def test_a_bad_object_fails_alone_and_the_good_ones_go_in(two, thing):
    good = indicator("good.example")

    told = two.sharing.post(INBOX, envelope(thing, good))

    assert told.status_code == 202
    assert (told.json()["success_count"], told.json()["failure_count"]) == (1, 1)
    assert all(each["message"] for each in told.json()["failures"])
    assert two.reading.ids(EVERYTHING) == [good["id"]]


def test_posting_again_is_success_and_other_content_is_a_failure(two):
    posted = indicator()
    two.sharing.post(INBOX, envelope(posted))

    again = two.sharing.post(INBOX, envelope(posted)).json()
    other = two.sharing.post(INBOX, envelope(posted | {"name": "other"})).json()

    assert again["successes"][0]["message"] == "Object already added"
    assert (other["success_count"], other["failure_count"]) == (0, 1)
    assert two.reading.get(EVERYTHING).json()["objects"] == [posted]


def test_a_body_over_the_limit_is_refused_by_its_length_alone(two, settings):
    settings.BODY_LIMIT_BYTES = 1000

    class Unread(BytesIO):
        def read(self, *args):
            raise AssertionError("a body that is too long was read")

    answer = Client().generic(
        "POST", f"{ROOT}{INBOX}", b"", TAXII, headers=two.sharing.headers,
        CONTENT_TYPE=TAXII, CONTENT_LENGTH="1001", **{"wsgi.input": Unread()},
    )  # fmt: skip

    assert answer.status_code == 413
    assert "1000" in answer.json()["description"]


def post_stream(two, stream, **environ):
    return Client().generic(
        "POST", f"{ROOT}{INBOX}", b"", TAXII, headers=two.sharing.headers,
        CONTENT_TYPE=TAXII, **environ | {"wsgi.input": stream},
    )  # fmt: skip


CHUNKED = {
    "HTTP_TRANSFER_ENCODING": "chunked",
    "CONTENT_LENGTH": "",
    "wsgi.input_terminated": True,
}


def test_a_body_in_chunks_is_read_to_its_end(two):
    body = json.dumps(envelope(indicator())).encode()
    assert post_stream(two, BytesIO(body), **CHUNKED).json()["success_count"] == 1


def test_a_body_in_chunks_is_read_no_further_than_the_limit(two, settings):
    settings.BODY_LIMIT_BYTES = 1000
    endless = BytesIO(b" " * 5000)

    assert post_stream(two, endless, **CHUNKED).status_code == 413
    assert endless.tell() == 1001


def test_a_body_that_ends_early_is_refused(two):
    answer = post_stream(two, BytesIO(b'{"objects":[]}'), CONTENT_LENGTH="20")

    assert answer.status_code == 400
    assert "14 bytes" in answer.json()["description"]


@pytest.mark.parametrize("length", ["many", "-1", "1.5", "٣", "9" * 5_000])
def test_a_length_that_is_no_number_or_too_great_is_refused(two, length):
    answer = post_stream(two, BytesIO(b'{"objects":[]}'), CONTENT_LENGTH=length)
    assert answer.status_code in {400, 413}


def test_deleting_takes_the_last_version_or_those_the_filter_names(two):
    objects = f"collections/{two.circle.uuid}/objects/"
    for day in range(1, 5):
        shared = indicator("v.example", modified=f"2026-01-0{day}T00:00:00.000Z")
        share(shared, by=two.sharer, circle=two.circle)
    path = f"{objects}{shared['id']}/"

    def days():
        found = two.reading.get(f"{path}versions/").json().get("versions", [])
        return [int(version[8:10]) for version in found]

    assert two.sharing.delete(path, match_spec_version="2.0").status_code == 200
    assert days() == [4, 3, 2, 1]
    assert two.sharing.delete(path).status_code == 200
    assert days() == [3, 2, 1]
    assert two.sharing.delete(path, match_version="first").status_code == 200
    assert days() == [3, 2]
    assert two.sharing.delete(path, match_version="all").status_code == 200
    assert two.reading.get(f"{path}versions/").status_code == 404


def test_nobody_deletes_what_another_organisation_shared(two):
    shared = indicator()
    share(shared, by=two.sharer, circle=two.circle)
    other, secret = factories.key_of()
    factories.seats.seat_in_circle(two.circle, other.organisation)
    theirs = indicator()
    share(theirs, by=two.sharer, circle=two.circle)

    path = f"collections/{two.circle.uuid}/objects/{theirs['id']}/"
    assert Caller(secret).delete(path).status_code == 403
    assert two.reading.ids(f"collections/{two.circle.uuid}/objects/", match_id=theirs["id"])


def test_a_large_envelope_is_pending_until_it_is_worked_off(two):
    posted = [indicator(f"l{number}.example") for number in range(2_001)]

    answer = two.sharing.post(INBOX, envelope(*posted))

    told = answer.json()
    assert answer.status_code == 202
    assert (told["status"], told["pending_count"], told["total_count"]) == ("pending", 2001, 2001)
    assert not {"successes", "failures"} & told.keys()
    jobs.work_off_submission.call(told["id"])
    done = two.sharing.get(f"status/{told['id']}/").json()
    assert (done["status"], done["pending_count"], done["success_count"]) == ("complete", 0, 2001)
    assert len(two.reading.get(EVERYTHING).json()["objects"]) == 1000
