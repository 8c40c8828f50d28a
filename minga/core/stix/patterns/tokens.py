"""The words of a STIX pattern (STIX 2.1, section 9.3), cut in one pass over the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from minga.core.stix.patterns.problem import PatternProblem

LONGEST_PATTERN = 65_536
"""Characters. The longest pattern in public feeds has about 12,000; reading stays linear."""

_RESERVED = (
    "AND OR NOT FOLLOWEDBY LIKE MATCHES ISSUPERSET ISSUBSET EXISTS LAST IN START STOP SECONDS "
    "WITHIN REPEATS TIMES"
)
_KEYWORDS = frozenset(_RESERVED.split())
_BASE64 = "[A-Za-z0-9+/]"
_TIME = (
    r"t'[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]++)?Z'"
)
# The first alternative that fits is also the longest: a literal before the name it begins with,
# a fraction before its integer, == before =. Blanks are those of the grammar, not of Python.
_TOKEN = re.compile(
    rf"(?P<blank>[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]++"
    rf"|//[^\r\n]*+|/\*(?s:.*?)\*/)"
    rf"|(?P<hex>h'(?:[0-9A-Fa-f]{{2}})*+')"
    rf"|(?P<binary>b'(?:{_BASE64}{{4}})*(?:{_BASE64}{{4}}|{_BASE64}{{3}}=|{_BASE64}{{2}}==)')"
    rf"|(?P<time>{_TIME})"
    rf"|(?P<word>[A-Za-z_][A-Za-z0-9_-]*+)"
    rf"|(?P<string>'[^'\\]*+(?:\\['\\][^'\\]*+)*+')"
    rf"|(?P<float>[+-]?[0-9]*+\.[0-9]++)"
    rf"|(?P<int>[+-]?(?:0|[1-9][0-9]*+)(?![0-9]))"
    rf"|(?P<equal>==?|!=|<>)"
    rf"|(?P<order>[<>]=?)"
    rf"|(?P<sign>[:.,()\[\]*])"
)


class Token(NamedTuple):
    """A word of a pattern.

    `kind` is one of name, hyphenated, string, int, float, hex, binary, bool, time, equal, order,
    end; or, for signs and keywords, the text itself. `at` counts characters from 1.
    """

    kind: str
    text: str
    at: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"{self.text[:60]!r}"


def cut(pattern: str, *, version: str) -> list[Token]:
    """The tokens, blanks and comments left out, an `end` appended.

    `version` is that of the grammar: EXISTS is a name in 2.0. Raises PatternProblem at the first
    character that begins no token, and over 65,536 characters.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternProblem(
            f"The pattern has {len(pattern):,} characters; expected {LONGEST_PATTERN:,} at most. "
            "Split it into several indicators."
        )
    tokens: list[Token] = []
    position = 0
    while position < len(pattern):
        found = _TOKEN.match(pattern, position)
        if found is None:
            raise _unreadable(pattern, position)
        kind, text = found.lastgroup or "", found[0]
        if kind != "blank":
            tokens.append(Token(_kind(kind, text, version), text, position + 1))
        position = found.end()
    tokens.append(Token("end", "", len(pattern) + 1))
    return tokens


def _kind(group: str, text: str, version: str) -> str:
    if group == "sign":
        return text
    if group != "word":
        return group
    if text in _KEYWORDS and not (text == "EXISTS" and version == "2.0"):
        return text
    if text in ("true", "false"):
        return "bool"
    return "hyphenated" if "-" in text else "name"


def _unreadable(pattern: str, position: int) -> PatternProblem:
    character = pattern[position]
    hint = {
        "'": "a text that ends with ' and in which ' and \\ are written \\' and \\\\",
        '"': "texts in single quotation marks",
        "/": "a comment that ends, /* so */",
    }.get(character, "a name, a value or an operator")
    return PatternProblem(f"Found {character!r} at character {position + 1}; expected {hint}.")


def unescaped(text: str) -> str:
    """What a string token stands for: without its quotation marks and escapes."""
    inner = text[1:-1]
    return re.sub(r"\\(['\\])", r"\1", inner) if "\\" in inner else inner
