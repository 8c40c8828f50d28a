"""Deterministic identifiers of cyber-observables (STIX 2.1, section 2.9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from minga.core.problems import Invalid

NAMESPACE = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")

CONTRIBUTING: dict[str, tuple[str, ...]] = {
    "artifact": ("hashes", "payload_bin"),
    "autonomous-system": ("number",),
    "directory": ("path",),
    "domain-name": ("value",),
    "email-addr": ("value",),
    "email-message": ("from_ref", "subject", "body"),
    "file": ("hashes", "name", "parent_directory_ref", "extensions"),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "mac-addr": ("value",),
    "mutex": ("name",),
    "network-traffic": (
        "start",
        "end",
        "src_ref",
        "dst_ref",
        "src_port",
        "dst_port",
        "protocols",
        "extensions",
    ),
    "process": (),
    "software": ("name", "cpe", "swid", "vendor", "version"),
    "url": ("value",),
    "user-account": ("account_type", "user_id", "account_login"),
    "windows-registry-key": ("key", "values"),
    "x509-certificate": ("hashes", "serial_number"),
}
"""The properties that make two observables the same one."""

_PREFERRED_HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-512")


def sco_id(
    type_: str, properties: Mapping[str, Any], *, at_random: Callable[[], UUID] = uuid4
) -> str:
    """The id that every producer gives to this observable.

    Only contributing properties count, so others may be present. With none of them the standard
    asks for a random UUIDv4, which `at_random` makes, so two such observables never share an id.
    Raises Invalid for a type that is no cyber-observable of STIX 2.1.
    """
    if type_ not in CONTRIBUTING:
        known = ", ".join(CONTRIBUTING)
        raise Invalid(f"type is {type_!r}; expected a cyber-observable: {known}.", field="type")
    parts = {name: properties[name] for name in CONTRIBUTING[type_] if name in properties}
    if parts.get("hashes"):
        parts["hashes"] = _one_hash(parts["hashes"])
    identity = uuid5(NAMESPACE, canonical_json(parts)) if parts else at_random()
    return f"{type_}--{identity}"


def _one_hash(hashes: Mapping[str, str]) -> dict[str, str]:
    for name in _PREFERRED_HASHES:
        if name in hashes:
            return {name: hashes[name]}
    first = min(hashes)
    return {first: hashes[first]}


def canonical_json(value: object) -> str:
    """JSON in the one spelling of RFC 8785: sorted keys, no spaces, numbers as ECMAScript."""
    return "".join(_spell(value))


def _spell(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield "{"
        for position, key in enumerate(sorted(value, key=_utf16)):
            yield f"{',' if position else ''}{_quote(key)}:"
            yield from _spell(value[key])
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for position, item in enumerate(value):
            yield "," if position else ""
            yield from _spell(item)
        yield "]"
    elif isinstance(value, float):
        yield _number(value)
    else:
        yield _quote(value)


def _quote(scalar: object) -> str:
    return json.dumps(scalar, ensure_ascii=False)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _number(value: float) -> str:
    """A double as ECMAScript's Number::toString writes it."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    figures, point = "".join(map(str, digits)), len(digits) + int(exponent)
    minus = "-" if sign else ""
    if len(figures) <= point <= 21:
        return f"{minus}{figures:0<{point}}"
    if 0 < point <= 21:
        return f"{minus}{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{figures}"
    fraction = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{minus}{figures[0]}{fraction}e{point - 1:+d}"
