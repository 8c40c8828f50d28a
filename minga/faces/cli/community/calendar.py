"""When things happen in the story, told backwards from its end."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SANTIAGO = ZoneInfo("America/Santiago")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(\d+)d (\d\d:\d\d)")
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(\d) (\d\d:\d\d)")
_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


class Calendar:
    """Turns the script's times into instants.

    The story ends at `until`. `12d 11:40` is that time in Santiago, twelve days before; `fri2
    17:00` the last Friday but one; `-3h20m` counts back from the end itself.
    """

    def __init__(self, until: datetime) -> None:
        self.until = until

    def instant(self, when: str) -> datetime:
        """The instant of one of the forms above. Raises ValueError for any other."""
        if when.startswith("-"):
            return self.until - span(when[1:])
        if found := _DAY.fullmatch(when):
            days = int(found[1])
            return self._at(self._last_day() - timedelta(days=days), found[2])
        if found := _WEEKDAY.fullmatch(when):
            yesterday = self._last_day() - timedelta(days=1)
            back = (yesterday.weekday() - WEEKDAYS.index(found[1])) % 7
            weeks = int(found[2]) - 1
            return self._at(yesterday - timedelta(days=back, weeks=weeks), found[3])
        raise ValueError(f"{when!r} is no time of the story; expected 12d 11:40, fri2 17:00, -3h.")

    def _last_day(self) -> date:
        return self.until.astimezone(SANTIAGO).date()

    def _at(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), SANTIAGO).astimezone(
            self.until.tzinfo
        )


def span(text: str) -> timedelta:
    """A length of time written as `2d3h10m`, each part optional. Raises ValueError."""
    found = _SPAN.fullmatch(text)
    if found is None or not text:
        raise ValueError(f"{text!r} is no length of time; expected a form such as 2d3h10m.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
