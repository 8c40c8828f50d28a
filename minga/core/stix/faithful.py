"""Typed decoding, and proof that it lost nothing which the standard or a limit forbids.

msgspec keeps one value of a repeated key and skips what a struct does not name, both in silence.
The proof is a count. Every string of what was received is a key or a value; decoding never adds
one; so when what was kept has as many strings as came in, no key was repeated and nothing was
skipped. Strings are counted by their quotes, in C, on the bytes and on what the encoder writes.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from minga.core.stix.conform import STRUCTURES, is_open
from minga.core.stix.forms import MAX_PROPERTY_NAME, PROPERTY_NAME
from minga.core.stix.limits import Limits
from minga.core.stix.objects import TYPES, Custom, StixObject
from minga.core.stix.scan import longest_string

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises."""

_known: Any = functools.reduce(operator.or_, TYPES.values())
_decode_known: Callable[[bytes], StixObject] = msgspec.json.Decoder(_known).decode
_decode_list: Callable[[bytes], list[StixObject]] = msgspec.json.Decoder(list[_known]).decode
_decode_custom: Callable[[bytes], Custom] = msgspec.json.Decoder(Custom).decode
_decode_plain: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode

_NAMES = {struct: frozenset(struct.__struct_fields__) | {"type"} for struct in STRUCTURES}
_OPEN = frozenset(struct for struct, shape in STRUCTURES.items() if is_open(shape))

_HAZARD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes that may hide a NUL or half a surrogate pair."""

_BLANK_ALL_BUT_DIGITS = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 16
"""Sixteen digits in a row: every integer beyond 2**53 has them, and every endless one."""


def decoded(raw: bytes) -> StixObject:
    """The typed object, a `Custom` one for types that STIX does not define.

    Raises one of UNREADABLE for what is neither.
    """
    try:
        return _decode_known(raw)
    except msgspec.ValidationError:
        obj = _decode_custom(raw)
        if obj.type in TYPES or obj.type == "bundle":
            raise
        return obj


def decoded_together(text: bytes) -> list[StixObject]:
    """The objects of a JSON list, if it is proved at once that none of them lost anything."""
    if b"\\" in text:
        return []
    try:
        objects = _decode_list(text)
    except UNREADABLE:
        return []
    return objects if _quotes(_encode(objects)) == _quotes(text) else []


def is_closed(raw: bytes, obj: StixObject, limits: Limits) -> bool:
    """Whether the declarations of its type bound everything that the struct holds."""
    return type(obj) not in _OPEN and obj.extensions is UNSET and len(raw) <= limits.string


def is_faithful(raw: bytes, obj: StixObject, limits: Limits) -> bool:
    """Whether `obj`, decoded from `raw`, lost nothing but custom properties that are right."""
    quotes = _quotes
    if b"\\" in raw:
        if _HAZARD.search(raw):
            return False
        quotes = _quotes_around_strings
    received, kept = quotes(raw), quotes(_encode(obj))
    if kept == received:
        return is_closed(raw, obj, limits) or _is_bounded(raw, _decode_plain(raw), limits)
    value = _decode_plain(raw)
    unknown = value.keys() - _NAMES[type(obj)]
    if not all(map(_is_property_name, unknown)):
        return False
    strings = _strings_of_flat([value[name] for name in unknown])
    if kept + 2 * (len(unknown) + strings) == received and is_closed(raw, obj, limits):
        return True
    return _is_bounded(raw, value, limits) and quotes(_encode(value)) == received


def _strings_of_flat(values: list[Any]) -> int:
    """How many strings the values hold, if they are flat: text, truth values and lists of text.

    Most custom properties are. Anything else counts as nothing, which breaks the sum.
    """
    count = 0
    for value in values:
        if type(value) is str:
            count += 1
        elif type(value) is list and all(type(item) is str for item in value):
            count += len(value)
        elif type(value) is not bool:
            return -1
    return count


def _is_bounded(raw: bytes, value: object, limits: Limits) -> bool:
    """Whether no number or string is too long and nothing nests too deep."""
    return (
        _LONG_NUMBER not in raw.translate(_BLANK_ALL_BUT_DIGITS)
        and (len(raw) <= limits.string or longest_string(raw) <= limits.string)
        and _nests_within(limits.depth, value)
    )


def _nests_within(levels: int, value: object) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return True
    return levels > 0 and all(
        _nests_within(levels - 1, item) for item in value if type(item) in (dict, list)
    )


def _quotes(text: bytes) -> int:
    return text.count(b'"')


def _quotes_around_strings(text: bytes) -> int:
    """Quotes that no backslash escapes; of two backslashes, one escapes the other."""
    if b'\\"' not in text:
        return text.count(b'"')
    text = text.replace(b"\\\\", b"")
    return text.count(b'"') - text.count(b'\\"')


def _is_property_name(name: str) -> bool:
    return len(name) <= MAX_PROPERTY_NAME and _is_short_property_name(name)


@functools.lru_cache(maxsize=4096)
def _is_short_property_name(name: str) -> bool:
    return PROPERTY_NAME.holds(name) is not None
