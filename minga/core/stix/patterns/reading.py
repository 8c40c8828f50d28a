"""A pattern's verdict and its observables: at once for the simple ones, by the grammar for all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from minga.core.observables import Observable
from minga.core.stix.patterns.grammar import parse
from minga.core.stix.patterns.hashes import form_of
from minga.core.stix.patterns.meaning import Reader, is_half_of_a_path, named_by, reader_of
from minga.core.stix.patterns.problem import PatternProblem
from minga.core.stix.patterns.tokens import LONGEST_PATTERN

# Comparisons of a path with a text, joined without parentheses or qualifiers: nearly every
# published pattern is one of these, and most have a single comparison.
_COMPARISON = r"([A-Za-z0-9_:.'*\[\]-]{3,200}+) *==? *'([^'\\]*+(?:\\['\\][^'\\]*+)*+)'"
_FIRST = re.compile(r" *\[ *" + _COMPARISON)
_NEXT = re.compile(r"(?: +(?:AND|OR) +| *\] +(?:AND|OR|FOLLOWEDBY) +\[ *)" + _COMPARISON)
_END = re.compile(r" *\] *")
_ESCAPED = re.compile(r"\\(['\\])")


class _Path(NamedTuple):
    """An object path that the grammar allows: what values it takes, and what they are."""

    form: re.Pattern[str] | None
    reader: Reader | None


@lru_cache(maxsize=4096)
def _path(text: str) -> _Path | None:
    """What a path means, or None when it is none or wants the grammar."""
    try:
        comparisons = [c for it in parse(f"[EXISTS {text}]", version="2.1") for c in it.comparisons]
    except PatternProblem:
        return None
    type_, steps = comparisons[0].type, comparisons[0].steps
    if len(comparisons) > 1 or isinstance(steps[-1], int) or is_half_of_a_path(type_, steps):
        return None
    return _Path(form_of(steps), reader_of(type_, steps))


def observables(pattern: str) -> tuple[Observable, ...]:
    """What a pattern asks for by value: each equality (`=`, `IN`) and each range (`ISSUBSET`).

    Negated comparisons, other operators, paths that name nothing observable and values without a
    canonical form yield none. A file's name and folder asked for together are one path.

    Raises PatternProblem if the pattern is not valid, and nothing else.
    """
    at_once = _read_simple(pattern)
    return named_by(parse(pattern, version="2.1")) if at_once is None else at_once


def verdict(pattern: str, *, pattern_type: str = "stix", version: str = "2.1") -> str | None:
    """None for a valid pattern, otherwise what is wrong with it, in words.

    Patterns of other types (yara, sigma, snort, suricata, pcre…) are not judged here: None.
    `version` is the one of the grammar, `pattern_version` of an indicator; any but 2.0 is 2.1.

    The verdict is that of stix2-patterns 2.1, which most tools run, and differs in two things that
    end it with an error of Python's: a negative or endless index and an index in `hashes`, refused
    here; and long or deep patterns (from some hundred terms or brackets), judged here by the
    grammar up to 65,536 characters.
    """
    if pattern_type != "stix":
        return None
    try:
        if version == "2.0" or _read_simple(pattern) is None:
            parse(pattern, version=version)
    except PatternProblem as problem:
        return problem.message
    return None


def read(pattern: str) -> tuple[str | None, tuple[Observable, ...]]:
    """`verdict` and `observables` in one pass; of an invalid pattern the observables are none."""
    try:
        return None, observables(pattern)
    except PatternProblem as problem:
        return problem.message, ()


def _read_simple(pattern: str) -> tuple[Observable, ...] | None:
    """The observables of a valid pattern of simple form; None for what wants the grammar."""
    if len(pattern) > LONGEST_PATTERN:
        return None
    named: list[Observable] = []
    found = _FIRST.match(pattern)
    while found:
        path, value, end = _path(found[1]), found[2], found.end()
        if path is None or (path.form and not path.form.fullmatch(value.replace("'", ""))):
            return None
        if path.reader is not None:
            one = path.reader(_ESCAPED.sub(r"\1", value) if "\\" in value else value)
            if one is not None:
                named.append(one)
        if _END.fullmatch(pattern, end):
            return tuple(named) if len(named) < 2 else tuple(dict.fromkeys(named))
        found = _NEXT.match(pattern, end)
    return None
