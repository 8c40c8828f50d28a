"""When a circle has decided on a candidate."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What has become of a candidate so far."""

    OPEN = "open"
    ADMITTED = "admitted"
    DECLINED = "declined"


def outcome(*, sitting: int, in_favour: int, against: int, is_over: bool) -> Outcome:
    """What votes decide: more than half of all who sit admits; what cannot come to that declines.

    `sitting` counts who may vote today, voted or not. When the time `is_over`, who did not vote
    counts as against.
    """
    if 2 * in_favour > sitting:
        return Outcome.ADMITTED
    if is_over or 2 * (sitting - against) <= sitting:
        return Outcome.DECLINED
    return Outcome.OPEN
