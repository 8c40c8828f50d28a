"""Which observables a STIX object speaks of, so that a lookup finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from minga.core.observables import Kind, Observable, canonical
from minga.core.observables.stix import HASH_NAMES
from minga.core.problems import Invalid
from minga.core.stix import Document, patterns

_HASHES = {name: kind for kind, name in HASH_NAMES.items()}
_CODES = {"cve": Kind.CVE, "mitre-attack": Kind.TECHNIQUE}

Found = Iterator[tuple[Kind, str]]


def _address(address: Any) -> Found:
    value: str = address.value
    if "/" in value:
        yield Kind.CIDR, value
    else:
        yield (Kind.IPV6 if ":" in value else Kind.IPV4), value


def _file(file: Any) -> Found:
    yield from _hashes(file)
    if file.name:
        yield Kind.FILE_NAME, file.name


def _hashes(thing: Any) -> Found:
    for name, value in (thing.hashes or {}).items():
        if name.upper() in _HASHES:
            yield _HASHES[name.upper()], value


def _codes(thing: Any) -> Found:
    for reference in thing.external_references or ():
        kind = _CODES.get(reference.source_name)
        if kind and reference.external_id:
            yield kind, reference.external_id


def _vulnerability(thing: Any) -> Found:
    yield from _codes(thing)
    yield Kind.CVE, thing.name


_OF_TYPE: dict[str, Callable[[Any], Found]] = {
    "artifact": _hashes,
    "attack-pattern": _codes,
    "autonomous-system": lambda it: iter([(Kind.ASN, str(it.number))]),
    "domain-name": lambda it: iter([(Kind.DOMAIN, it.value)]),
    "email-addr": lambda it: iter([(Kind.EMAIL, it.value)]),
    "file": _file,
    "ipv4-addr": _address,
    "ipv6-addr": _address,
    "mac-addr": lambda it: iter([(Kind.MAC, it.value)]),
    "mutex": lambda it: iter([(Kind.MUTEX, it.name)]),
    "url": lambda it: iter([(Kind.URL, it.value)]),
    "vulnerability": _vulnerability,
    "windows-registry-key": lambda it: iter([(Kind.REGISTRY_KEY, it.key)] if it.key else []),
}


def mentions_of(document: Document) -> tuple[Observable, ...]:
    """The observables of an object of any type but indicator (see `read_pattern`).

    A value that has no canonical form, such as a host name with a space, is left out: the object
    is stored and served all the same, but no lookup leads to it.
    """
    found = _OF_TYPE.get(document.type)
    if found is None:
        return ()
    observables = []
    for kind, text in found(document.object):
        try:
            observables.append(Observable(kind, canonical(kind, text)))
        except Invalid:
            continue
    return tuple(observables)


def read_pattern(document: Document) -> tuple[str | None, tuple[Observable, ...]]:
    """What is wrong with an indicator's pattern, if anything, and the observables it names."""
    if document.pattern_type != "stix":
        return None, ()
    return patterns.read(document.pattern or "")
