"""A second, slow, strict reader of JSON, written from RFC 8259 alone, to hold the fast one to.

It takes bytes and refuses, besides what is not JSON, everything that HOUSE rule 9 refuses.
"""

from __future__ import annotations

import math
from typing import Any

ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Refusal(Exception):
    """What a strict reader will not read."""


def read(data: bytes, *, depth: int = 64) -> Any:
    try:
        text = data.decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        raise Refusal("not UTF-8") from None
    reader = _Reader(text, depth)
    reader.space()
    value = reader.value(0)
    reader.space()
    if reader.at != len(text):
        raise Refusal("something after the value")
    return value


class _Reader:
    def __init__(self, text: str, depth: int) -> None:
        self.text, self.at, self.depth = text, 0, depth

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def space(self) -> None:
        while self.next() and self.next() in " \t\n\r":
            self.at += 1

    def take(self, wanted: str) -> None:
        if not self.text.startswith(wanted, self.at):
            raise Refusal(f"expected {wanted}")
        self.at += len(wanted)

    def value(self, depth: int) -> Any:
        first = self.next()
        if first in ("{", "[") and depth >= self.depth:
            raise Refusal("too deep")
        if first == "{":
            return self.object(depth + 1)
        if first == "[":
            return self.list(depth + 1)
        if first == '"':
            return self.string()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        return self.number()

    def object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.take("{")
        self.space()
        if self.next() == "}":
            self.at += 1
            return found
        while True:
            self.space()
            key = self.string()
            if key in found:
                raise Refusal("duplicate key")
            self.space()
            self.take(":")
            self.space()
            found[key] = self.value(depth)
            self.space()
            if self.next() != ",":
                self.take("}")
                return found
            self.at += 1

    def list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.take("[")
        self.space()
        if self.next() == "]":
            self.at += 1
            return found
        while True:
            self.space()
            found.append(self.value(depth))
            self.space()
            if self.next() != ",":
                self.take("]")
                return found
            self.at += 1

    def string(self) -> str:
        self.take('"')
        units: list[str] = []
        while (character := self.next()) != '"':
            if character < " ":
                raise Refusal("control character or end in a string")
            self.at += 1
            units.append(self.escape() if character == "\\" else character)
        self.at += 1
        return whole("".join(units))

    def escape(self) -> str:
        kind = self.next()
        self.at += 1
        if kind in ESCAPES and kind:
            return ESCAPES[kind]
        digits = self.text[self.at : self.at + 4]
        if kind != "u" or len(digits) < 4 or not set(digits) <= set("0123456789abcdefABCDEF"):
            raise Refusal("bad escape")
        self.at += 4
        return chr(int(digits, 16))

    def number(self) -> float:
        start = self.at
        while self.next() and self.next() in "+-0123456789.eE":
            self.at += 1
        text = self.text[start : self.at]
        whole_part, _, exponent = text.replace("E", "e").partition("e")
        integer, dot, fraction = whole_part.removeprefix("-").partition(".")
        if not integer.isdigit() or (len(integer) > 1 and integer[0] == "0"):
            raise Refusal("bad number")
        if (dot and not fraction.isdigit()) or (
            "e" in text.lower() and not exponent.removeprefix("-").removeprefix("+").isdigit()
        ):
            raise Refusal("bad number")
        if not dot and "e" not in text.lower():
            if abs(int(text[:100])) > 2**53 or len(text) > 64:
                raise Refusal("integer too large")
            return int(text)
        if len(text) > 64 or not math.isfinite(float(text)):
            raise Refusal("number too long or too large")
        return float(text)


def whole(text: str) -> str:
    """Surrogate pairs joined; halves and NUL refused."""
    joined = text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
    if "\0" in text or joined.count("\ufffd") != text.count("\ufffd"):
        raise Refusal("half a surrogate pair, or NUL")
    return joined
