"""The public client of OASIS, taxii2-client, works against the door unchanged."""

import json
from pathlib import Path

import msgspec
import pytest
import requests
from taxii2client.common import TokenAuth
from taxii2client.v21 import Server, as_pages

from tests.faces.taxii.conversation import address, envelope, indicator, malware, share

pytestmark = pytest.mark.django_db(transaction=True)

REAL = Path(__file__).parents[4] / "shared" / "data" / "stix"


@pytest.fixture
def served(live_server, settings, two):
    """The hub on loopback, its members, and what its address is."""
    settings.URL = live_server.url
    two.url = f"{live_server.url}/taxii2/"
    return two


def collection_of(served, key, alias):
    server = Server(served.url, user="anybody", password=key)
    root = server.default
    assert root is not None
    return next(each for each in root.collections if each.alias == alias)


def test_it_discovers_the_hub_and_its_collections(served):
    server = Server(served.url, user="anybody", password=served.reader_key)

    assert server.default.url == served.url + "hub/"
    assert [root.url for root in server.api_roots] == [server.default.url]
    assert server.default.max_content_length > 0
    assert f"circle-{served.circle.slug}" in {each.alias for each in server.default.collections}


def test_it_signs_in_with_a_token(served):
    assert Server(served.url, auth=TokenAuth(served.reader_key)).default.title


def test_it_reads_everything_page_by_page(served):
    shared = [indicator() for _ in range(25)]
    share(*shared, by=served.sharer)
    everything = collection_of(served, served.reader_key, "everything")

    pages = list(as_pages(everything.get_objects, per_request=10))
    records = list(as_pages(everything.get_manifest, per_request=7))

    assert [len(page["objects"]) for page in pages] == [10, 10, 5]
    assert [each for page in pages for each in page["objects"]] == shared
    assert [r["id"] for page in records for r in page["objects"]] == [each["id"] for each in shared]


def test_it_reads_on_when_the_hub_gives_less_than_it_asks_for(served, settings):
    """It then sends the size of the first page as a limit, which it did not send before."""
    settings.PAGE_LIMIT = 4
    shared = [indicator() for _ in range(10)]
    share(*shared, by=served.sharer)
    everything = collection_of(served, served.reader_key, "everything")

    for per_request in (0, 100):
        pages = as_pages(everything.get_objects, per_request=per_request, type="indicator")
        assert [each for page in pages for each in page["objects"]] == shared


def test_it_posts_and_waits_for_the_outcome(served):
    inbox = collection_of(served, served.sharer_key, "inbox")
    posted = [indicator(), malware(), address()]

    status = inbox.add_objects(envelope(*posted, {"type": "indicator"}))

    assert status.status == "complete"
    assert (status.success_count, status.failure_count, status.total_count) == (3, 1, 4)
    status.refresh()
    assert [each["id"] for each in status.successes] == [each["id"] for each in posted]


def test_it_polls_by_the_date_of_the_last_page(served):
    everything = collection_of(served, served.reader_key, "everything")
    first, second = indicator(), indicator()
    share(first, by=served.sharer)
    added = everything.get_manifest()["objects"][-1]["date_added"]
    assert everything.get_objects(added_after=added) == {}

    share(second, by=served.sharer)

    assert everything.get_objects(added_after=added)["objects"] == [second]


def test_it_reads_one_object_and_its_versions_and_deletes_it(served):
    old, new = (indicator("v.example", modified=f"2026-01-0{d}T00:00:00.000Z") for d in (1, 2))
    for each in (old, new):
        share(each, by=served.sharer, circle=served.circle)
    circle = collection_of(served, served.sharer_key, f"circle-{served.circle.slug}")

    assert circle.get_object(new["id"])["objects"] == [new]
    assert circle.get_object(new["id"], version="all")["objects"] == [old, new]
    assert circle.object_versions(new["id"])["versions"] == [new["modified"], old["modified"]]
    circle.delete_object(new["id"])
    assert circle.get_object(new["id"])["objects"] == [old]


def test_it_meets_a_wrong_key_as_a_refusal(served):
    with pytest.raises(requests.HTTPError, match="401"):
        Server(served.url, user="anybody", password="wrong").title  # noqa: B018 - reading asks


def raw_objects(body):
    """The bytes of each object in a bundle or envelope, by id and version."""
    raws = map(bytes, msgspec.json.decode(body, type=Bundle).objects)
    return {(o["id"], o.get("modified", "")): raw for raw in raws if (o := json.loads(raw))}


class Bundle(msgspec.Struct):
    objects: list[msgspec.Raw]


def read_all(served, alias):
    """The raw objects of a collection, every version, page by page."""
    collection, found, cursor = collection_of(served, served.reader_key, alias), {}, {}
    while cursor is not None:
        answer = requests.get(
            collection.objects_url, auth=("any", served.reader_key), timeout=30,
            params={"match[version]": "all"} | cursor,
        )  # fmt: skip
        found |= raw_objects(answer.content)
        cursor = {"next": answer.json()["next"]} if answer.json()["more"] else None
    return found


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the public documents in ../shared/data/stix")
@pytest.mark.parametrize(
    "name", ["oasis-apt1.json", "amnesty-novispy.json", "attack-ics-18.1.json"]
)
def test_it_reads_a_public_document_back_byte_for_byte(served, name):
    body = (REAL / name).read_bytes()
    inbox = collection_of(served, served.sharer_key, "inbox")

    status = inbox.add_objects(body)

    added = {(o["id"], o["version"]) for o in status.successes if o["message"] == "Added."}
    posted = {key: raw for key, raw in raw_objects(body).items() if key in added}
    read = read_all(served, "everything")
    assert len(posted) > 20
    assert posted == {key: read[key] for key in posted}
