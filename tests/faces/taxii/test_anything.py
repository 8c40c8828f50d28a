"""Whatever somebody sends, the answer is TAXII and never a server error."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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

few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

FILTERS = ["added_after", "limit", "next", "match[id]", "match[type]", "match[version]",
           "match[spec_version]", "match[", "x"]  # fmt: skip
VALUES = ["", "0", "1", "-1", "1,2", ",", "last", "first,all", "2.1", "2.0,2.1", "indicator",
          "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:60.999999999Z",
          "9" * 400, "AAAA", "\x00", "\ud800", "é", "' OR 1=1 --", "%", "_"]  # fmt: skip
words = st.sampled_from(VALUES) | st.text(max_size=40)


def is_an_answer(answer, *expected):
    assert answer.status_code in expected
    assert answer.headers["Content-Type"] == TAXII
    if answer.content:
        json.loads(answer.content)


def encoded(pairs):
    return "&".join(f"{quote(k)}={quote(v, errors='surrogatepass')}" for k, v in pairs)


@few
@given(
    path=st.sampled_from(["objects/", "manifest/", "objects/{}/", "objects/{}/versions/"]),
    pairs=st.lists(st.tuples(st.sampled_from(FILTERS), words), max_size=5),
)
def test_any_query_string(two, path, pairs):
    shared = indicator("a.example")
    share(shared, address(), by=two.sharer)
    where = f"collections/everything/{path.format(shared['id'])}?{encoded(pairs)}"

    is_an_answer(two.reading.get(where), 200, 400)


@few
@given(parts=st.lists(words, max_size=6), method=st.sampled_from(["get", "post", "delete", "put"]))
def test_any_path(two, parts, method):
    path = "".join(quote(part, safe="", errors="surrogatepass") + "/" for part in parts)
    answer = two.reading.ask(method, f"/taxii2/{path}")

    is_an_answer(answer, 200, 403, 404, 405)


@few
@given(header=words.filter(lambda text: "\n" not in text and "\r" not in text))
def test_any_credential_and_any_accept(two, header):
    header = header.encode("utf-8", "replace").decode("latin-1")

    is_an_answer(Caller().get("", headers={"authorization": header}), 401)
    is_an_answer(two.reading.get("", headers={"accept": header}), 200, 406)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def bent(draw):
    """An object with one property replaced, added or taken away."""
    thing = draw(st.sampled_from([indicator("b.example"), malware("b"), address()]))
    name = draw(st.sampled_from(sorted(thing)) | words)
    if draw(st.booleans()):
        return thing | {name: draw(anything)}
    return {key: value for key, value in thing.items() if key != name}


@few
@given(things=st.lists(bent() | anything, max_size=4))
def test_any_objects(two, things):
    answer = two.sharing.post("collections/inbox/objects/", envelope(*things))

    is_an_answer(answer, 202, 400)
    if answer.status_code == 202:
        told = answer.json()
        assert told["success_count"] + told["failure_count"] == len(things)


@few
@given(body=st.binary(max_size=200) | anything.map(json.dumps).map(str.encode))
def test_any_body(two, body):
    is_an_answer(two.sharing.post("collections/inbox/objects/", body), 202, 400, 415, 422)
