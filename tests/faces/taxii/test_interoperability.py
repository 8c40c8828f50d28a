"""The mandatory rows for a server of OASIS TAXII 2.1 Interoperability (CSD01, Table 52).

One test each, named after its row. The certificate row stands in `test_certificates.py`.
"""

import base64

import pytest

from tests.faces.taxii.conversation import (
    TAXII,
    Caller,
    address,
    envelope,
    indicator,
    malware,
    share,
)

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/"
OBJECTS = f"{EVERYTHING}objects/"
NOWHERE = "collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/"
MISSING = "indicator--252c7c11-daf2-42bd-843b-be65edca9f61"


def basic(user, password):
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


def test_row_3_1_1_no_authentication(two):
    refused = Caller().get("/taxii2/")

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith('Basic realm="')
    assert refused.json()["http_status"] == "401"


def test_row_3_1_2_wrong_authentication(two):
    refused = Caller().get("/taxii2/", headers=basic("user", "minga_wrong"))

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith('Basic realm="')


def test_row_3_1_4_http_basic(two):
    assert Caller().get("/taxii2/", headers=basic("any", two.reader_key)).status_code == 200


def test_row_3_2_discovery(two, settings):
    found = two.reading.get("/taxii2/")

    assert found.status_code == 200
    assert found.headers["Content-Type"] == TAXII
    assert found.json()["title"]
    assert found.json()["default"] == f"{settings.URL}/taxii2/hub/"
    assert found.json()["default"] in found.json()["api_roots"]


def test_row_3_3_1_api_root(two, settings):
    root = two.reading.get("").json()

    assert root["versions"] == [TAXII]
    assert root["max_content_length"] == settings.BODY_LIMIT_BYTES
    assert root["title"]


def test_row_3_3_2_wrong_api_root(two):
    refused = two.reading.get("/taxii2/elsewhere/")

    assert refused.status_code == 404
    assert refused.json()["http_status"] == "404"


def test_row_3_4_collections_in_the_order_of_their_ids(two):
    listed = two.reading.get("collections/").json()["collections"]

    ids = [each["id"] for each in listed]
    assert ids == sorted(ids)
    assert all(each["media_types"] == ["application/stix+json;version=2.1"] for each in listed)
    assert all(each["title"] for each in listed)


def rights(of, path):
    found = of.get(path).json()
    return found["can_read"], found["can_write"]


def test_row_3_5_1_1_write_only_collection(two):
    assert rights(two.sharing, "collections/inbox/") == (False, True)


def test_row_3_5_1_2_read_write_collection(two):
    assert rights(two.sharing, f"collections/{two.circle.uuid}/") == (True, True)


def test_row_3_5_1_3_read_only_collection(two):
    assert rights(two.sharing, EVERYTHING) == (True, False)


def test_row_3_5_1_4_collection_with_neither_right(two):
    assert rights(two.reading, "collections/inbox/") == (False, False)


def test_row_3_5_2_1_reading_a_write_only_collection_is_forbidden(two):
    assert two.sharing.get("collections/inbox/objects/").status_code == 403
    assert two.sharing.get("collections/inbox/manifest/").status_code == 403


def test_row_3_5_2_2_writing_a_read_only_collection_is_forbidden(two):
    assert two.sharing.post(OBJECTS, envelope(indicator())).status_code == 403


def test_row_3_5_2_3_deleting_with_one_right_is_forbidden(two):
    shared = indicator()
    share(shared, by=two.sharer)

    assert two.sharing.delete(f"{OBJECTS}{shared['id']}/").status_code == 403
    assert two.sharing.delete(f"collections/inbox/objects/{shared['id']}/").status_code == 403


def test_row_3_5_2_4_a_collection_with_neither_right_takes_and_gives_nothing(two):
    inbox = "collections/inbox/objects/"

    assert two.reading.get(inbox).status_code == 403
    assert two.reading.post(inbox, envelope(indicator())).status_code == 403
    assert two.reading.delete(f"{inbox}{MISSING}/").status_code == 404


