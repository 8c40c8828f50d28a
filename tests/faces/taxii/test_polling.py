"""The ways clients keep up to date: no version is missed and none is met twice."""

from datetime import UTC, datetime, timedelta

import pytest

from minga.core import policy
from minga.features.exchange import services
from minga.store.objects import late_doors
from tests import factories
from tests.faces.taxii.conversation import (
    Caller,
    address,
    caller,
    indicator,
    malware,
    share,
)

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
FIRST, LAST = "X-TAXII-Date-Added-First", "X-TAXII-Date-Added-Last"


def share_batches(by, *sizes):
    """Batches of indicators, each of its own commit; their ids in order."""
    batches = [[indicator() for _ in range(size)] for size in sizes]
    for batch in batches:
        share(*batch, by=by)
    return [each["id"] for batch in batches for each in batch]


def follow(caller_, path, **query):
    """Every page after the first request, by `next`; the ids met and the last answer."""
    met, answer = [], caller_.get(path, **query)
    while True:
        page = answer.json()
        met += [each["id"] for each in page.get("objects", [])]
        if not page.get("more"):
            return met, answer
        answer = caller_.get(path, **query | {"next": page["next"]})


def in_milliseconds(text):
    """What OpenCTI keeps of a date: a JavaScript Date has no finer digits."""
    return datetime.fromisoformat(text).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_following_next_meets_every_object_once(two, limit):
    shared = share_batches(two.sharer, 3, 1, 3)

    met, _ = follow(two.reading, EVERYTHING, limit=limit)

    assert met == shared


def test_the_limit_may_change_and_appear_between_pages(two):
    shared = share_batches(two.sharer, 5)

    first = two.reading.get(EVERYTHING, limit=1).json()
    rest = two.reading.get(EVERYTHING, limit=3, next=first["next"]).json()
    end = two.reading.get(EVERYTHING, next=rest["next"]).json()

    assert [o["id"] for page in (first, rest, end) for o in page["objects"]] == shared


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_polling_by_header_dates_alone_meets_every_object_once(two, limit):
    shared = share_batches(two.sharer, 2, 3, 1)

    met, asked = [], {}
    while ids := two.reading.ids(EVERYTHING, limit=limit, **asked):
        met += ids
        asked = {"added_after": two.reading.get(EVERYTHING, limit=limit, **asked).headers[LAST]}

    assert met == shared


def test_opencti_keeps_added_after_with_next_and_then_a_date_in_milliseconds(two):
    """It sends its first date with every `next`, then goes on from the last header it saw."""
    share_batches(two.sharer, 1)
    since = in_milliseconds(two.reading.get(EVERYTHING).headers[LAST])
    shared = share_batches(two.sharer, 3, 4)

    met, last_page = follow(two.reading, EVERYTHING, added_after=since, limit=2)
    assert met == shared

    since = in_milliseconds(last_page.headers[LAST])
    assert two.reading.get(EVERYTHING, added_after=since).json() == {}
    later = share_batches(two.sharer, 2)
    assert follow(two.reading, EVERYTHING, added_after=since, limit=2)[0] == later


def test_opencti_goes_on_past_a_commit_whose_end_it_did_not_ask_for(two):
    wanted = indicator()
    share(wanted, indicator(), malware(), by=two.sharer)
    asked = {"match[type]": "indicator", "limit": 2}
    since = in_milliseconds(two.reading.get(EVERYTHING, **asked).headers[LAST])

    assert two.reading.get(EVERYTHING, added_after=since, **asked).json() == {}


def test_opencti_goes_on_past_what_a_late_door_brings_when_it_had_met_its_end(two):
    late = caller(newcomer := factories.organisation())
    share(indicator(), indicator(), by=two.sharer, circle=two.circle)
    widened = share(indicator(), by=two.sharer, circle=two.circle)
    everybody = policy.Audience(policy.Tlp.AMBER, everyone=True)
    services.widen(widened.contributions[0], by=two.sharer, audience=everybody)
    for door in factories.seats.seat_in_circle(two.circle, newcomer):
        late_doors.bring_older(origin=door.origin, audience=door.audience, before_us=door.before_us)
    answer = late.get(EVERYTHING)
    assert len(answer.json()["objects"]) == 3
    since = in_milliseconds(answer.headers[LAST])

    assert late.get(EVERYTHING, added_after=since).json() == {}


