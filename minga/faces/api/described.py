"""How an operation describes its answer; `openapi.py` makes the document of it."""

from __future__ import annotations

from typing import Any

import msgspec

from minga.faces.api import bodies

STRUCTS: set[type[msgspec.Struct]] = set()
"""Every struct that some operation answers with."""


def gives(
    struct: type[msgspec.Struct] | None, *, status: int = 200, csv: bool = False
) -> dict[str, Any]:
    """The keyword arguments of an operation that answers with this struct, or with STIX bytes."""
    if struct is None:
        content: dict[str, Any] = {bodies.STIX: {"schema": {"type": "object"}}}
    else:
        STRUCTS.add(struct)
        content = {bodies.JSON: {"schema": reference(struct)}}
    if csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    return {
        "response": {status: None},
        "openapi_extra": {"responses": {status: {"content": content}}},
    }


def takes(schema: dict[str, Any], *media_types: str) -> dict[str, Any]:
    """The description of a body that the operation reads by itself."""
    content = {media_type: {"schema": schema} for media_type in media_types}
    return {"requestBody": {"required": True, "content": content}}


def reference(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Where the document describes this struct."""
    return {"$ref": f"#/components/schemas/{struct.__name__}"}
