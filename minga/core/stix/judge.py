"""The verdict on one object: a document, or everything that is wrong with it.

Most objects take the fast way: typed decoding, then a few proofs in C that nothing was dropped or
misread, then one expression over the forms. Whatever it cannot prove goes the careful way, which
explains. The fast way never accepts what the careful one refuses; a property test holds that.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from minga.core.stix import strict
from minga.core.stix.conform import STRUCTURES, TESTS
from minga.core.stix.document import Document
from minga.core.stix.faithful import (
    UNREADABLE,
    decoded,
    decoded_together,
    is_closed,
    is_faithful,
)
from minga.core.stix.faults import MAX_FAULTS, Fault, Refused
from minga.core.stix.forms import MAX_IDENTIFIER
from minga.core.stix.limits import Limits
from minga.core.stix.objects import TYPES, Custom, StixObject
from minga.core.stix.scan import Batch, depth_of
from minga.core.stix.selectors import unresolved_selectors

_decode_header = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

PATIENCE = 8
"""Batches read object by object after one that could not be proved as a whole."""


class Judge:
    """Reads single objects under given limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._batches_alone = 0

    def all_of(self, batch: Batch, first: int) -> Iterator[Document | Refused]:
        """The verdicts on the elements of `objects` from number `first` on, in their order.

        Where every object holds only what the standard defines, as in most feeds, all are proved
        faithful at once. Raises Malformed when it gets to what is not JSON.
        """
        limits = self._limits
        known = self._decoded_together(batch) or itertools.repeat(None)
        pairs = zip(batch.elements, known, strict=False)
        for position, (raw, obj) in enumerate(pairs, first):
            place = f"objects[{position}]"
            if obj is not None and is_closed(raw, obj, limits) and self._is_right(obj):
                yield Document(raw, place, obj)
            else:
                yield self(raw, place)

    def _decoded_together(self, batch: Batch) -> list[StixObject]:
        if not batch.text or self._batches_alone:
            self._batches_alone = max(0, self._batches_alone - 1)
            return []
        objects = decoded_together(batch.text)
        self._batches_alone = 0 if objects else PATIENCE
        return objects

    def __call__(self, raw: bytes, place: str) -> Document | Refused:
        """The verdict on the object at `place`. Raises Malformed if `raw` is not JSON."""
        try:
            obj = decoded(raw)
            if self._is_right(obj) and is_faithful(raw, obj, self._limits):
                return Document(raw, place, obj)
        except UNREADABLE:
            pass  # the careful way says what it is
        return self.examined(raw, place)

    def _is_right(self, obj: StixObject) -> bool:
        """Whether the object keeps every rule, as far as its struct can tell."""
        return obj.granular_markings is UNSET and TESTS[type(obj)](obj)

    def examined(self, raw: bytes, place: str) -> Document | Refused:
        """The verdict by the careful way alone. Raises Malformed if `raw` is not JSON."""
        depth = depth_of(raw)
        if depth > self._limits.depth:
            fault = Fault(place, f"nesting {depth} deep", f"{self._limits.depth} at most")
            return _refused(_header(raw), place, (fault,))
        value = strict.parse(raw, place=place)
        faults = tuple(islice(self._faults(value, place), MAX_FAULTS))
        if faults:
            return _refused(value, place, faults)
        try:
            return Document(raw, place, decoded(raw))
        except msgspec.DecodeError as error:
            return _refused(value, place, (Fault(place, str(error), "an object of STIX 2.1"),))

    def _faults(self, value: Any, place: str) -> Iterator[Fault]:
        yield from strict.hygiene(value, place, self._limits)
        type_ = value.get("type") if isinstance(value, dict) else None
        if type_ == "bundle":
            yield Fault(f"{place}.type", "a bundle inside objects", "the objects of that bundle")
            return
        struct = TYPES.get(type_, Custom) if isinstance(type_, str) else Custom
        yield from STRUCTURES[struct].faults(value, place)
        if isinstance(value, dict):
            yield from unresolved_selectors(value, place)


def _refused(value: Any, place: str, faults: tuple[Fault, ...]) -> Refused:
    value = value if isinstance(value, dict) else {}
    version = _readable(value.get("modified")) or _readable(value.get("created"))
    return Refused(place, _readable(value.get("id")), _readable(value.get("type")), version, faults)


def _header(raw: bytes) -> dict[str, Any]:
    """The plain properties of an object that nests too deep to be parsed."""
    try:
        return {
            name: msgspec.json.decode(value)
            for name, value in _decode_header(raw).items()
            if name in ("id", "type", "modified", "created")
        }
    except UNREADABLE:
        return {}


def _readable(value: object) -> str:
    """Text that is safe to show and store, else nothing."""
    fits = isinstance(value, str) and len(value) <= MAX_IDENTIFIER and value.isprintable()
    return str(value) if fits else ""