def test_row_3_5_3_wrong_collection(two):
    for below in ("", "objects/", "manifest/", f"objects/{MISSING}/"):
        refused = two.reading.get(NOWHERE + below)
        assert refused.status_code == 404
        assert refused.headers["Content-Type"] == TAXII


def test_row_3_6_manifest(two):
    shared = [indicator(), malware()]
    share(*shared, by=two.sharer)

    found = two.reading.get(f"{EVERYTHING}manifest/")

    records = found.json()["objects"]
    assert [(r["id"], r["version"]) for r in records] == [(s["id"], s["modified"]) for s in shared]
    assert {r["media_type"] for r in records} == {"application/stix+json;version=2.1"}
    assert found.headers["X-TAXII-Date-Added-First"] == records[0]["date_added"]
    assert found.headers["X-TAXII-Date-Added-Last"] == records[-1]["date_added"]


def test_row_3_7_1_objects(two):
    shared = [indicator(), malware(), address()]
    share(*shared, by=two.sharer)

    found = two.reading.get(OBJECTS)

    assert found.json() == {"more": False, "objects": shared}
    assert found.headers["X-TAXII-Date-Added-First"] < found.headers["X-TAXII-Date-Added-Last"]


def test_row_3_7_2_no_objects(two):
    found = two.reading.get(OBJECTS)

    assert (found.status_code, found.json()) == (200, {})
    assert "X-TAXII-Date-Added-First" not in found.headers
    assert "X-TAXII-Date-Added-Last" not in found.headers


def test_row_3_8_1_object(two):
    wanted, other = indicator(), indicator()
    share(other, wanted, by=two.sharer)

    assert two.reading.get(f"{OBJECTS}{wanted['id']}/").json()["objects"] == [wanted]


def test_row_3_8_2_object_not_found(two):
    assert two.reading.get(f"{OBJECTS}{MISSING}/").status_code == 404


def three_versions(of="v.example"):
    return [indicator(of, modified=f"2026-01-0{day}T00:00:00.000Z") for day in (1, 2, 3)]


def test_row_3_9_versions(two):
    shared = three_versions()
    for each in shared:
        share(each, by=two.sharer)

    found = two.reading.get(f"{OBJECTS}{shared[0]['id']}/versions/").json()

    assert found == {"more": False, "versions": [v["modified"] for v in reversed(shared)]}


def test_row_3_10_add_objects(two):
    posted = indicator()

    added = two.sharing.post("collections/inbox/objects/", envelope(posted))

    assert added.status_code == 202
    assert added.headers["Content-Type"] == TAXII
    assert added.json()["status"] == "complete"
    assert two.reading.ids(OBJECTS, match_id=posted["id"]) == [posted["id"]]


def test_row_3_11_1_status(two):
    added = two.sharing.post("collections/inbox/objects/", envelope(indicator())).json()

    assert two.sharing.get(f"status/{added['id']}/").json() == added


def test_row_3_11_2_status_with_all_properties(two):
    good, bad = indicator(), indicator() | {"pattern": "[domain-name:value"}

    told = two.sharing.post("collections/inbox/objects/", envelope(good, bad)).json()

    assert told["total_count"] == 2
    assert told["success_count"] == told["failure_count"] == 1
    assert told["pending_count"] == 0
    assert told["request_timestamp"].endswith("Z")
    assert [(s["id"], s["version"]) for s in told["successes"]] == [(good["id"], good["modified"])]
    assert [(f["id"], f["version"]) for f in told["failures"]] == [(bad["id"], bad["modified"])]
    assert all(each["message"] for each in told["successes"] + told["failures"])


def test_row_3_12_delete(two):
    kept, gone = indicator(), indicator()
    path = f"collections/{two.circle.uuid}/objects/"
    share(kept, gone, by=two.sharer, circle=two.circle)

    deleted = two.sharing.delete(f"{path}{gone['id']}/")

    assert (deleted.status_code, deleted.content) == (200, b"")
    assert deleted.headers["Content-Type"] == TAXII
    assert two.reading.ids(path) == [kept["id"]]
    assert two.sharing.delete(f"{path}{gone['id']}/").status_code == 404


