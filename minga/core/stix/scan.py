"""Finding where the objects of an envelope begin and end, in chunks, without parsing them.

JSON is cut at the borders of the elements of `objects`; whether each piece is right is for its
reader to say. Memory holds one window, or one object where that is larger.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from minga.core.problems import Malformed, TooLarge

WINDOW = 262_144
"""Bytes read ahead: about 700 indicators."""

MAX_NESTING = 1000
"""Brackets inside each other beyond which nothing is searched for its end any more."""

_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[^ \t\n\r,\]}]*+")
_BRACKET = re.compile(
    rb'[^{}\[\]"]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^{}\[\]"]*+)*+(?:([{\[])|([}\]])|())', re.DOTALL
)
"""The next bracket outside strings, in the first group if it opens and the second if it closes.

The third stands for the end of what can be read. Without it a search that fails would start
again at every byte of a long string.
"""
_OPENS, _CLOSES = 1, 2

_BORDER = re.compile(rb'\}[ \t\n\r]*+,[ \t\n\r]*+\{[ \t\n\r]*+"[a-z_]++"')
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ATTEMPTS = 3


class Batch(NamedTuple):
    """Some elements of a list, one after the other, and the JSON list of just them if at hand."""

    elements: list[bytes]
    text: bytes = b""


class Source:
    """Bytes in chunks, read as JSON values one after the other.

    `longest` bounds one value, in bytes; a longer one raises TooLarge.
    """

    def __init__(self, chunks: Iterable[bytes], *, longest: int) -> None:
        self._chunks = iter(chunks)
        self._longest = longest
        self._buffer = b""
        self._at = 0
        self._passed = 0
        self._ended = False
        self._border = b""
        self._fill()
        if self._buffer.startswith(b"\xef\xbb\xbf"):
            self._at = 3

    def peek(self) -> bytes:
        """The next byte that is no space, or nothing at the end."""
        while True:
            self._at = self._skip_space(self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            if self._ended:
                return b""
            self._fill()

    def expect(self, wanted: bytes) -> None:
        """Pass over the next byte. Raises Malformed if it is another one."""
        if self.peek() != wanted:
            raise self.malformed(f'"{wanted.decode()}"')
        self._at += 1

    def value(self) -> bytes:
        """The bytes of the next value, whatever it is."""
        self.peek()
        while (end := self._end_of_value(self._at)) < 0:
            self._check_size(len(self._buffer) - self._at)
            self._grow()
        self._check_size(end - self._at)
        found, self._at = self._buffer[self._at : end], end
        if not found:
            raise self.malformed("a JSON value")
        return found

    def elements(self) -> Iterator[Batch]:
        """The elements of the list that begins here, in batches."""
        self.expect(b"[")
        if self.peek() == b"]":
            self._at += 1
            return
        while True:
            batch = self._batch()
            self._check_size(max(map(len, batch.elements)))
            yield batch
            if self.peek() == b"]":
                self._at += 1
                return
            self.expect(b",")
            self.peek()

    def malformed(self, expected: str) -> Malformed:
        """The problem that something else stands here."""
        while len(self._buffer) - self._at < 20 and not self._ended:
            self._fill()
        rest = self._buffer[self._at : self._at + 20]
        found = repr(rest.decode(errors="replace")) if rest else "the end"
        position = self._passed + self._at
        return Malformed(f"Byte {position}: found {found}; expected {expected}.")

    def _batch(self) -> Batch:
        if not self._ended and len(self._buffer) - self._at < WINDOW // 2:
            self._fill()
        return self._batch_by_border() or self._batch_by_brackets()

    def _batch_by_border(self) -> Batch | None:
        """All elements up to a text that looks like the border between two of them.

        A list of whole elements is JSON and a list cut anywhere else is not, so a wrong guess
        shows. Guesses are few, for each costs a pass over the window.
        """
        end = len(self._buffer)
        for _ in range(_ATTEMPTS):
            end = self._buffer.rfind(self._border, self._at, end) if self._border else -1
            if end < 0:
                break
            try:
                text = b"[%b]" % self._buffer[self._at : end + 1]
                elements = [bytes(element) for element in _LIST.decode(text)]
            except (msgspec.DecodeError, RecursionError):
                continue
            self._at = end + 1
            return Batch(elements, text)
        return None

    def _batch_by_brackets(self) -> Batch:
        """The next element, and all others of the window once guesses have failed."""
        elements = [self.value()]
        if not self._border:
            border = _BORDER.match(self._buffer, self._at - 1)
            self._border = border.group() if border else b""
            return Batch(elements)
        while self._buffer[self._at : self._at + 1] == b",":
            start = self._skip_space(self._at + 1)
            end = self._end_of_value(start)
            if end <= start:
                break
            elements.append(self._buffer[start:end])
            self._at = self._skip_space(end)
        return Batch(elements)

    def _end_of_value(self, start: int) -> int:
        """Where the value at `start` ends, or -1 if that is beyond the buffer."""
        first = self._buffer[start : start + 1]
        if first in (b"{", b"["):
            depth = 0
            for bracket in _BRACKET.finditer(self._buffer, start):
                if bracket.lastindex == _OPENS:
                    depth += 1
                    if depth > MAX_NESTING:
                        raise Malformed(f"Found nesting over {MAX_NESTING} deep; expected JSON.")
                elif bracket.lastindex == _CLOSES:
                    depth -= 1
                    if not depth:
                        return bracket.end()
                else:
                    break
            return -1
        if first == b'"':
            string = _STRING.match(self._buffer, start)
            return string.end() if string else -1
        end = _end(_SCALAR, self._buffer, start)
        return end if end < len(self._buffer) or self._ended else -1

    def _skip_space(self, start: int) -> int:
        return _end(_SPACE, self._buffer, start)

    def _check_size(self, size: int) -> None:
        if size > self._longest:
            raise TooLarge(f"One object has more than {self._longest} bytes, which is the limit.")

    def _grow(self) -> None:
        if self._ended:
            self._at = len(self._buffer)
            raise self.malformed("the rest of the value")
        self._fill()

    def _fill(self) -> None:
        """Read until the unread part has doubled, so that reading it again stays linear."""
        pieces = [self._buffer[self._at :]]
        size = len(pieces[0])
        goal = max(2 * size, WINDOW)
        for chunk in self._chunks:
            pieces.append(chunk)
            size += len(chunk)
            if size >= goal:
                break
        else:
            self._ended = True
        self._passed += self._at
        self._buffer, self._at = b"".join(pieces), 0


def _end(pattern: re.Pattern[bytes], text: bytes, start: int) -> int:
    """Where a pattern that matches anywhere, if only nothing, ends at `start`."""
    found = pattern.match(text, start)
    return found.end() if found else start


def pieces(data: bytes) -> Iterator[bytes]:
    """A body as chunks of one window: small copies stay in memory that is already there."""
    return (data[start : start + WINDOW] for start in range(0, len(data), WINDOW))


def longest_string(raw: bytes) -> int:
    """Bytes of the longest string in one value, its quotes and escapes included."""
    return max((found.end() - found.start() for found in _STRING.finditer(raw)), default=0)


def depth_of(raw: bytes) -> int:
    """How deep the brackets of one value nest."""
    steps = (bool(opens) - bool(closes) for opens, closes, _ in _BRACKET.findall(raw))
    return max(itertools.accumulate(steps), default=0)
