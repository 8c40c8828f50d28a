"""Media types, methods, slashes and packing: how an answer travels."""

import gzip

import pytest

from tests.faces.taxii.conversation import TAXII, Caller, address, envelope, indicator, share

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
INBOX = "collections/inbox/objects/"
MISSING = "indicator--252c7c11-daf2-42bd-843b-be65edca9f61"


@pytest.mark.parametrize(
    "accept",
    [
        TAXII, "application/taxii+json; version=2.1", "application/taxii+json", "", "*/*",
        "application/*", "text/html, application/taxii+json;version=2.1;q=0.2",
        'Application/TAXII+JSON;version="2.1"',
    ],
)  # fmt: skip
def test_what_can_hear_us_is_served_in_exactly_one_media_type(two, accept):
    answer = two.reading.get("", headers={"accept": accept})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == TAXII


@pytest.mark.parametrize(
    "accept",
    [
        "application/json", "text/html", "application/taxii+json;version=2.0",
        "application/taxii+json;version=2.2", "application/vnd.oasis.taxii+json; version=2.0",
        "application/taxii+json;version=2.1;q=0", "application/stix+json;version=2.1", ";", ",",
    ],
)  # fmt: skip
def test_who_cannot_hear_us_is_told_so(two, accept):
    answer = two.reading.get("", headers={"accept": accept})

    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == TAXII
    assert answer.json()["title"] == "ProcessingError"


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/taxii+json;version=2.0", ""]
)
def test_a_body_of_another_media_type_is_refused(two, content_type):
    answer = two.sharing.post(INBOX, envelope(), headers={"content-type": content_type})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "content_type", ["application/taxii+json", "application/taxii+json; version=2.1"]
)
def test_a_body_of_our_media_type_is_read(two, content_type):
    answer = two.sharing.post(INBOX, envelope(), headers={"content-type": content_type})
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "/taxii2/", "GET, HEAD"),
        ("delete", EVERYTHING, "GET, HEAD, POST"),
        ("put", EVERYTHING, "GET, HEAD, POST"),
        ("options", EVERYTHING, "GET, HEAD, POST"),
        ("post", f"{EVERYTHING}{MISSING}/", "DELETE, GET, HEAD"),
        ("patch", f"{EVERYTHING}{MISSING}/versions/", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_does_not_know(two, method, path, allowed):
    answer = two.sharing.ask(method, path)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    assert answer.json()["http_status"] == "405"


def test_head_tells_what_get_would(two):
    share(indicator(), by=two.sharer)

    told, full = two.reading.ask("head", EVERYTHING), two.reading.get(EVERYTHING)

    assert told.content == b""
    assert dict(told.headers) == dict(full.headers)


def test_every_path_answers_without_its_last_slash(two):
    shared = indicator()
    share(shared, by=two.sharer, circle=two.circle)
    told = two.sharing.post(INBOX, envelope(indicator())).json()["id"]
    circle = f"collections/{two.circle.uuid}/"
    paths = ["/taxii2/", "/taxii2/hub/", "collections/", circle, f"{circle}manifest/",
             f"{circle}objects/", f"{circle}objects/{shared['id']}/",
             f"{circle}objects/{shared['id']}/versions/"]  # fmt: skip

    for path in paths:
        with_, without = two.reading.get(path), two.reading.get(path[:-1])
        assert (without.status_code, without.content) == (200, with_.content)
    assert two.sharing.get(f"status/{told}").status_code == 200
    assert two.sharing.post(f"{circle}objects", envelope(address())).status_code == 202
    assert two.sharing.delete(f"{circle}objects/{shared['id']}").status_code == 200


def test_checks_come_in_the_order_of_the_interoperability_tests(two):
    """Key, method, Accept, collection, right, content: each hides the ones after it."""
    wrong = {"accept": "text/html", "content-type": "text/plain"}
    steps = [
        (401, Caller().post("collections/x/objects/", b"{", headers=wrong)),
        (405, two.reading.ask("put", "collections/x/objects/", headers=wrong)),
        (406, two.reading.post("collections/x/objects/", b"{", headers=wrong)),
        (404, two.reading.post("collections/x/objects/", b"{", headers={"content-type": "a/b"})),
        (403, two.reading.post(INBOX, b"{", headers={"content-type": "a/b"})),
        (415, two.sharing.post(INBOX, b"{", headers={"content-type": "a/b"})),
        (400, two.sharing.post(INBOX, b"{")),
    ]

    assert [answer.status_code for _, answer in steps] == [status for status, _ in steps]


def test_an_answer_is_packed_only_when_asked_and_worth_it(two):
    share(*(indicator() for _ in range(20)), by=two.sharer)
    plain = two.reading.get(EVERYTHING)
    packed = two.reading.get(EVERYTHING, headers={"accept-encoding": "deflate, gzip"})
    refused = two.reading.get(EVERYTHING, headers={"accept-encoding": "gzip;q=0"})
    small = two.reading.get("", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content)
    assert gzip.decompress(packed.content) == plain.content == refused.content
    assert "Content-Encoding" not in small.headers
