"""Objects of every type, built from what the structs declare."""

from __future__ import annotations

import copy
import json
from typing import Any

from minga.core.stix import Document, Refused, read_envelope
from minga.core.stix.conform import STRUCTURES
from minga.core.stix.forms import HASHES, Form
from minga.core.stix.objects import TYPES
from minga.core.stix.shapes import (
    Choice,
    Flag,
    Number,
    Property,
    Several,
    Shape,
    Structure,
    Table,
    Text,
)

UUID = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
IDENTITY = f"identity--{UUID}"
MARKING = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
EXTENSION = f"extension-definition--{UUID}"

# Strings of every form. The first that fits is taken, so identifiers come in a fixed order.
SPELLINGS = (
    "2026-01-31T10:20:30.123Z",
    *(f"{type_}--{UUID}" for type_ in ("indicator", "file")),
    MARKING,
    *(f"{type_}--{UUID}" for type_ in TYPES),
    "es",
    "0a1b",
    "TWluZ2E=",
    "indicates",
    "HKEY_LOCAL_MACHINE\\Software\\Minga",
)
HASH = {"SHA-256": "ab" * 32}

# What no declaration can tell: values bound by a rule, and which of two exclusive properties.
VALUES: dict[tuple[str, str], Any] = {
    ("ipv4-addr", "value"): "198.51.100.3",
    ("ipv6-addr", "value"): "2001:db8::3",
    ("mac-addr", "value"): "d2:fb:49:24:37:18",
    ("domain-name", "value"): "example.com",
    ("email-addr", "value"): "ana@example.com",
    ("url", "value"): "https://example.com/a",
    ("indicator", "pattern"): "[domain-name:value = 'example.com']",
    ("indicator", "pattern_type"): "stix",
    ("indicator", "pattern_version"): "2.1",
    ("indicator", "valid_until"): "2026-02-28T00:00:00Z",
    ("relationship", "stop_time"): "2026-02-28T00:00:00Z",
    ("malware", "is_family"): False,
    ("network-traffic", "is_active"): False,
    ("email-message", "is_multipart"): True,
    ("marking-definition", "id"): f"marking-definition--{UUID}",
    ("marking-definition", "definition_type"): "statement",
    ("marking-definition", "definition"): {"statement": "Copyright 2026, Example Corp."},
    ("extension-definition", "extension_types"): ["toplevel-property-extension"],
    ("language-content", "contents"): {"es": {"name": "Grupo de ejemplo"}},
    ("observed-data", "objects"): {"0": {"type": "url", "value": "https://example.com"}},
    ("software", "cpe"): "cpe:2.3:a:example:tool:1.0:*:*:*:*:*:*:*",
    ("software", "languages"): ["es"],
    ("x509-certificate", "x509_v3_extensions"): {"basic_constraints": "critical"},
    ("artifact", "mime_type"): "text/plain",
}
EXCLUDED = {
    "artifact": {"url"},
    "observed-data": {"objects"},
    "email-message": {"body"},
    "marking-definition": {"extensions"},
}
# The least that a type needs besides what is required of every one.
LEAST = {
    "artifact": {"payload_bin"},
    "file": {"name"},
    "location": {"region"},
    "malware-analysis": {"result"},
    "network-traffic": {"src_ref"},
    "observed-data": {"object_refs"},
    "process": {"pid"},
    "user-account": {"user_id"},
    "windows-registry-key": {"key"},
    "x509-certificate": {"issuer"},
    "marking-definition": {"definition_type", "definition"},
    "extension-definition": {"created_by_ref"},
}


def structure(type_: str) -> Structure:
    return STRUCTURES[TYPES[type_]]


def full(type_: str) -> dict[str, Any]:
    """A valid object with every property of its type, save those that exclude others."""
    wanted = [p for p in structure(type_).properties if p.name not in EXCLUDED.get(type_, ())]
    sample = {"type": type_} | {p.name: value_of(type_, p) for p in wanted}
    if "granular_markings" in sample:
        sample["granular_markings"] = [{"marking_ref": MARKING, "selectors": ["id"]}]
    return sample


def bare(type_: str) -> dict[str, Any]:
    """A valid object with nothing that could be left out."""
    needed = LEAST.get(type_, set())
    wanted = [p for p in structure(type_).properties if p.required or p.name in needed]
    return {"type": type_} | {p.name: value_of(type_, p) for p in wanted}


def value_of(type_: str, wanted: Property) -> Any:
    if (type_, wanted.name) in VALUES:
        return copy.deepcopy(VALUES[type_, wanted.name])
    return example(wanted.shape, wanted.name)


def example(shape: Shape, name: str) -> Any:
    """A value that the shape allows."""
    match shape:
        case Text(None):
            return f"a {name}"
        case Text(form):
            return spelling(form)
        case Choice(values):
            return values[0]
        case Flag():
            return True
        case Number(_, least, most):
            return 7 if least is None or least <= 7 <= (most or 7) else least
        case Several(item):
            return [example(item, name)]
        case Table():
            return table(shape, name)
        case Structure():
            return part(shape)
    return "anything"


def spelling(form: Form) -> str:
    return next(text for text in SPELLINGS if form.holds(text))


def table(shape: Table, name: str) -> dict[str, Any]:
    if shape.forms == HASHES:
        return dict(HASH)
    if name == "extensions":
        return {EXTENSION: {"extension_type": "property-extension", "rank": 5}}
    return {"key": "value"}


def part(shape: Structure) -> dict[str, Any]:
    exclusive = {n for wanted in shape.presence if wanted.exclusive for n in wanted.names[1:]}
    wanted = [p for p in shape.properties if p.name not in exclusive]
    return {p.name: example(p.shape, p.name) for p in wanted}


def write(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def judged(obj: object) -> Document | Refused:
    """The verdict on one object in an envelope."""
    reading = read_envelope(write({"objects": [obj]}))
    return (*reading.documents, *reading.refused)[0]


def faults_of(obj: object) -> dict[str, str]:
    """What is wrong with one object: the place within it, and the sentence."""
    verdict = judged(obj)
    if isinstance(verdict, Document):
        return {}
    return {f.place.removeprefix("objects[0]").removeprefix("."): str(f) for f in verdict.faults}
