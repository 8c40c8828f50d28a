"""A hash that cannot be one: the check on values that goes beyond the grammar."""

from __future__ import annotations

import re

from minga.core.stix.patterns.problem import PatternProblem
from minga.core.stix.patterns.syntax import Comparison, Step

_HEX_DIGITS = {
    "MD5": 32,
    "RIPEMD160": 40,
    "SHA1": 40,
    "SHA224": 56,
    "SHA256": 64,
    "SHA384": 96,
    "SHA512": 128,
    "SHA3224": 56,
    "SHA3256": 64,
    "SHA3384": 96,
    "SHA3512": 128,
    "WHIRLPOOL": 128,
}
# As in stix2-patterns, whose verdict ours equals: a final line break passes, and of an MD6 hash
# only the first 32 digits count (or, by a slip in it, a line break, four blanks and 64 digits).
_FORMS = {name: re.compile(f"[0-9A-Fa-f]{{{n}}}\n?") for name, n in _HEX_DIGITS.items()} | {
    "MD6": re.compile(r"(?:[0-9A-Fa-f]{32}|\n {4}[0-9A-Fa-f]{64}).*", re.DOTALL),
    "SSDEEP": re.compile(r"[A-Za-z0-9/+:.]{1,128}\n?"),
}


def form_of(steps: tuple[Step, ...]) -> re.Pattern[str] | None:
    """What a value compared with this path must look like, or None when anything will do."""
    name = steps[-1] if "hashes" in steps else None
    if not isinstance(name, str):
        return None
    return _FORMS.get(name.upper().replace("-", "").replace("'", ""))


def check_hash(comparison: Comparison) -> None:
    """Refuse a comparison of a known hash with what no such hash can be, whatever the operator.

    So `IN`, `LIKE` and `MATCHES` on a known hash are refused, as stix2-patterns does. A path that
    ends in an index below `hashes` is refused too: hashes are a dictionary (STIX 2.1, 2.7), and
    stix2-patterns breaks down on it.
    """
    name = comparison.steps[-1]
    if isinstance(name, int) and "hashes" in comparison.steps:
        raise PatternProblem(
            f"Found the index {name} in hashes; expected the name of an algorithm, such as "
            "hashes.'SHA-256'."
        )
    form = form_of(comparison.steps)
    if form is not None and not form.fullmatch(_as_checked(comparison)):
        at = f" at character {comparison.literals[0].at}" if comparison.literals else ""
        raise PatternProblem(
            f"Found a value{at} that is no {name} hash; expected one in full, in single quotation "
            "marks and compared with = or !=."
        )


def _as_checked(comparison: Comparison) -> str:
    """The value as the check takes it: without quotation marks, escapes left as written."""
    written = ",".join(literal.text for literal in comparison.literals)
    if comparison.operator == "IN":
        written = f"({written})"
    return written.replace("'", "")
