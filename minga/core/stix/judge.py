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
from minga.core.stix.scan import Batch, depth_of, longest_string
from minga.core.stix.selectors import unresolved_selectors

CheckPattern = Callable[[str, str], str | None]
"""Given a pattern and its type, says what is wrong with it, or None."""

_known: Any = functools.reduce(operator.or_, TYPES.values())
_decode_known: Callable[[bytes], StixObject] = msgspec.json.Decoder(_known).decode
_decode_list: Callable[[bytes], list[StixObject]] = msgspec.json.Decoder(list[_known]).decode
_decode_custom: Callable[[bytes], Custom] = msgspec.json.Decoder(Custom).decode
_decode_plain: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_NAMES = {struct: frozenset(struct.__struct_fields__) | {"type"} for struct in STRUCTURES}
_OPEN = frozenset(struct for struct, shape in STRUCTURES.items() if is_open(shape))

_HAZARD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes that may hide a NUL or half a surrogate pair."""

_BLANK_ALL_BUT_DIGITS = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 16
"""Sixteen digits in a row: every integer beyond 2**53 has them."""


class Judge:
    """Reads single objects under given limits."""

    def __init__(self, limits: Limits, check_pattern: CheckPattern | None) -> None:
        self._limits = limits
        self._check_pattern = check_pattern
        self._customised: set[type[StixObject]] = set()

    def all_of(self, batch: Batch, first: int) -> Iterator[Document | Refused]:
        """The verdicts on the elements of `objects` from number `first` on, in their order.

        Where every object holds only what the standard defines, as in most feeds, all are proved
        faithful at once. Raises Malformed when it gets to what is not JSON.
        """
        known = self._decoded_together(batch.text)
        for position, raw in enumerate(batch.elements):
            place = f"objects[{first + position}]"
            if known and self._is_closed(raw, known[position]) and self._is_right(known[position]):
                yield Document(raw, place, known[position])
            else:
                yield self(raw, place)

    def __call__(self, raw: bytes, place: str) -> Document | Refused:
        """The verdict on the object at `place`. Raises Malformed if `raw` is not JSON."""
        try:
            obj = _decoded(raw)
            if self._is_right(obj) and self._is_faithful(raw, obj):
                return Document(raw, place, obj)
        except _UNREADABLE:
            pass  # the careful way says what it is
        return self.examined(raw, place)

    def _decoded_together(self, text: bytes) -> list[StixObject]:
        """The objects of a list, if none lost anything in decoding."""
        if not text or b"\\" in text or self._customised:
            return []
        try:
            known = _decode_list(text)
        except _UNREADABLE:
            return []
        return known if _quotes(_encode(known)) == _quotes(text) else []

    def _is_right(self, obj: StixObject) -> bool:
        """Whether the object keeps every rule, as far as its struct can tell."""
        return (
            obj.granular_markings is UNSET
            and TESTS[type(obj)](obj)
            and (self._check_pattern is None or not self._pattern_error(obj))
        )

    def _is_closed(self, raw: bytes, obj: StixObject) -> bool:
        """Whether everything in the object is bounded by the declarations of its type."""
        return (
            type(obj) not in _OPEN and obj.extensions is UNSET and len(raw) <= self._limits.string
        )

    def _is_faithful(self, raw: bytes, obj: StixObject) -> bool:
        """Whether decoding dropped nothing that the standard or a limit forbids.

        Decoding keeps one value of a repeated key and loses the other's name at least, so what
        was kept, written again, has fewer strings than came in. Equal counts prove every key
        unique; written from the struct, also that it has no property besides the standard's.
        Types that came with custom properties are not tried from the struct first.
        """
        count = _quotes
        if b"\\" in raw:
            if _HAZARD.search(raw):
                return False
            count = _quotes_around_strings
        received, struct = count(raw), type(obj)
        if struct not in self._customised:
            if count(_encode(obj)) == received:
                return self._is_closed(raw, obj) or self._is_bounded(raw)
            self._customised.add(struct)
        return self._is_faithful_with_custom_properties(raw, obj, received, count)

    def _is_faithful_with_custom_properties(
        self, raw: bytes, obj: StixObject, received: int, count: Callable[[bytes], int]
    ) -> bool:
        struct, value = type(obj), _decode_plain(raw)
        unknown = value.keys() - _NAMES[struct]
        if not unknown:
            self._customised.discard(struct)
        is_closed = self._is_closed(raw, obj) and all(_is_flat(value[name]) for name in unknown)
        return (
            all(map(_is_property_name, unknown))
            and (is_closed or self._is_bounded(raw))
            and count(_encode(value)) == received
        )

    def _is_bounded(self, raw: bytes) -> bool:
        """Whether no number or string is too long and nothing nests too deep."""
        limits = self._limits
        return (
            _LONG_NUMBER not in raw.translate(_BLANK_ALL_BUT_DIGITS)
            and (len(raw) <= limits.string or longest_string(raw) <= limits.string)
            and (raw.count(b"{") + raw.count(b"[") <= limits.depth or depth_of(raw) <= limits.depth)
        )

    def examined(self, raw: bytes, place: str) -> Document | Refused:
        """The verdict by the careful way alone. Raises Malformed if `raw` is not JSON."""
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
