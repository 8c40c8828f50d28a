"""stix2-patterns, the judge that our verdict must equal, and patterns to put before both."""

from __future__ import annotations

import random
import re

from stix2patterns.validator import run_validator

WORDS = [
    "a",
    "file",
    "ipv4-addr",
    "x-y",
    "_z",
    "hashes",
    "value",
    "MD5",
    "AND",
    "OR",
    "NOT",
    "FOLLOWEDBY",
    "LIKE",
    "MATCHES",
    "ISSUPERSET",
    "ISSUBSET",
    "EXISTS",
    "LAST",
    "IN",
    "START",
    "STOP",
    "SECONDS",
    "WITHIN",
    "REPEATS",
    "TIMES",
    "true",
    "false",
    "AND-1",
    "trueish",
    "and",
    "h",
    "b",
    "t",
]
GOOD_LITERALS = [
    "'x'",
    "''",
    r"'it\'s'",
    r"'C:\\a'",
    "'\n'",
    "'ñ'",
    "1",
    "-1",
    "+1",
    "1.5",
    "-.5",
    "h'ff'",
    "b'YWJj'",
    "t'2026-01-31T23:59:60Z'",
    "'d41d8cd98f00b204e9800998ecf8427e'",
    "'" + "a" * 64 + "'",
]
LITERALS = [
    "'x'",
    "''",
    r"'it\'s'",
    r"'C:\\a'",
    r"'\n'",
    "'ñ\U0001f600'",
    "1",
    "-1",
    "+1",
    "0",
    "00",
    "1.5",
    "-.5",
    "+0.5",
    "1.",
    "01.5",
    "h'ff'",
    "h'f'",
    "h''",
    "b'YWJj'",
    "b'YQ=='",
    "b'YWI='",
    "b''",
    "b'='",
    "t'2026-01-31T23:59:60Z'",
    "t'2026-13-31T00:00:00Z'",
    "t'2026-01-31T00:00:00.5Z'",
    "true",
    "false",
    "'d41d8cd98f00b204e9800998ecf8427e'",
    "'" + "a" * 64 + "'",
    '"x"',
]
SIGNS = [*"[]().,:*=<>!?/+-^'\\\"{}#$ \t\n\x0b\x1c\xa0\u2003\u200b"]
SIGNS += ["==", "!=", "<>", "<=", ">=", "/*", "*/", "//", "/* c */", "// c\n"]


def verdict(pattern: str, version: str = "2.1") -> str:
    """valid, invalid, or broken down: it raised something of Python's."""
    try:
        return "invalid" if run_validator(pattern, version) else "valid"
    except RecursionError:
        return "too deep"
    except (AttributeError, UnboundLocalError, ValueError):
        return "broken down"


class Patterns:
    """Patterns drawn from the grammar, and damaged ones, by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def valid(self, depth: int = 2) -> str:
        """Mostly valid: hashes may fail their check, qualifiers may come twice."""
        draw, choose = self._random.random, self._random.choice
        roll = draw()
        if depth and roll < 0.12:
            text = f"({self.valid(depth - 1)})"
        elif depth and roll < 0.35:
            operator = choose(["AND", "OR", "FOLLOWEDBY"])
            text = f"{self.valid(depth - 1)} {operator} {self.valid(depth - 1)}"
        else:
            text = f"[{self._comparisons(depth)}]"
        while draw() < 0.2:
            text += " " + choose(
                [
                    "WITHIN 5 SECONDS",
                    "WITHIN 0.5 SECONDS",
                    "REPEATS 3 TIMES",
                    "START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00.25Z'",
                ]
            )
        return text

    def _comparisons(self, depth: int) -> str:
        roll = self._random.random()
        if depth and roll < 0.12:
            return f"({self._comparisons(depth - 1)})"
        if depth and roll < 0.4:
            operator = self._random.choice(["AND", "OR"])
            return f"{self._comparisons(depth - 1)} {operator} {self._comparisons(depth - 1)}"
        return self._comparison()

    def _comparison(self) -> str:
        choose = self._random.choice
        path, blank = self._path(), choose(["", " "])
        if self._random.random() < 0.08:
            return choose(["", "NOT "]) + "EXISTS " + path
        no = choose(["", "", "", " NOT "])
        operator = choose(["=", "==", "!=", "<>", "<", "<=", ">", ">=", "IN", "LIKE", "ISSUBSET"])
        if operator == "IN":
            members = ", ".join(choose(GOOD_LITERALS) for _ in range(self._random.randrange(4)))
            return f"{path} {no} IN {blank}({members})"
        value = choose(LITERALS if self._random.random() < 0.1 else GOOD_LITERALS)
        if operator in ("LIKE", "ISSUBSET"):
            operator = choose(["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"])
            value = choose(["'x%'", "'10.0.0.0/8'", "'y'", value])
        return (
            f"{path}{no or blank}{' ' if no or operator.isalpha() else ''}{operator}{blank}{value}"
        )

    def _path(self) -> str:
        choose = self._random.choice
        path = (
            choose(["file", "ipv4-addr", "x-a", "a"])
            + ":"
            + choose(["value", "hashes", "name", "'quoted-key'", "x_ref"])
        )
        for _ in range(self._random.randrange(3)):
            path += choose(
                [
                    ".value",
                    ".MD5",
                    ".'SHA-256'",
                    ".'sha256'",
                    ".SSDEEP",
                    "[*]",
                    "[0]",
                    "[12]",
                    ".MD6",
                ]
            )
        return path

    def damaged(self, pattern: str) -> str:
        """One to three insertions, deletions or exchanges of characters or words."""
        for _ in range(self._random.choice([1, 1, 1, 2, 3])):
            pattern = self._random.choice(
                [
                    self._character_lost,
                    self._something_inserted,
                    self._words_exchanged,
                    self._word_lost,
                ]
            )(pattern)
        return pattern

    def _character_lost(self, pattern: str) -> str:
        at = self._random.randrange(len(pattern) + 1)
        return pattern[:at] + pattern[at + 1 :]

    def _something_inserted(self, pattern: str) -> str:
        at = self._random.randrange(len(pattern) + 1)
        thing = self._random.choice([*WORDS, *LITERALS, *SIGNS, *SIGNS])
        return pattern[:at] + self._random.choice([thing, f" {thing} "]) + pattern[at:]

    def _words_exchanged(self, pattern: str) -> str:
        words = _words(pattern)
        one, other = self._random.randrange(len(words)), self._random.randrange(len(words))
        words[one], words[other] = words[other], words[one]
        return "".join(words)

    def _word_lost(self, pattern: str) -> str:
        words = _words(pattern)
        del words[self._random.randrange(len(words))]
        return "".join(words)


def _words(pattern: str) -> list[str]:
    return re.findall(r"\w+|\s+|'[^']*'|.", pattern, re.DOTALL) or [""]
