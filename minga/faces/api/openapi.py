"""The OpenAPI 3.1 document of this door."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from minga.faces.api import problems
from minga.faces.api.api import api
from minga.faces.api.described import STRUCTS, reference
from minga.faces.api.problems import ProblemDetails

Document = dict[str, Any]
PREFIX = "/api/v1/"
ALWAYS = (400, 401, 404, 422)
ON_CHANGES = (403, 409, 413, 415, 507)
SECURITY: Document = {
    "key": {"type": "http", "scheme": "bearer", "description": "The key of an organisation."},
    "keyAsPassword": {"type": "http", "scheme": "basic", "description": "Any user, the key."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "minga",
        "description": "A signed-in person; changes need X-CSRFToken.",
    },
}


@cache
def document() -> Document:
    """The whole document. It is the same for everybody: what it says is no secret."""
    schema: Document = dict(api.get_openapi_schema(path_prefix=PREFIX))
    _, components = msgspec.json.schema_components(
        sorted({*STRUCTS, ProblemDetails}, key=lambda struct: struct.__name__),
        ref_template="#/components/schemas/{name}",
    )
    schema["components"]["schemas"] |= components
    schema["components"]["securitySchemes"] = SECURITY
    schema["security"] = [{name: []} for name in SECURITY]
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(operation, changes=method != "get")
    return schema


@cache
def encoded() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document())


def _complete(operation: Document, *, changes: bool) -> None:
    """Add the answers that every operation may give."""
    problem = {"content": {problems.MEDIA_TYPE: {"schema": reference(ProblemDetails)}}}
    if not changes:
        operation["responses"][304] = {"description": "What you have is still what there is."}
    for status in (*ALWAYS, *(ON_CHANGES if changes else (403,))):
        phrase = next(s.phrase for s in problems.STATUS.values() if s == status)
        operation["responses"].setdefault(status, {"description": phrase, **problem})
