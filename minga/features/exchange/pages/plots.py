"""Sightings day by day, as bars of an SVG: numbers and words, no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.utils.translation import ngettext

from minga.features.exchange.queries import Day
from minga.web.wording import locale

FULL = 46
STEP = 10
FLOOR = 53


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's bar in the coordinates of the plot; a day without sightings is a line."""

    x: int
    y: int
    height: int
    css: str


@dataclass(frozen=True, slots=True)
class Plot:
    """All bars from left to right, with the words that say the same."""

    bars: tuple[Bar, ...]
    first: str
    words: str


def plot_of(days: Sequence[Day]) -> Plot | None:
    """The plot of these days; None when nothing was seen on any."""
    peak = max(days, key=lambda day: day.events, default=None)
    if peak is None or peak.events == 0:
        return None
    bars = []
    for number, day in enumerate(days):
        height = max(1, round(FULL * day.events / peak.events))
        css = "f1" if day.events else "q1"
        bars.append(Bar(number * STEP, FLOOR - height, height, css))
    said = ngettext(
        "Sightings per day over %(days)d days; most, %(peak)d, on %(date)s",
        "Sightings per day over %(days)d days; most, %(peak)d, on %(date)s",
        peak.events,
    )
    words = said % {"days": len(days), "peak": peak.events, "date": _short(peak.on)}
    return Plot(tuple(bars), _short(days[0].on), words)


def _short(on: date) -> str:
    return format_date(on, "d MMM", locale=locale())
