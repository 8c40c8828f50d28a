"""The verdict on one object: a document, or everything that is wrong with it.

Most objects take the fast way: typed decoding, then a few proofs in C that nothing was dropped or
misread, then one expression over the forms. Whatever it cannot prove goes the careful way, which
explains. The fast way never accepts what the careful one refuses; a property test holds that.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from minga.core.stix import strict
from minga.core.stix.conform import STRUCTURES, TESTS, is_open
from minga.core.stix.document import Document
from minga.core.stix.faults import MAX_FAULTS, Fault, Refused, quote, shown
from minga.core.stix.forms import MAX_IDENTIFIER, PROPERTY_NAME
from minga.core.stix.limits import Limits
from minga.core.stix.objects import TYPES, Custom, StixObject
from minga.core.stix.objects.domain import Indicator
from minga.core.stix.scan import depth_of
from minga.core.stix.selectors import unresolved_selectors

CheckPattern = Callable[[str, str], str | None]
"""Given a pattern and its type, says what is wrong with it, or None."""

_decode_known: Callable[[bytes], StixObject] = msgspec.json.Decoder(
    functools.reduce(operator.or_, TYPES.values())
).decode
_decode_custom: Callable[[bytes], Custom] = msgspec.json.Decoder(Custom).decode
_decode_plain: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode

_NAMES = {struct: frozenset(struct.__struct_fields__) | {"type"} for struct in STRUCTURES}
_OPEN = frozenset(struct for struct, shape in STRUCTURES.items() if is_open(shape))

_HAZARD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes that may hide a NUL or half a surrogate pair."""

_CUSTOM_PROPERTY = b'"x_'
"""How custom properties usually begin: a hint that the struct does not hold everything."""

_BLANK_ALL_BUT_DIGITS = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 16
"""Sixteen digits in a row: every integer beyond 2**53 has them."""


class Judge:
    """Reads single objects under given limits."""

    def __init__(self, limits: Limits, check_pattern: CheckPattern | None) -> None:
        self._limits = limits
        self._check_pattern = check_pattern

    def __call__(self, raw: bytes, place: str) -> Document | Refused:
        """The verdict on the object at `place`. Raises Malformed if `raw` is not JSON."""
        obj = self._accepted_at_once(raw)
        if obj is not None:
            return Document(raw, place, obj)
        return self._examined(raw, place)

    def _accepted_at_once(self, raw: bytes) -> StixObject | None:
        """The object if it is right beyond doubt, else None."""
        if len(raw) > self._limits.string:
            return None
        try:
            obj = _decoded(raw)
            if (
                obj.granular_markings is UNSET
                and TESTS[type(obj)](obj)
                and self._is_faithful(raw, obj)
                and not self._pattern_error(obj)
            ):
                return obj
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # the careful way says what it is
        return None

    def _is_faithful(self, raw: bytes, obj: StixObject) -> bool:
        """Whether decoding dropped nothing that the standard or a limit forbids.

        Decoding keeps one value of a repeated key and loses the other's name at least, so what
        was kept, written again, has fewer strings than came in. Equal counts prove every key
        unique; written from the struct, also that it has no property besides the standard's.
        """
        count = _quotes
        if b"\\" in raw:
            if _HAZARD.search(raw):
                return False
            count = _quotes_around_strings
        received = count(raw)
        if _CUSTOM_PROPERTY not in raw and count(_encode(obj)) == received:
            bounded = type(obj) not in _OPEN and obj.extensions is UNSET
            return bounded or self._is_bounded(raw)
        value = _decode_plain(raw)
        unknown = value.keys() - _NAMES[type(obj)]
        if not all(map(_is_property_name, unknown)):
            return False
        bounded = (
            type(obj) not in _OPEN
            and obj.extensions is UNSET
            and all(_is_flat(value[name]) for name in unknown)
        )
        return (bounded or self._is_bounded(raw)) and count(_encode(value)) == received

    def _is_bounded(self, raw: bytes) -> bool:
        """Whether no number is too long and nothing nests too deep, structs aside."""
        if _LONG_NUMBER in raw.translate(_BLANK_ALL_BUT_DIGITS):
            return False
        deepest = self._limits.depth
        return raw.count(b"{") + raw.count(b"[") <= deepest or depth_of(raw) <= deepest

    def _examined(self, raw: bytes, place: str) -> Document | Refused:
        depth = depth_of(raw)
        if depth > self._limits.depth:
            fault = Fault(place, f"nesting {depth} deep", f"{self._limits.depth} at most")
            return Refused(place, "", "", "", (fault,))
        value = strict.parse(raw, place=place)
        faults = tuple(islice(self._faults(value, place), MAX_FAULTS))
        if faults:
            return _refused(value, place, faults)
        try:
            return Document(raw, place, _decoded(raw))
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
        if struct is Indicator:
            yield from self._pattern_faults(value, place)

    def _pattern_faults(self, value: dict[str, Any], place: str) -> Iterator[Fault]:
        pattern, pattern_type = value.get("pattern"), value.get("pattern_type")
        if self._check_pattern and isinstance(pattern, str) and isinstance(pattern_type, str):
            error = self._check_pattern(pattern, pattern_type)
            if error:
                expected = f"a valid {shown(pattern_type)} pattern ({error})"
                yield Fault(f"{place}.pattern", quote(pattern), expected)

    def _pattern_error(self, obj: StixObject) -> str | None:
        if self._check_pattern is None or not isinstance(obj, Indicator):
            return None
        return self._check_pattern(obj.pattern, obj.pattern_type)


def _decoded(raw: bytes) -> StixObject:
    """The typed object, a `Custom` one for types that STIX does not define.

    Raises msgspec.ValidationError for what is neither.
    """
    try:
        return _decode_known(raw)
    except msgspec.ValidationError:
        obj = _decode_custom(raw)
        if obj.type in TYPES or obj.type == "bundle":
            raise
        return obj


def _is_flat(value: object) -> bool:
    """Text, a truth value or a list of texts: what most custom properties hold."""
    if type(value) is list:
        return all(type(item) is str for item in value)
    return type(value) is str or type(value) is bool


def _quotes(text: bytes) -> int:
    return text.count(b'"')


def _quotes_around_strings(text: bytes) -> int:
    """Quotes that no backslash escapes; of two backslashes, one escapes the other."""
    if b'\\"' not in text:
        return text.count(b'"')
    text = text.replace(b"\\\\", b"")
    return text.count(b'"') - text.count(b'\\"')


@functools.lru_cache(maxsize=4096)
def _is_property_name(name: str) -> bool:
    return PROPERTY_NAME.holds(name) is not None


def _refused(value: Any, place: str, faults: tuple[Fault, ...]) -> Refused:
    value = value if isinstance(value, dict) else {}
    version = _readable(value.get("modified")) or _readable(value.get("created"))
    return Refused(place, _readable(value.get("id")), _readable(value.get("type")), version, faults)


def _readable(value: object) -> str:
    """Text that is safe to show and store, else nothing."""
    fits = isinstance(value, str) and len(value) <= MAX_IDENTIFIER and value.isprintable()
    return str(value) if fits else ""
