"""The grammar of STIX patterns, read in one pass without recursion.

Depth and number of terms are bounded by the length of the pattern alone.
"""

from __future__ import annotations

import re

from minga.core.stix.patterns.hashes import check_hash
from minga.core.stix.patterns.problem import PatternProblem
from minga.core.stix.patterns.syntax import Comparison, Observation, Step
from minga.core.stix.patterns.tokens import Token, cut, unescaped

_ORDERABLE = ("string", "int", "float", "hex", "binary", "time")
_PRIMITIVE = (*_ORDERABLE, "bool")
_ON_STRINGS = ("LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET")
# Not even a comment may come before the first square bracket: stix2-patterns wants it so.
_BEGINNING = re.compile(r"[\s(]*+\[")
_LONGEST_INDEX = 4300
_JOINING_OBSERVATIONS = ("AND", "OR", "FOLLOWEDBY")


def parse(pattern: str, *, version: str) -> list[Observation]:
    """The observations of a pattern. Raises PatternProblem where the grammar is left.

    Source: STIX 2.1, 9.3 to 9.8 (`version` "2.0": STIX 2.0 part 5), as stix2-patterns reads them.
    """
    if not _BEGINNING.match(pattern):
        raise PatternProblem(
            "The pattern does not begin with [ or (; expected such as [a:b = 'c']."
        )
    return _Parser(cut(pattern, version=version), version).pattern()


class _Parser:
    """A cursor over the tokens. Brackets are counted, not recursed into: all operators of a level
    may be mixed, so neither precedence nor nesting changes what is valid.
    """

    def __init__(self, tokens: list[Token], version: str) -> None:
        self._tokens = tokens
        self._place = 0
        self._version = version

    @property
    def _next(self) -> str:
        return self._tokens[self._place].kind

    def _take(self, *kinds: str, expected: str = "") -> Token:
        token = self._tokens[self._place]
        if token.kind not in kinds:
            raise PatternProblem(
                f"Found {token} at character {token.at}; expected {expected or _listed(kinds)}."
            )
        self._place += 1
        return token

    def _took(self, *kinds: str) -> bool:
        if self._next not in kinds:
            return False
        self._place += 1
        return True

    def pattern(self) -> list[Observation]:
        observations: list[Observation] = []
        open_ = 0
        while True:
            while self._took("("):
                open_ += 1
            self._take("[", expected="[ or (")
            observations.append(self._observation())
            self._qualifiers(may_repeat=False)
            while open_ and self._took(")"):
                open_ -= 1
                self._qualifiers(may_repeat=True)
            if not self._took(*_JOINING_OBSERVATIONS):
                break
        self._take(")" if open_ else "end", expected=") or AND, OR, FOLLOWEDBY" if open_ else "")
        return observations

    def _observation(self) -> Observation:
        observation = Observation()
        open_ = 0
        while True:
            while self._took("("):
                open_ += 1
            observation.comparisons.append(self._comparison())
            while open_ and self._took(")"):
                open_ -= 1
            if self._next == "OR":
                observation.has_or = True
            if not self._took("AND", "OR"):
                break
        self._take(")" if open_ else "]", expected=f"{')' if open_ else ']'}, AND or OR")
        return observation

    def _comparison(self) -> Comparison:
        negated = self._took("NOT")
        if negated or self._next == "EXISTS":
            self._take("EXISTS")
            return Comparison(*self._path(), "EXISTS", negated, ())
        type_, steps = self._path()
        negated = self._took("NOT")
        operator = self._take("equal", "order", "IN", *_ON_STRINGS, expected="an operator")
        comparison = Comparison(type_, steps, operator.text, negated, self._literals(operator.kind))
        check_hash(comparison)
        return comparison

    def _literals(self, operator: str) -> tuple[Token, ...]:
        if operator == "IN":
            return self._set()
        if operator in _ON_STRINGS:
            return (self._take("string", expected="a text in single quotation marks"),)
        kinds = _PRIMITIVE if operator == "equal" else _ORDERABLE
        return (
            self._take(*kinds, expected="a value: a number or a text in single quotation marks"),
        )

    def _set(self) -> tuple[Token, ...]:
        self._take("(")
        if self._took(")"):
            return ()
        members = [self._take(*_PRIMITIVE, expected="a value")]
        while self._took(","):
            members.append(self._take(*_PRIMITIVE, expected="a value"))
        self._take(")", expected=", or )")
        return tuple(members)

    def _path(self) -> tuple[str, tuple[Step, ...]]:
        type_ = self._take("name", "hyphenated", expected="an object type such as file").text
        self._take(":")
        steps: list[Step] = [self._key()]
        while self._next in (".", "["):
            steps.append(self._key() if self._took(".") else self._index())
        return type_, tuple(steps)

    def _key(self) -> str:
        token = self._take("name", "string", expected="a property; quote it if it has a hyphen")
        return token.text if token.kind == "name" else unescaped(token.text)

    def _index(self) -> Step:
        self._take("[")
        token = self._take("int", "*", expected="an index or *")
        self._take("]")
        if token.kind == "*":
            return None
        # stix2-patterns takes both by its grammar, then breaks down on them.
        if token.text.startswith("-") or len(token.text.lstrip("+")) > _LONGEST_INDEX:
            raise PatternProblem(
                f"Found the index {token} at character {token.at}; expected 0, a positive index "
                "or *."
            )
        return int(token.text)

    def _qualifiers(self, *, may_repeat: bool) -> None:
        """WITHIN, REPEATS and START…STOP; each once on a pair of square brackets."""
        seen: set[str] = set()
        while self._next in _QUALIFIERS:
            token = self._tokens[self._place]
            if token.kind in seen and not may_repeat and self._version != "2.0":
                raise PatternProblem(
                    f"Found {token} again at character {token.at}; expected each qualifier once "
                    "on an observation."
                )
            seen.add(token.kind)
            for kinds in _QUALIFIERS[token.kind]:
                self._whole_or_positive(self._take(*kinds))

    @staticmethod
    def _whole_or_positive(token: Token) -> None:
        if token.text.startswith("-"):
            raise PatternProblem(
                f"Found {token} at character {token.at}; expected a number without minus."
            )


_QUALIFIERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "WITHIN": (("WITHIN",), ("int", "float"), ("SECONDS",)),
    "REPEATS": (("REPEATS",), ("int",), ("TIMES",)),
    "START": (("START",), ("time",), ("STOP",), ("time",)),
}


def _listed(kinds: tuple[str, ...]) -> str:
    return " or ".join(_IN_WORDS.get(kind, kind) for kind in kinds)


_IN_WORDS = {
    "end": "the end of the pattern",
    "int": "a whole number",
    "float": "a number",
    "time": "a time such as t'2026-01-31T00:00:00Z'",
    "string": "a text in single quotation marks",
}