def test_row_3_13_1_1_added_after(two):
    first, second = indicator(), indicator()
    share(first, by=two.sharer)
    seen_until = two.reading.get(OBJECTS).headers["X-TAXII-Date-Added-Last"]
    share(second, by=two.sharer)

    assert two.reading.ids(OBJECTS, added_after=seen_until) == [second["id"]]


def test_row_3_13_1_2_limit_and_next(two):
    shared = [indicator() for _ in range(3)]
    share(*shared, by=two.sharer)

    page = two.reading.get(OBJECTS, limit=2).json()
    rest = two.reading.get(OBJECTS, limit=2, next=page["next"]).json()

    assert (page["more"], page["objects"]) == (True, shared[:2])
    assert rest == {"more": False, "objects": shared[2:]}


def test_row_3_13_1_3_match_id(two):
    shared = [indicator() for _ in range(3)]
    share(*shared, by=two.sharer)

    assert two.reading.ids(OBJECTS, match_id=shared[1]["id"]) == [shared[1]["id"]]


def test_row_3_13_1_4_match_type(two):
    shared = [indicator(), malware()]
    share(*shared, by=two.sharer)

    assert two.reading.ids(OBJECTS, match_type="malware") == [shared[1]["id"]]


def test_row_3_13_1_5_match_version(two):
    shared = three_versions()
    for each in shared:
        share(each, by=two.sharer)

    def matching(version):
        found = two.reading.get(OBJECTS, match_version=version).json()["objects"]
        return [each["modified"] for each in found]

    first, second, last = (each["modified"] for each in shared)
    assert matching("last") == [last]
    assert matching("first") == [first]
    assert matching("all") == [first, second, last]
    assert matching("2026-01-02T00:00:00Z") == [second]


def test_row_3_13_1_6_match_spec_version(two):
    shared = indicator()
    share(shared, by=two.sharer)

    assert two.reading.ids(OBJECTS, match_spec_version="2.1") == [shared["id"]]
    assert two.reading.get(OBJECTS, match_spec_version="2.0").json() == {}


def test_row_3_13_1_7_a_comma_means_or(two):
    shared = [indicator(), malware(), address()]
    share(*shared, by=two.sharer)

    found = two.reading.ids(OBJECTS, match_type="malware,ipv4-addr")

    assert found == [shared[1]["id"], shared[2]["id"]]


def test_row_3_13_1_8_different_filters_mean_and(two):
    shared = [indicator(), malware()]
    share(*shared, by=two.sharer)

    def both(type_):
        return two.reading.ids(OBJECTS, match_id=shared[0]["id"], match_type=type_)

    assert both("indicator") == [shared[0]["id"]]
    assert both("malware") == []


def test_row_3_13_1_9_or_and_and_together(two):
    shared = [indicator(), malware(), malware(), address()]
    share(*shared, by=two.sharer)
    ids = ",".join(each["id"] for each in shared[:2])

    found = two.reading.ids(OBJECTS, match_id=ids, match_type="malware,ipv4-addr")

    assert found == [shared[1]["id"]]


def test_row_3_13_1_10_a_duplicate_filter_is_refused(two):
    refused = two.reading.get(f"{OBJECTS}?match[type]=indicator&match[type]=malware")

    assert refused.status_code == 400
    assert refused.json()["title"] == "ProcessingError"


def test_row_3_14_versions_are_paged_by_added_after(two):
    shared = three_versions()
    for each in shared:
        share(each, by=two.sharer)
    path = f"{OBJECTS}{shared[0]['id']}/versions/"

    met, asked = [], {}
    for _ in shared:
        page = two.reading.get(path, limit=1, **asked)
        met += page.json()["versions"]
        asked = {"added_after": page.headers["X-TAXII-Date-Added-Last"]}

    assert met == [each["modified"] for each in shared]
    assert two.reading.get(path, **asked).json() == {}


def test_row_3_15_custom_properties(two):
    posted = indicator() | {"x_example_score": 7}

    added = two.sharing.post(
        "collections/inbox/objects/", envelope(posted) | {"x_example_batch": "a7"}
    )

    assert added.json()["success_count"] == 1
    assert two.reading.get(f"{OBJECTS}{posted['id']}/").json()["objects"] == [posted]
