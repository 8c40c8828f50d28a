"""Lists: page by page, as JSON or as a table, and not again to who has them."""

import csv
import io
import time

import pytest

from minga.web import tables
from tests import factories
from tests.faces.api.conversation import Caller

LISTS = ["organisations", "circles", "contributions", "objects", "search?q=phishing"]


@pytest.fixture
def full(two):
    for number in range(5):
        two.sharing.share(title=f"Phishing {number}", observables=[f"n{number}.example"])
        factories.organisation()
        factories.circle(two.sharer.organisation, two.reader.organisation)
    return two


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_any_size_make_the_whole_list_once_each(full, path):
    whole = full.reading.every(path, limit=1000) if "?" not in path else None
    for size in (1, 2, 3):
        path_, _, query = path.partition("?")
        extra = {"q": "phishing"} if query else {}
        pages = full.reading.every(path_, limit=size, **extra)
        assert len(pages) >= 5
        if whole:
            assert pages == whole


@pytest.mark.parametrize("path", ["organisations", "circles", "contributions", "objects"])
def test_a_cursor_is_for_one_list_and_one_reader(full, path):
    cursor = full.reading.get(path, limit=1).json()["next"]
    assert full.reading.get(path, limit=2, cursor=cursor).status_code == 200
    stranger = Caller(factories.key_of()[1])
    for answer in (
        stranger.get(path, cursor=cursor),
        full.reading.get(path, cursor=cursor[:-2] + "AA"),
        full.reading.get("circles" if path != "circles" else "organisations", cursor=cursor),
    ):
        assert (answer.status_code, answer.json()["field"]) == (400, "next")


def test_the_next_page_is_linked_in_both_forms(full):
    for path in ("contributions", "contributions.csv"):
        link = full.reading.get(path, limit=2)["Link"]
        address, _, relation = link.partition(">")
        assert relation == '; rel="next"'
        following = full.reading.client.get(address[1:], headers=full.reading.headers)
        assert following.status_code == 200
    assert "Link" not in full.reading.get("contributions", limit=1000).headers


@pytest.mark.parametrize("path", ["organisations", "circles", "contributions", "objects"])
def test_a_table_holds_what_the_list_holds(full, path):
    listed = full.reading.every(path)
    by_suffix = full.reading.get(f"{path}.csv")
    by_accept = full.reading.get(path, {"accept": "text/csv"})
    assert by_suffix.content == by_accept.content
    assert by_suffix["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(by_suffix.content.decode())))
    assert [row["id"] for row in rows] == [item["id"] for item in listed]


@pytest.mark.parametrize("path", ["whoami", *LISTS[:4], "contributions.csv"])
def test_who_has_the_answer_gets_no_body_until_it_changes(full, path):
    first = full.reading.get(path)
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}'):
        again = full.reading.get(path, {"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert full.reading.get(path, {"if-none-match": '"x"'}).status_code == 200


def test_a_tag_changes_with_what_the_reader_sees_and_with_nothing_else(full):
    tag = full.reading.get("contributions")["ETag"]
    named = {"tlp": "TLP:RED", "organisations": [full.sharer.organisation.slug]}
    full.sharing.share(audience=named)
    assert full.reading.get("contributions")["ETag"] == tag
    full.sharing.share()
    assert full.reading.get("contributions")["ETag"] != tag


def test_head_answers_the_headers_alone(full):
    get = full.reading.get("contributions")
    head = full.reading.client.head("/api/v1/contributions", headers=full.reading.headers)
    assert head.content == b""
    assert head["ETag"] == get["ETag"]
    assert int(head["Content-Length"]) == len(get.content)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": [1, 2]}, "limit"),
        ({"cursor": "%"}, "cursor"),
        ({"order_by": "producer__key__digest"}, "order_by"),
        ({"producer__name": "x"}, "producer__name"),
        ({"q": "x" * 201}, "q"),
    ],
)
def test_a_parameter_that_is_wrong_or_unknown_is_named(two, query, field):
    answer = two.reading.get("contributions", **query)
    assert answer.status_code in {400, 422}
    assert answer.json()["field"] == field


def test_a_spreadsheet_does_not_calculate_what_it_opens_and_a_machine_gets_it_as_it_is(two):
    two.sharing.share(title='=HYPERLINK("http://evil.example")')
    for asked, cell in (("false", "=HYPERLINK"), ("true", "'=HYPERLINK")):
        body = two.reading.get("contributions.csv", spreadsheet=asked).content.decode()
        (row,) = csv.DictReader(io.StringIO(body))
        assert row["title"].startswith(cell)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_every_start_of_a_formula_is_disarmed(start):
    made = tables.table(["a"], [[f"{start}1+1"]], for_spreadsheet=True).decode()
    (row,) = csv.reader(io.StringIO(made, newline="").readlines()[1:])
    assert row[0].startswith("'")


@pytest.mark.parametrize("between", [";", "; ", "\t", "\n", '"', "|"])
def test_a_formula_is_disarmed_where_other_separators_begin_a_cell(between):
    """In Chile spreadsheets separate cells at semicolons, because the comma is for decimals."""
    made = tables.table(["a"], [[f"words{between}=1+1"]], for_spreadsheet=True).decode()
    (row,) = csv.reader(io.StringIO(made.partition("\r\n")[2], newline=""))
    assert "=" not in row[0].partition("'")[0]


def test_words_that_hold_signs_stay_as_they_are_in_a_spreadsheet():
    words = "http://a.example/?b=1&c=-2, e-mail a@b.example; next"
    made = tables.table(["a"], [[words]], for_spreadsheet=True).decode()
    assert words in made


def test_a_long_cell_of_blanks_is_disarmed_at_once():
    started = time.perf_counter()
    tables.table(["a"], [["\t" * 1_000_000]], for_spreadsheet=True)
    assert time.perf_counter() - started < 5


def test_a_cell_keeps_commas_quotes_and_line_breaks(two):
    cells = ["a,b", 'say "x"', "two\nlines", None, True, 7]
    made = tables.table(["h"] * 6, [cells], for_spreadsheet=False).decode()
    rows = list(csv.reader(io.StringIO(made, newline="")))
    assert rows[1] == ["a,b", 'say "x"', "two\nlines", "", "true", "7"]
