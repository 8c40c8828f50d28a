"""A pattern's verdict and its observables: at once for the simple ones, by the grammar for all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from minga.core.observables import Observable
from minga.core.stix.patterns.grammar import parse
from minga.core.stix.patterns.hashes import form_of
from minga.core.stix.patterns.meaning import Reader, named_by, reader_of
from minga.core.stix.patterns.problem import PatternProblem
from minga.core.stix.patterns.tokens import LONGEST_PATTERN

# One comparison of a path with a text, which is what nearly every published pattern is.
_SINGLE = re.compile(
    r" *\[ *([A-Za-z0-9_:.'*\[\]-]{3,200}+) *==? *'([^'\\]*+(?:\\['\\][^'\\]*+)*+)' *\] *"
)
_ESCAPED = re.compile(r"\\(['\\])")


class _Path(NamedTuple):
    """An object path that the grammar allows: what values it takes, and what they are."""

    form: re.Pattern[str] | None
    reader: Reader | None


@lru_cache(maxsize=4096)
def _path(text: str) -> _Path | None:
    try:
        (observation,) = parse(f"[EXISTS {text}]", version="2.1")
    except PatternProblem:
        return None
    (comparison,) = observation.comparisons
    if isinstance(comparison.steps[-1], int):
        return None
    return _Path(form_of(comparison.steps), reader_of(comparison.type, comparison.steps))


def observables(pattern: str) -> tuple[Observable, ...]:
    """What a pattern asks for by value: each equality (`=`, `IN`) and each range (`ISSUBSET`).

    Negated comparisons, other operators, paths that name nothing observable and values without a
    canonical form yield none. A file's name and folder asked for together are one path.

    Raises PatternProblem if the pattern is not valid, and nothing else.
    """
    at_once = _read_single(pattern)
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
        if version == "2.0" or _read_single(pattern) is None:
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


def _read_single(pattern: str) -> tuple[Observable, ...] | None:
    """The observables of a valid single comparison; None for anything that wants the grammar."""
    found = _SINGLE.fullmatch(pattern)
    path = _path(found[1]) if found and len(pattern) <= LONGEST_PATTERN else None
    if not found or not path:
        return None
    value = found[2]
    if path.form is not None and not path.form.fullmatch(value.replace("'", "")):
        return None
    if path.reader is None:
        return ()
    observable = path.reader(_ESCAPED.sub(r"\1", value) if "\\" in value else value)
    return (observable,) if observable else ()
