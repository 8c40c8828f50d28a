"""What a query string may say, and what it means when it says too much or nothing."""

import pytest

from tests.faces.taxii.conversation import TAXII, indicator, share

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
MISSING = "indicator--252c7c11-daf2-42bd-843b-be65edca9f61"


def test_an_error_is_a_taxii_error(two):
    answer = two.reading.get(EVERYTHING, limit="many")

    assert answer.headers["Content-Type"] == TAXII
    assert answer.json() == {
        "title": "ProcessingError",
        "description": "limit is 'many'; expected a whole number from 1.",
        "error_code": "malformed",
        "http_status": "400",
        "details": {"field": "limit"},
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=", "limit"), ("limit=1.5", "limit"),
        ("limit=1e3", "limit"), ("limit=%2B5", "limit"), ("limit=٣", "limit"),
        ("limit=" + "9" * 5000, "limit"), ("limit=1%00", "limit"),
        ("added_after=yesterday", "added_after"), ("added_after=", "added_after"),
        ("added_after=2026-01-01", "added_after"),
        ("added_after=2026-02-30T00:00:00Z", "added_after"),
        ("added_after=2026-01-01T00:00:00%2B00:00", "added_after"),
        ("added_after=2026-01-01T00:00:00.1234567890Z", "added_after"),
        ("added_after=1767225600", "added_after"),
        ("match[version]=newest", "match[version]"), ("match[version]=", "match[version]"),
        ("match[version]=last,", "match[version]"), ("match[id]=", "match[id]"),
        ("match[id]=a%00b", "match[id]"), ("match[type]=%0A", "match[type]"),
        ("match[spec_version]=two", "match[spec_version]"),
        ("match[id]=" + ",".join("x" * 501), "match[id]"),
        ("match[version]=" + ",".join(["2026-01-01T00:00:00Z"] * 501), "match[version]"),
        ("limit=1&limit=1", "limit"), ("match[id]=a&match[id]=b", "match[id]"),
        ("x=1&x=2", "x"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_understood_is_refused(two, query, field):
    answer = two.reading.get(f"{EVERYTHING}?{query}")

    assert answer.status_code == 400
    assert answer.json()["details"] == {"field": field}


def test_too_many_query_keys_are_refused_in_our_own_words(two):
    answer = two.reading.get(f"{EVERYTHING}?" + "&".join(f"k{n}=1" for n in range(2000)))

    assert answer.status_code == 400
    assert answer.json()["title"] == "ProcessingError"


@pytest.mark.parametrize("query", ["match[colour]=red", "x=1", "match=", "=", "%FF=%FF"])
def test_unknown_query_keys_are_ignored(two, query):
    share(indicator(), by=two.sharer)
    assert len(two.reading.get(f"{EVERYTHING}?{query}").json()["objects"]) == 1


def test_as_many_values_as_a_filter_takes(two):
    shared = indicator()
    share(shared, by=two.sharer)
    years = [f"{year:04d}-01-01T00:00:00Z" for year in range(1600, 2100)]

    assert two.reading.ids(EVERYTHING, match_version=",".join(years)) == [shared["id"]]
    assert two.reading.ids(EVERYTHING, match_type=",".join(["indicator"] * 500)) == [shared["id"]]


def test_a_limit_above_ours_is_quietly_ours(two, settings):
    settings.PAGE_LIMIT = 2
    share(indicator(), indicator(), indicator(), by=two.sharer)

    for limit in ({}, {"limit": 3}, {"limit": 10**15}):
        assert len(two.reading.get(EVERYTHING, **limit).json()["objects"]) == 2


def test_filters_that_leave_nothing_of_an_object_that_is_there(two):
    shared = indicator()
    share(shared, by=two.sharer)
    path = f"{EVERYTHING}{shared['id']}/"

    for query in ({"added_after": "2100-01-01T00:00:00Z"}, {"match_spec_version": "2.0"},
                  {"match_version": "2000-01-01T00:00:00Z"}):  # fmt: skip
        found = two.reading.get(path, **query)
        assert (found.status_code, found.json()) == (200, {})
        assert two.reading.get(f"{EVERYTHING}{MISSING}/", **query).status_code == 404
