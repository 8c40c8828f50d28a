"""STIX patterns (STIX 2.1, section 9): a verdict on each, and the observables it names."""

from minga.core.stix.patterns.problem import PatternProblem
from minga.core.stix.patterns.reading import observables, read, verdict

__all__ = ["PatternProblem", "observables", "read", "verdict"]
