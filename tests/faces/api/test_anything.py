"""Whatever somebody sends, the answer is ours, described, and never a server error."""

import json
from urllib.parse import quote

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from minga.faces.api import openapi, problems
from minga.faces.api.api import api
from tests.faces.api.conversation import draft

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


DOCUMENT = json.loads(openapi.encoded())
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture
def application(two):
    """The hub as a server has it, with something in it, on the connection of the test.

    Django's client keeps the connection open in the same way, and undoes it with each request.
    """
    two.sharing.share()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_the_document_allows_and_what_it_forbids(two, application, path, method):
    """Schemathesis makes requests from the document, right and wrong ones, and judges answers."""
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = application
    operation = schema[path][method]

    @settings(few, max_examples=12)
    @given(right=operation.as_strategy(), wrong=wrong_requests(operation))
    def talk(right, wrong):
        for case in (right, wrong):
            case.call_and_validate(checks=CHECKS, headers=two.sharing.headers)

    talk()


def wrong_requests(operation):
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


NASTY = [
    "", "0", "-1", "9" * 400, "1e400", "NaN", "null", "\x00", "é", "\ufffd", "' OR 1=1 --", "%",
    "_", "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>", "=1+1", "\u202e", "a" * 5000,
    "9999-12-31T23:59:60.999999999Z", "0001-01-01T00:00:00Z", "TLP:RED", "everything",
]  # fmt: skip
words = st.sampled_from(NASTY) | st.text(max_size=40)
PATHS = sorted({path.split("{")[0] for path in openapi.document()["paths"]})
PARAMETERS = sorted({
    parameter["name"]
    for methods in openapi.document()["paths"].values()
    for operation in methods.values()
    for parameter in operation["parameters"]
})  # fmt: skip


@few
@given(
    path=st.sampled_from(PATHS),
    tail=words,
    pairs=st.lists(st.tuples(st.sampled_from(PARAMETERS) | words, words), max_size=5),
    method=st.sampled_from(["get", "head", "post", "put", "delete", "patch", "options"]),
)
def test_any_address(two, path, tail, pairs, method):
    end = quote(tail, safe="", errors="surrogatepass") if path.endswith("/") else ""
    query = "&".join(
        f"{quote(k, errors='surrogatepass')}={quote(v, errors='surrogatepass')}" for k, v in pairs
    )
    address = f"{path}{end}?{query}"
    is_an_answer(getattr(two.sharing.client, method)(address, headers=two.sharing.headers))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
BODIES = ["contributions", "lookup", "sightings", "feedback", "bundles"]


@few
@given(path=st.sampled_from(BODIES), body=anything.map(json.dumps).map(str.encode) | st.binary())
def test_any_body(two, path, body):
    is_an_answer(two.sharing.post(path, body))


@few
@given(data=st.data())
def test_any_draft_with_one_thing_bent(two, data):
    name = data.draw(st.sampled_from(sorted(draft())) | words)
    is_an_answer(two.sharing.post("contributions", draft() | {name: data.draw(anything)}))


HOSTILE = {
    "a key twice": b'{"title":"a","title":"b"}',
    "not a number": b'{"confidence":NaN}',
    "beyond a double": b'{"confidence":1e400}',
    "an endless integer": b'{"confidence":' + b"9" * 5_000 + b"}",
    "half a surrogate": b'{"title":"\\ud800"}',
    "a NUL": b'{"title":"a\\u0000"}',
    "not UTF-8": b'{"title":"\xff"}',
    "a deep nest": b"[" * 100_000,
    "a deep nest that ends": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "a byte order mark": b"\xef\xbb\xbf{}",
    "two values": b"{}{}",
    "nothing but blanks": b"   ",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", BODIES)
def test_a_hostile_body_is_refused_with_what_is_wrong(two, path, body):
    answer = two.sharing.post(path, body)
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["detail"]


def test_a_body_over_the_limit_is_refused_before_it_is_read(two, settings):
    settings.BODY_LIMIT_BYTES = 1_000
    answer = two.sharing.post("contributions", b" " * 1_001)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:minga:problem:too-large")


def test_a_thousand_parameters_are_refused(two):
    query = "&".join(f"a{number}=1" for number in range(1_500))
    is_an_answer(two.sharing.get(f"contributions?{query}"))


def test_every_internal_name_is_refused_where_it_is_sent(two):
    """Mass assignment: what a caller may set is named, everything else is an error."""
    internal = ["id", "pk", "uuid", "producer", "producer_id", "organisation", "person", "key",
                "door", "root_id", "request_key", "created_at", "updated_at", "audience_id",
                "found_by", "attribution", "is_hub", "role", "lineage", "digest"]  # fmt: skip
    for name in internal:
        answer = two.sharing.post("contributions", draft(**{name: 1}))
        assert (answer.status_code, answer.json()["field"]) == (422, name)


def is_an_answer(answer):
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer["Content-Type"] == problems.MEDIA_TYPE
    if answer.content and "json" in answer["Content-Type"]:
        json.loads(answer.content)


def test_ninja_serves_no_page_of_its_own():
    assert api.docs_url is None
    assert api.openapi_url is None
