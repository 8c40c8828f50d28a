"""How far long work has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console as Screen
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

LINE_EVERY_SECONDS = 5.0


class Watcher(Protocol):
    """What shows the progress to somebody."""

    def show(self, tally: Tally) -> None:
        """Show where the work stands."""


@dataclass(slots=True)
class Tally:
    """Where the work stands. Bytes as stored; `size` is None when nobody knows.

    Work that counts no bytes has its size in what it counts, `objects` of this `unit`.
    """

    size: int | None
    done_bytes: int = 0
    objects: int = 0
    name: str = ""
    unit: str = "objects"
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Objects a second so far."""
        return self.objects / max(self.seconds, 0.001)

    @property
    def share(self) -> float | None:
        """What part is done, 0 to 1; None when nobody knows."""
        return None if not self.size else min(self.done_bytes / self.size, 1.0)

    @property
    def seconds_left(self) -> float | None:
        """How long it will take at the present rate; None when nobody knows."""
        return self.seconds * (1 - self.share) / self.share if self.share else None


class Lines:
    """A plain line every few seconds, for a log."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.last = time.monotonic()

    def show(self, tally: Tally) -> None:
        """Write a line when the last one is a while ago."""
        if time.monotonic() - self.last < LINE_EVERY_SECONDS:
            return
        self.last = time.monotonic()
        self.screen.print(line(tally))


class Bar:
    """A bar with rate and time left, for a terminal."""

    def __init__(self, progress: Progress, size: int | None) -> None:
        self.progress = progress
        self.task = progress.add_task("", total=size, objects="", name="")

    def show(self, tally: Tally) -> None:
        """Move the bar."""
        self.progress.update(
            self.task,
            completed=tally.done_bytes,
            name=tally.name,
            objects=f"{tally.objects:,} {tally.unit}, {tally.rate:,.0f}/s".replace(",", " "),
        )


def line(tally: Tally) -> str:
    """Where the work stands, in words."""
    words = [f"{tally.objects} {tally.unit}", f"{tally.rate:.0f}/s"]
    if tally.share is not None:
        words.insert(0, f"{tally.share:.0%}")
    if tally.seconds_left is not None:
        words.append(f"{tally.seconds_left:.0f} s left")
    return f"{tally.name}: {', '.join(words)}"


@contextmanager
def watching(screen: Screen, *, size: int | None) -> Iterator[Watcher]:
    """A watcher fit for where it is shown."""
    if not screen.is_terminal:
        yield Lines(screen)
        return
    columns = (
        TextColumn("{task.fields[name]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[objects]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        yield Bar(progress, size)
