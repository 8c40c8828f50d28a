"""The rule of reading, pure: labels, audiences, who may read and who may widen."""

from minga.core.policy.audience import (
    NOBODY,
    NOTHING,
    PUBLIC,
    Audience,
    Decision,
    Reader,
    check,
    is_within,
    may_read,
    may_widen,
    strictest,
)
from minga.core.policy.powers import OF_CLAUSES, Power
from minga.core.policy.tlp import Pap, Tlp

__all__ = [
    "NOBODY",
    "NOTHING",
    "OF_CLAUSES",
    "PUBLIC",
    "Audience",
    "Decision",
    "Pap",
    "Power",
    "Reader",
    "Tlp",
    "check",
    "is_within",
    "may_read",
    "may_widen",
    "strictest",
]
