"""`minga import`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from minga.core.problems import Forbidden, Problem
from minga.faces.cli import acting, sources
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.exits import Exit
from minga.faces.cli.progress import Tally, Watcher, watching
from minga.faces.cli.sources import Source
from minga.features.exchange import services
from minga.features.exchange.services.outcomes import ADDED, Outcome, Receipt
from minga.features.membership import queries
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that did not go in: in which file, which object, and why with its place."""

    file: str
    id: str
    message: str


@dataclass(slots=True)
class Summary:
    """What became of an import."""

    files: int = 0
    added: int = 0
    already: int = 0
    contributions: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def objects(self) -> int:
        """How many objects were looked at."""
        return self.added + self.already + len(self.refused)

    @property
    def exit(self) -> Exit:
        """Done, refused as a whole, or in part."""
        if not self.refused:
            return Exit.DONE
        return Exit.IN_PART if self.added or self.already else Exit.REFUSED

    def add(self, file: str, receipt: Receipt) -> None:
        """Count one receipt."""
        added = sum(outcome.message == ADDED for outcome in receipt.successes)
        self.added += added
        self.already += len(receipt.successes) - added
        self.contributions += len(receipt.contributions)
        self.refused += [_refusal(file, outcome) for outcome in receipt.failures]


@dataclass(frozen=True, slots=True)
class Import:
    """For whom and where to objects go."""

    by: Actor
    circle: Circle | None

    def take(self, source: Source, tally: Tally, watcher: Watcher) -> Iterator[Receipt]:
        """The receipts of one source, the tally kept on the way."""

        def on_read(count: int) -> None:
            tally.done_bytes += count
            watcher.show(tally)

        tally.name = source.name
        chunks = source.chunks(on_read=on_read)
        for receipt in services.import_stream(
            chunks, by=self.by, door=Contribution.Door.CONSOLE, circle=self.circle
        ):
            tally.objects += len(receipt.successes) + len(receipt.failures)
            watcher.show(tally)
            yield receipt


@minga_command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@acting.as_option
@click.option("--circle", "circle_slug", metavar="CIRCLE", help="Only for this circle.")
def command(console: Console, paths: tuple[str, ...], slug: str, circle_slug: str | None) -> int:
    """Take in STIX 2.1 bundles: files, folders with all below them, or - for a pipe.

    Gzip is recognised. What the standard forbids is refused and listed by file and place; the
    rest goes in, 1000 objects at a time, to every member or to one circle, RED to the hub alone.
    Interrupted, it may be run again: what is there already is not doubled.
    """
    by = acting.acting_for(slug)
    circle = queries.circle(circle_slug, reader=by.reader) if circle_slug else None
    found = sources.find(paths)
    sizes = [source.size for source in found if source.size is not None]
    tally = Tally(size=sum(sizes) if len(sizes) == len(found) else None)
    summary = Summary(files=len(found))
    with watching(console.log, size=tally.size) as watcher:
        for source in found:
            _take_in(source, Import(by, circle), tally, watcher, summary)
    _report(console, summary, tally)
    return summary.exit


def _take_in(
    source: Source, plan: Import, tally: Tally, watcher: Watcher, summary: Summary
) -> None:
    """One source. One that cannot be read as a bundle is listed; the others still go in."""
    try:
        for receipt in plan.take(source, tally, watcher):
            summary.add(source.name, receipt)
    except Forbidden:
        raise
    except Problem as problem:
        summary.refused.append(Refusal(source.name, "", problem.message))


def _report(console: Console, summary: Summary, tally: Tally) -> None:
    facts = {
        "files": summary.files,
        "objects": summary.objects,
        "added": summary.added,
        "already": summary.already,
        "contributions": summary.contributions,
        "refused": len(summary.refused),
        "seconds": round(tally.seconds, 1),
    }
    if console.as_json:
        refused = [{"file": r.file, "id": r.id, "message": r.message} for r in summary.refused]
        console.answer({**facts, "refused": refused})
        return
    console.done(
        f"{_count(summary.objects, 'object')} of {_count(summary.files, 'file')} "
        f"in {tally.seconds:.1f} s, {tally.rate:.0f}/s.",
        {
            "added": summary.added,
            "already_there": summary.already,
            "refused": len(summary.refused),
            "contributions": summary.contributions,
        },
    )
    for refusal in summary.refused:
        console.say(f"\n{refusal.file} {refusal.id}\n  {refusal.message}")


def _refusal(file: str, outcome: Outcome) -> Refusal:
    return Refusal(file, outcome.id, outcome.message)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
