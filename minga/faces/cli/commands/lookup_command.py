"""`minga lookup`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

import click
from rich.text import Text

from minga.core.policy import Reader
from minga.core.problems import Invalid
from minga.faces.cli import acting
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.features.exchange import queries
from minga.features.exchange.queries.answers import MOST_AT_ONCE, Answer, Hit, Verdict
from minga.store import world

STYLES = {
    Verdict.KNOWN: "bold red",
    Verdict.EXPIRED: "yellow",
    Verdict.REVOKED: "dim",
    Verdict.UNKNOWN: "",
    Verdict.UNREADABLE: "dim",
}


@minga_command("lookup")
@click.argument("values", nargs=-1, required=True, metavar="VALUE…")
@acting.as_option
@click.option("--known", is_flag=True, help="Leave out what is unknown or unreadable.")
def command(console: Console, values: tuple[str, ...], slug: str | None, known: bool) -> None:
    """Ask what is known of addresses, domains, URLs, hashes and the like, defanged or not.

    VALUE - reads a pipe, one value a line. Nobody learns what was looked up.
    """
    reader = acting.acting_for(slug).reader
    asked = _lines(sys.stdin) if values == ("-",) else iter(values)
    answers = list(_answers(asked, reader=reader))
    if not answers:
        raise Invalid("There is nothing to look up; give at least one value.")
    if known:
        answers = [a for a in answers if a.observable and (a.hits or a.nearby)]
    if console.as_json:
        console.answer([_as_json(answer) for answer in answers])
        return
    width = max((len(_shown(answer)) for answer in answers), default=0)
    for answer in answers:
        _print(console, answer, width)


def _answers(asked: Iterable[str], *, reader: Reader) -> Iterator[Answer]:
    values = iter(asked)
    while batch := list(islice(values, MOST_AT_ONCE)):
        yield from queries.lookup(batch, reader=reader)


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (line.strip() for line in lines if line.strip())


def _print(console: Console, answer: Answer, width: int) -> None:
    style = STYLES[answer.verdict]
    head = Text.assemble(
        (f"{answer.verdict.value:10}", style), f"  {_shown(answer).ljust(width)}", _seen(answer)
    )
    console.out.print(head)
    for title in _titles(answer.hits):
        console.out.print(Text.assemble(" " * 12, (title, "dim")))
    for near in answer.nearby:
        words = f"{near.verdict.value} {near.relation.value} {near.observable.value}"
        console.out.print(Text.assemble(" " * 12, (words, STYLES[near.verdict])))


def _shown(answer: Answer) -> str:
    return answer.observable.value if answer.observable else answer.asked


def _seen(answer: Answer) -> str:
    seen = answer.sightings
    if not seen.events:
        return ""
    return f"  seen {seen.events}× by {seen.organisations}, last {_instant(answer.last_seen_us)}"


def _titles(hits: Iterable[Hit]) -> list[str]:
    """The contributions behind the hits, each once, with the label of what stands in them."""
    titles = {c.uuid: f"{hit.tlp.label}  {c.title}" for hit in hits for c in hit.contributions}
    return list(titles.values())


def _as_json(answer: Answer) -> dict[str, object]:
    observable = answer.observable
    return {
        "asked": answer.asked,
        "kind": observable.kind.value if observable else None,
        "value": observable.value if observable else None,
        "verdict": answer.verdict.value,
        "sightings": answer.sightings.events,
        "organisations": answer.sightings.organisations,
        "last_seen_at": _instant(answer.last_seen_us) if answer.last_seen_us else None,
        "objects": [hit.stix_id for hit in answer.hits],
        "contributions": sorted({c.uuid for hit in answer.hits for c in hit.contributions}),
        "nearby": [
            {
                "relation": near.relation.value,
                "value": near.observable.value,
                "verdict": near.verdict.value,
            }
            for near in answer.nearby
        ],
    }


def _instant(microseconds: int) -> str:
    at: datetime = world.from_us(microseconds)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
