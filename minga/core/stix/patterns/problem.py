"""Why a pattern is refused."""

from __future__ import annotations

from minga.core.problems import Invalid


class PatternProblem(Invalid):
    """A pattern that breaks the grammar or a rule of STIX patterning.

    The message says what was found, at which character counted from 1, and what was expected.
    """

    code = "bad-pattern"
