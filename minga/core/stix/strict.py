"""The careful reader of JSON: slower than msgspec, and silent about nothing.

RFC 8259 leaves to each reader what duplicate keys, lone surrogates and huge numbers mean. Two
readers that differ are a way around an audience (`{"tlp":"red","tlp":"clear"}`), so such input is
refused, with its place.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from minga.core.problems import Malformed, TooLarge
from minga.core.stix.faults import MAX_FAULTS, Fault, shown
from minga.core.stix.limits import LONG_TEXT, MAX_INTEGER, MAX_NUMBER_LENGTH, Limits
from minga.core.stix.scan import Source, depth_of


@dataclass(frozen=True, slots=True)
class Unfit:
    """Stands in a parsed document where a number was that no reader can be trusted with."""

    found: str
    expected: str


class Repeating(dict[str, Any]):
    """An object some of whose keys appeared more than once; it holds the last value of each."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(key for key, _ in pairs)
        self.repeated = [key for key, count in times.items() if count > 1]


def read(data: bytes, *, place: str, limits: Limits) -> Any:
    """A JSON document that every reader understands alike.

    Raises Malformed, with the place, for what is not JSON or what any two readers might take
    differently, and TooLarge over `limits.body` bytes.
    """
    if len(data) > limits.body:
        raise TooLarge(f"{place} has {len(data)} bytes; the limit is {limits.body}.")
    source = Source([data], longest=limits.body)
    raw = source.value()
    if source.peek():
        raise source.malformed("nothing after the value")
    return read_value(raw, place=place, limits=limits)


def read_value(raw: bytes, *, place: str, limits: Limits) -> Any:
    """What `read` gives, of one value that a `Source` has cut out."""
    depth = depth_of(raw)
    if depth > limits.depth:
        raise Malformed(f"{place}: found nesting {depth} deep; expected {limits.depth} at most.")
    value = parse(raw, place=place)
    for fault in hygiene(value, place, limits):
        raise Malformed(str(fault))
    return value


def parse(raw: bytes, *, place: str) -> Any:
    """The JSON value of `raw`, with `Unfit` and `Repeating` where something is wrong.

    Nesting must have been bounded before. Raises Malformed for what is not JSON at all.
    """
    try:
        return _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at position {error.start}"
        raise Malformed(f"{place}: found {found}; expected UTF-8.") from None
    except ValueError as error:
        raise Malformed(f"{place}: this is not JSON: {error}.") from None


def hygiene(value: Any, place: str, limits: Limits) -> list[Fault]:
    """What makes a parsed value unsafe to store or to hand on, each with its place."""
    faults: list[Fault] = []
    _inspect(value, place, "", limits, faults)
    return faults


def _inspect(value: Any, place: str, name: str, limits: Limits, faults: list[Fault]) -> None:
    """`name` is the property that holds the value, directly or in lists."""
    if len(faults) >= MAX_FAULTS:
        return
    if isinstance(value, str):
        _inspect_text(value, place, _longest(name, limits), faults)
    elif isinstance(value, Unfit):
        faults.append(Fault(place, value.found, value.expected))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            if type(item) not in _HARMLESS:
                _inspect(item, f"{place}[{position}]", name, limits, faults)
    elif isinstance(value, dict):
        _inspect_object(value, place, limits, faults)


def _inspect_object(value: dict[str, Any], place: str, limits: Limits, faults: list[Fault]) -> None:
    repeated = value.repeated[:MAX_FAULTS] if isinstance(value, Repeating) else []
    faults += [Fault(f"{place}.{shown(key)}", "a key again", "each key once") for key in repeated]
    for key, item in value.items():
        inside = f"{place}.{shown(key)}"
        _inspect_text(key, inside, limits.string, faults)
        if type(item) not in _HARMLESS:
            _inspect(item, inside, key, limits, faults)


def _longest(name: str, limits: Limits) -> int:
    if name.endswith("_bin"):
        return limits.body
    return limits.text if name in LONG_TEXT else limits.string


def _inspect_text(text: str, place: str, longest: int, faults: list[Fault]) -> None:
    if len(text) > longest:
        faults.append(Fault(place, f"{len(text)} characters", f"{longest} at most"))
    if "\0" in text:
        faults.append(Fault(place, "a NUL character", "text without NUL"))
    if not text.isascii() and _SURROGATE.search(text):
        faults.append(Fault(place, "half of a surrogate pair", "whole Unicode characters"))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else Repeating(pairs)


def _integer(digits: str) -> int | Unfit:
    if len(digits) <= len(str(MAX_INTEGER)) + 1 and abs(int(digits)) <= MAX_INTEGER:
        return int(digits)
    return Unfit(_number(digits), f"an integer within ±{MAX_INTEGER}")


def _real(digits: str) -> float | Unfit:
    if len(digits) > MAX_NUMBER_LENGTH:
        return Unfit(_number(digits), f"a number of {MAX_NUMBER_LENGTH} characters at most")
    number = float(digits)
    return number if math.isfinite(number) else Unfit(digits, "a number that a double can hold")


def _number(digits: str) -> str:
    return digits if len(digits) <= 30 else f"a number of {len(digits)} characters"


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


_HARMLESS = frozenset({int, float, bool, type(None)})
_SURROGATE = re.compile("[\ud800-\udfff]")

_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_real,
    parse_constant=_constant,
)