def test_a_cursor_kept_for_long_goes_on_where_it_stood(two):
    shared = share_batches(two.sharer, 2)
    cursor = two.reading.get(EVERYTHING, limit=1).json()["next"]
    shared += share_batches(two.sharer, 2)

    assert two.reading.ids(EVERYTHING, next=cursor) == shared[1:]


def test_who_joins_a_circle_meets_its_new_objects_after_what_he_knew(two):
    late = caller(newcomer := factories.organisation())
    share_batches(two.sharer, 1)
    since = late.get(EVERYTHING).headers[LAST]
    factories.seats.seat_in_circle(two.circle, newcomer)
    secret = indicator()
    share(secret, by=two.sharer, circle=two.circle)

    assert late.ids(EVERYTHING, added_after=since) == [secret["id"]]


def test_a_page_is_full_of_what_its_reader_may_see(two):
    """Filtered before it is paged: a page is never short because of what is hidden."""
    outsider = caller()
    for _ in range(3):
        share(indicator(), by=two.sharer, circle=two.circle)
        share(indicator(), by=two.sharer)

    page = outsider.get(EVERYTHING, limit=3).json()

    assert len(page["objects"]) == 3
    assert page["more"] is False


def test_more_comes_with_next_and_never_without_objects(two):
    share_batches(two.sharer, 2)

    for path in (EVERYTHING, "collections/everything/manifest/"):
        full = two.reading.get(path, limit=2).json()
        assert (full["more"], "next" in full) == (False, False)
        part = two.reading.get(path, limit=1).json()
        assert part["more"]
        assert part["next"]
        assert part["objects"]


def test_dates_in_headers_are_those_of_the_page(two):
    share_batches(two.sharer, 4)
    records = two.reading.get("collections/everything/manifest/").json()["objects"]

    page = two.reading.get(EVERYTHING, limit=2)

    assert page.headers[FIRST] == records[0]["date_added"]
    assert page.headers[LAST] == records[1]["date_added"]


def test_dates_always_carry_six_digits_and_a_commit_ends_on_a_whole_millisecond(two):
    share_batches(two.sharer, 3)

    dates = [
        record["date_added"]
        for record in two.reading.get("collections/everything/manifest/").json()["objects"]
    ]

    assert all(len(date) == len("2026-01-31T23:59:59.123456Z") for date in dates)
    assert dates == sorted(set(dates))
    assert dates[-1].endswith("000Z")


@pytest.mark.parametrize("digits", [0, 1, 3, 6, 9])
def test_added_after_takes_any_number_of_digits(two, digits):
    share_batches(two.sharer, 1)
    day_before = datetime.now(UTC) - timedelta(days=1)
    fraction = "." + "123456789"[:digits] if digits else ""

    found = two.reading.get(EVERYTHING, added_after=f"{day_before:%Y-%m-%dT%H:%M:%S}{fraction}Z")

    assert len(found.json()["objects"]) == 1


def test_the_last_version_is_the_last_of_those_added_after(two):
    share(indicator("v.example", modified="2026-01-02T00:00:00.000Z"), by=two.sharer)
    since = two.reading.get(EVERYTHING).headers[LAST]
    share(indicator("v.example", modified="2026-01-01T00:00:00.000Z"), by=two.sharer)

    found = two.reading.get(EVERYTHING, added_after=since).json()["objects"]

    assert [each["modified"] for each in found] == ["2026-01-01T00:00:00.000Z"]


