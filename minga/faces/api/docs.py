"""The document of this door: for programs as OpenAPI, for people as a page without script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.faces.api import bodies, openapi
from minga.web.doors import Entrance, open_to


@dataclass(frozen=True, slots=True)
class Property:
    """One parameter or property: its name, what it may hold in words, and what it means."""

    name: str
    holds: str
    says: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it. `body` and `answer` name structures, if there are."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    tag: str
    parameters: tuple[Property, ...]
    body: str
    answer: str


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure that is sent or answered."""

    name: str
    says: str
    properties: tuple[Property, ...]


@require_safe
@open_to(Entrance.ANYONE)
def document(_request: HttpRequest) -> HttpResponse:
    """GET /api/openapi.json."""
    return HttpResponse(openapi.encoded(), content_type=bodies.JSON)


@require_safe
@open_to(Entrance.ANYONE)
def page(request: HttpRequest) -> HttpResponse:
    """GET /api/docs."""
    described = openapi.document()
    shown = {
        "info": described["info"],
        "operations": list(_operations(described)),
        "structures": list(_structures(described)),
    }
    return render(request, "api/docs.html", shown)


def _operations(described: openapi.Document) -> Iterator[Operation]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            answers = (a for status, a in operation["responses"].items() if 200 <= status < 300)
            yield Operation(
                id=operation["operationId"],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                says=operation.get("description", ""),
                tag=operation["tags"][0],
                parameters=tuple(
                    Property(p["name"], _holds(p["schema"]), _says(p), p["required"])
                    for p in operation["parameters"]
                ),
                body=_named(content),
                answer=_named(next(answers).get("content", {})),
            )


def _structures(described: openapi.Document) -> Iterator[Structure]:
    for name, schema in sorted(described["components"]["schemas"].items()):
        required = schema.get("required", ())
        yield Structure(
            name=name,
            says=schema.get("description", ""),
            properties=tuple(
                Property(each, _holds(of), _says(of), each in required)
                for each, of in schema.get("properties", {}).items()
            ),
        )


def _named(content: dict[str, Any]) -> str:
    """The structure of some content, or its media types where it has no name."""
    for each in content.values():
        name = each["schema"].get("$ref", "").rpartition("/")[2] or each["schema"].get("title", "")
        if name:
            return str(name)
    return ", ".join(content)


def _says(of: dict[str, Any]) -> str:
    return str(of.get("description") or of.get("schema", {}).get("description", ""))


def _holds(schema: dict[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        given = [each for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(_holds(each) for each in given)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_holds(schema.get('items', {}))}"
    limits = (f"{words} {schema[key]}" for key, words in _LIMITS.items() if key in schema)
    return ", ".join([schema.get("format") or schema.get("type") or "anything", *limits])


_LIMITS = {
    "minimum": "from",
    "maximum": "to",
    "minLength": "characters from",
    "maxLength": "characters to",
}
