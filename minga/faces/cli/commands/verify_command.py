"""`minga verify`."""

from __future__ import annotations

import re

import click

from minga.core.problems import Invalid
from minga.faces.cli.console import Console, Fact
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.exits import Exit
from minga.faces.cli.progress import Tally, watching
from minga.store.journal import verification
from minga.store.journal.verification import Verdict

DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@minga_command("verify")
@click.option(
    "--head", default="", metavar="DIGEST",
    help="A digest that an earlier run printed: the chain must still hold it.",
)  # fmt: skip
def command(console: Console, head: str) -> int:
    """Look whether the journal stands as it was written, line by line.

    Prints how many lines hold and the digest of the last. Keep that digest outside the hub: with
    --head it shows also when lines were taken off the end. Memory does not grow with the journal.
    """
    if head and not DIGEST.match(head):
        raise Invalid(
            f"--head is {head!r}; expected the 64 hexadecimal digits that `minga verify` printed."
        )
    tally = Tally(size=verification.count(), name="journal", unit="lines")
    with watching(console.log, size=tally.size) as watcher:

        def watch(lines: int) -> None:
            tally.done_bytes = tally.objects = lines
            watcher.show(tally)

        verdict = verification.verify(head=head, watch=watch)
    _say(console, verdict)
    return Exit.ALTERED if verdict.broken else Exit.DONE


def _say(console: Console, verdict: Verdict) -> None:
    facts: dict[str, Fact] = {"lines": verdict.lines, "head": verdict.head}
    if not verdict.broken:
        console.done(f"{verdict.lines} lines hold.", facts)
        return
    says = f"Line {verdict.broken} of the journal does not hold. {verdict.says}"
    if console.as_json:
        console.answer({**facts, "broken": verdict.broken, "says": verdict.says})
    console.complain("altered", says)