def test_versions_are_paged_oldest_addition_first_and_told_newest_first(two):
    days = ["2026-01-02", "2026-01-01", "2026-01-03"]
    for day in days:
        share(indicator("v.example", modified=f"{day}T00:00:00.000Z"), by=two.sharer)
    path = f"{EVERYTHING}{indicator('v.example')['id']}/versions/"

    first = two.reading.get(path, limit=2).json()
    second = two.reading.get(path, limit=2, next=first["next"]).json()

    assert [v[:10] for v in first["versions"]] == ["2026-01-02", "2026-01-01"]
    assert [v[:10] for v in second["versions"]] == ["2026-01-03"]


def test_an_observable_has_the_date_it_was_added_as_its_version(two):
    share(address(), by=two.sharer)

    record = two.reading.get("collections/everything/manifest/").json()["objects"][0]
    again = two.reading.ids(EVERYTHING, match_version=record["version"])

    assert record["version"] == record["date_added"]
    assert again == [address()["id"]]


def test_versions_match_as_instants(two):
    share(indicator(modified="2026-01-01T00:00:00.9350Z"), by=two.sharer)

    for spelling in ("2026-01-01T00:00:00.935Z", "2026-01-01T00:00:00.935000Z"):
        found = two.reading.get(EVERYTHING, match_version=spelling).json()["objects"]
        assert [each["modified"] for each in found] == ["2026-01-01T00:00:00.9350Z"]


CURSOR_LIMIT = {"limit": 1}


@pytest.fixture
def cursor(two):
    share(indicator(), indicator(), malware(), malware(), by=two.sharer)
    return two.reading.get(EVERYTHING, match_type="indicator", **CURSOR_LIMIT).json()["next"]


def refused(answer):
    return answer.status_code == 400 and answer.json()["details"] == {"field": "next"}


def test_a_cursor_of_another_reader_is_refused(two, cursor):
    assert refused(two.sharing.get(EVERYTHING, match_type="indicator", next=cursor))


def test_a_cursor_of_another_collection_is_refused(two, cursor):
    for other in ("indicators", "alerts", str(two.circle.uuid)):
        path = f"collections/{other}/objects/"
        assert refused(two.reading.get(path, match_type="indicator", next=cursor))


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"match_type": "malware"},
        {"match_type": "indicator", "match_version": "all"},
        {"match_type": "indicator", "added_after": "2026-01-01T00:00:00Z"},
        {"match_type": "indicator", "match_id": "indicator--252c7c11-daf2-42bd-843b-be65edca9f61"},
    ],
)
def test_a_cursor_for_other_filters_is_refused(two, cursor, filters):
    assert refused(two.reading.get(EVERYTHING, next=cursor, **filters))


def test_the_order_in_which_a_filter_lists_its_values_does_not_matter(two):
    share(indicator(), malware(), by=two.sharer)
    first = two.reading.get(EVERYTHING, match_type="indicator,malware", limit=1).json()

    rest = two.reading.get(EVERYTHING, match_type="malware,indicator", next=first["next"])

    assert rest.status_code == 200


@pytest.mark.parametrize("altered", ["", "A", "%00", "=====", "é", "A" * 32, "A" * 5000])
def test_an_altered_cursor_is_refused(two, cursor, altered):
    answers = [two.reading.get(EVERYTHING, match_type="indicator", next=altered or cursor[:-1])]

    assert all(refused(answer) for answer in answers)


def test_a_cursor_opens_for_every_key_of_its_organisation(two, cursor):
    _, other_key = factories.key_of(two.reader.organisation)

    answer = Caller(other_key).get(EVERYTHING, match_type="indicator", next=cursor)

    assert answer.status_code == 200


def test_a_page_takes_as_many_statements_however_much_it_holds(two, django_assert_max_num_queries):
    two.reading.get(EVERYTHING)
    share(*(indicator() for _ in range(50)), by=two.sharer)

    for limit in (1, 50):
        with django_assert_max_num_queries(5):
            two.reading.get(EVERYTHING, limit=limit)
