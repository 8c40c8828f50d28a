"""The document of the API: complete, true, and shown without script."""

import json
import re

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from minga.core.observables import Kind
from minga.core.policy import Pap, Tlp
from minga.faces.api import openapi, problems
from minga.faces.api.api import api
from minga.store.objects.models import Contribution, Feedback
from tests import factories

DOCUMENT = json.loads(openapi.encoded())


def operations():
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1_and_the_same_for_everybody(hub):
    answer = Client().get("/api/openapi.json")
    assert answer.json() == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"
    assert answer["Content-Type"] == "application/json"


def test_every_structure_is_a_valid_schema_and_every_reference_leads_to_one():
    structures = DOCUMENT["components"]["schemas"]
    for schema in structures.values():
        Draft202012Validator.check_schema(schema)
    for name in re.findall(r'"#/components/schemas/([^"]+)"', openapi.encoded().decode()):
        assert name in structures


@pytest.mark.parametrize(("name", "operation"), operations(), ids=lambda each: str(each)[:60])
def test_every_operation_says_what_it_is_and_what_it_answers(name, operation):
    assert operation["summary"]
    assert operation["description"]
    done = [status for status in operation["responses"] if status.startswith("2")]
    assert len(done) == 1
    assert operation["responses"][done[0]]["content"]
    for status in ("401", "404", "422"):
        assert problems.MEDIA_TYPE in operation["responses"][status]["content"]


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) == len(set(names))


def test_the_words_of_the_document_are_the_words_of_the_house():
    draft = DOCUMENT["components"]["schemas"]["Draft"]["properties"]
    assert draft["kind"]["enum"] == Contribution.Kind.labels
    assert draft["pap"]["enum"] == [pap.label for pap in Pap]
    audience = DOCUMENT["components"]["schemas"]["Audience"]["properties"]
    assert audience["tlp"]["enum"] == [tlp.label for tlp in Tlp]
    structures = DOCUMENT["components"]["schemas"]
    assert structures["Verdict"]["enum"] == Feedback.Verdict.values
    assert structures["Kind"]["enum"] == list(Kind)


def test_nothing_that_is_sent_may_hold_more_than_is_named():
    for name in ("Draft", "Revision", "Widening", "Audience", "Code", "TypedObservable",
                 "SightingReport", "FeedbackGiven"):  # fmt: skip
        assert DOCUMENT["components"]["schemas"][name]["additionalProperties"] is False, name


def test_every_text_list_and_number_that_is_sent_is_bounded():
    answered = {struct.__name__ for struct in openapi.STRUCTS} | {"ProblemDetails"}
    for name, schema in DOCUMENT["components"]["schemas"].items():
        described_by_us = name in answered or "properties" not in schema
        if not described_by_us and schema.get("additionalProperties") is False:
            for each, holds in schema["properties"].items():
                _expect_bounds(f"{name}.{each}", holds)
    for name, operation in operations():
        for parameter in operation["parameters"]:
            _expect_bounds(f"{name} {parameter['name']}", parameter["schema"])


def test_the_page_shows_every_operation_and_runs_nothing(hub):
    answer = Client().get("/api/docs")
    page = answer.content.decode()
    for _, operation in operations():
        assert f'id="{operation["operationId"]}"' in page
    assert "<script>" not in page
    assert " style=" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json"])
def test_the_document_is_only_read(hub, path):
    assert Client().post(path).status_code == 405


def test_every_list_has_its_table(hub):
    _, secret = factories.key_of()
    for path, methods in DOCUMENT["paths"].items():
        answers = methods.get("get", {}).get("responses", {}).get("200", {})
        if "text/csv" in answers.get("content", {}) and "{" not in path:
            q = "?q=a" if path.endswith(("search", "lookup")) else ""
            header = {"authorization": f"Bearer {secret}"}
            assert Client().get(f"{path}.csv{q}", headers=header).status_code == 200, path


def _expect_bounds(place, schema):
    for each in schema.get("anyOf", [schema]):
        kind = each.get("type")
        if kind == "array":
            assert "maxItems" in each, place
            _expect_bounds(place, each["items"])
        elif kind == "string":
            bounds = {"maxLength", "pattern", "enum", "format", "const"}
            assert bounds & each.keys(), place
        elif kind in {"integer", "number"}:
            assert {"minimum", "maximum"} <= each.keys(), place


def test_there_is_one_api():
    assert api.version == "1"
