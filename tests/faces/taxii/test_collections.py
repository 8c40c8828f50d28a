"""Which collections there are for whom, and what does not show."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.taxii.conversation import TAXII, caller, envelope, indicator, share

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
INBOX = "collections/inbox/objects/"
MISSING = "indicator--252c7c11-daf2-42bd-843b-be65edca9f61"
UNKNOWN = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


def test_collections_keep_their_ids_and_hide_the_circles_of_others(two):
    listed = two.sharing.get("collections/").json()["collections"]
    outside = caller().get("collections/").json()["collections"]

    assert listed == two.sharing.get("collections/").json()["collections"]
    hidden = [each for each in listed if each not in outside]
    assert [each["id"] for each in hidden] == [str(two.circle.uuid)]
    assert {each["id"] for each in outside} < {each["id"] for each in listed}


def test_a_collection_answers_by_its_id_and_by_its_alias(two):
    for each in two.reading.get("collections/").json()["collections"]:
        assert two.reading.get(f"collections/{each['id']}/").json() == each
        assert two.reading.get(f"collections/{each['alias']}/").json() == each


def test_a_circle_is_written_by_its_members_and_read_by_nobody_else(two):
    posted = indicator()
    objects = f"collections/{two.circle.uuid}/objects/"

    assert two.sharing.post(objects, envelope(posted)).json()["success_count"] == 1
    assert two.reading.ids(objects) == two.reading.ids(EVERYTHING) == [posted["id"]]
    assert caller().ids(EVERYTHING) == []
    assert caller().post(objects, envelope(indicator())).status_code == 404


def test_a_kind_shows_only_its_own(two):
    share(indicator(), by=two.sharer)
    here = [
        each["alias"]
        for each in two.reading.get("collections/").json()["collections"]
        if each["can_read"] and two.reading.ids(f"collections/{each['alias']}/objects/")
    ]

    assert "everything" in here
    assert len(here) == 2


def work_of(caller_, path):
    """The statements that an answer took, without their values."""
    caller_.get("")  # notes that the key was used, once a minute
    with CaptureQueriesContext(connection) as captured:
        caller_.get(path)
    return [re.sub(r"'[^']*'|\b[0-9]+\b", "?", each["sql"]) for each in captured]


@pytest.mark.parametrize("below", ["", "versions/", "?added_after=2100-01-01T00:00:00Z"])
def test_an_unknown_object_and_a_hidden_one_take_the_same_work(two, below):
    hidden = indicator()
    share(hidden, by=two.sharer, circle=two.circle)
    outsider = caller()

    work = work_of(outsider, f"{EVERYTHING}{MISSING}/{below}")

    assert work
    assert work_of(outsider, f"{EVERYTHING}{hidden['id']}/{below}") == work


@pytest.mark.parametrize("below", ["", "objects/", "manifest/"])
def test_an_unknown_collection_and_a_hidden_one_take_the_same_work(two, below):
    outsider = caller()

    work = work_of(outsider, f"collections/{UNKNOWN}/{below}")

    assert work
    assert work_of(outsider, f"collections/{two.circle.uuid}/{below}") == work


def told(caller_, method, path, identifier, **query):
    """Status, headers and words of an answer, but for the identifier that was asked for."""
    answer = caller_.ask(method, path.format(identifier), **query)
    headers = {k: v for k, v in answer.headers.items() if k != "Content-Length"}
    return answer.status_code, headers, answer.content.replace(identifier.encode(), b"*")


@pytest.mark.parametrize("query", [{}, {"added_after": "2100-01-01T00:00:00Z"}])
@pytest.mark.parametrize("below", ["", "versions/"])
def test_an_unknown_object_and_a_hidden_one_give_the_same_bytes(two, below, query):
    hidden = indicator()
    share(hidden, by=two.sharer, circle=two.circle)
    outsider, path = caller(), f"{EVERYTHING}{{}}/{below}"

    unknown = told(outsider, "get", path, MISSING, **query)

    assert unknown[0] == 404
    assert told(outsider, "get", path, hidden["id"], **query) == unknown


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("get", ""), ("get", "manifest/"), ("get", "objects/"), ("post", "objects/"),
        ("get", f"objects/{MISSING}/"), ("delete", f"objects/{MISSING}/"),
        ("get", f"objects/{MISSING}/versions/"),
    ],
)  # fmt: skip
def test_an_unknown_collection_and_a_hidden_one_give_the_same_bytes(two, method, below):
    outsider, path = caller(), f"collections/{{}}/{below}"

    unknown = told(outsider, method, path, UNKNOWN)

    assert unknown[0] == 404
    assert told(outsider, method, path, str(two.circle.uuid)) == unknown
    assert told(outsider, method, path, f"circle-{two.circle.slug}") == unknown


def test_an_unknown_submission_and_one_of_another_give_the_same_bytes(two):
    submitted = two.sharing.post(INBOX, envelope(indicator())).json()["id"]

    unknown = told(two.reading, "get", "status/{}/", UNKNOWN)

    assert unknown[0] == 404
    assert told(two.reading, "get", "status/{}/", submitted) == unknown
    assert told(two.sharing, "get", "status/{}/", submitted)[0] == 200


@pytest.mark.parametrize("text", ["x", "%00", "..", "{91a7b528-80eb-42ed-a74d-c6fbd5a26116}",
                                  "91A7B528-80EB-42ED-A74D-C6FBD5A26116", "%F0%9F%90%8D", "%FF",
                                  "circle-", "circle-%00", "a" * 5000])  # fmt: skip
def test_strange_words_in_a_path_are_not_found(two, text):
    for path in (f"collections/{text}/", f"collections/{text}/objects/", f"status/{text}/",
                 f"{EVERYTHING}{text}/", f"{EVERYTHING}{text}/versions/"):  # fmt: skip
        answer = two.sharing.get(path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == TAXII
