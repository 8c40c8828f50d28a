"""`minga circle`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from minga.core.circles import CircleRule
from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.features.membership import queries, services
from minga.features.membership.services import Joining
from minga.features.membership.services.circles import LONGEST_PAUSE_DAYS, PAUSE_DAYS

ADMITS = {
    "rule": "seats whoever fits its rule, from now on",
    "steward": "admits whom its steward lets in",
    "sponsor": "admits whom one of its members answers for, unless its steward objects",
    "vote": "admits whom more than half of its members vote for",
}


@click.group("circle", cls=Group)
def command() -> None:
    """Circles: add, list, joining, admit, propose, expel."""


def joining_options(command_: Callable[..., Any]) -> Callable[..., Any]:
    """How organisations come to sit in a circle; the rule when one is named."""
    options = (
        click.option("--sector", "sectors", multiple=True, help="By rule: a sector; repeatable."),
        click.option("--region", "regions", multiple=True, help="By rule: a region; repeatable."),
        click.option("--essential", is_flag=True, help="By rule: gives an essential service."),
        click.option("--vital", is_flag=True, help="By rule: operator of vital importance."),
        click.option(
            "--admission", type=click.Choice(["steward", "sponsor", "vote"]), default="steward",
            help="By hand: who admits (default: the steward).",
        ),
        click.option("--listed", is_flag=True, help="Every member may know it and ask to join."),
        click.option(
            "--pause-days", type=click.IntRange(0, LONGEST_PAUSE_DAYS), default=PAUSE_DAYS,
            show_default=True, help="Until who was not let in may be proposed or ask again.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command_ = option(command_)
    return command_


def _joining(
    sectors: Sequence[str], regions: Sequence[str], *, essential: bool, vital: bool,
    admission: str, listed: bool, pause_days: int,
) -> Joining:  # fmt: skip
    rule = CircleRule(
        frozenset(sectors), frozenset(regions), is_essential=essential, is_vital=vital
    )
    chosen = None if rule == CircleRule() else rule
    return Joining(chosen, admission=admission, is_listed=listed, pause_days=pause_days)


@command.command("add")
@click.argument("name")
@click.option("--slug", default="", help="Its short name (default: made of the name).")
@click.option("--purpose", default="", help="What it is for, in a sentence.")
@click.option("--steward", metavar="ORG", help="Who admits and expels (default: the hub).")
@joining_options
def add(
    console: Console, name: str, slug: str, purpose: str, steward: str | None, **joining: Any
) -> None:
    """Make a circle; its steward sits in it from the start."""
    circle = services.create_circle(
        name,
        by=acting.hub(),
        slug=slug,
        purpose=purpose,
        steward=acting.organisation(steward) if steward else None,
        joining=_joining(**joining),
    )
    console.done(
        f"{circle.name} is a circle now.", {"slug": circle.slug, "steward": circle.steward.slug}
    )


@command.command("list")
def list_(console: Console) -> None:
    """List the circles and who sits in them."""
    reader = acting.reader()
    rows = [
        {
            "slug": circle.slug,
            "name": circle.name,
            "steward": circle.steward.slug,
            "admits": circle.admission if circle.rule is None else "rule",
            "members": ", ".join(
                queries.members_of(circle, reader=reader).values_list("slug", flat=True)
            ),
        }
        for circle in queries.circles(reader=reader)
    ]
    console.rows(rows, empty="There are no circles; see `minga circle add --help`.")


@command.command("joining")
@click.argument("circle")
@joining_options
def joining_(console: Console, circle: str, **joining: Any) -> None:
    """Say anew how organisations come to sit in CIRCLE; under a rule, seats follow at once."""
    changed = services.change_joining(circle, _joining(**joining), by=acting.hub())
    way = changed.admission if changed.rule is None else "rule"
    console.done(
        f"{changed.name} {ADMITS[way]}.",
        {"circle": changed.slug, "admits": way, "listed": changed.is_listed},
    )


@command.command("propose")
@click.argument("circle")
@click.argument("organisation")
def propose(console: Console, circle: str, organisation: str) -> None:
    """Propose ORGANISATION for CIRCLE, where the hub sits; members propose on their own pages."""
    candidate = acting.organisation(organisation)
    case = services.propose_to_circle(circle, by=acting.hub(), organisation=candidate)
    console.done(
        f"{candidate.name} waits for {case.circle.name}.",
        {"circle": circle, "organisation": candidate.slug},
    )


@command.command("admit")
@click.argument("circle")
@click.argument("organisation")
def admit(console: Console, circle: str, organisation: str) -> None:
    """Let ORGANISATION into CIRCLE; what is there already comes to it in the background."""
    admitted = acting.organisation(organisation)
    into = services.admit_to_circle(circle, by=acting.hub(), organisation=admitted)
    console.done(
        f"{admitted.name} sits in {into.name}.",
        {"circle": into.slug, "organisation": admitted.slug},
    )


@command.command("expel")
@click.argument("circle")
@click.argument("organisation")
def expel(console: Console, circle: str, organisation: str) -> None:
    """Take ORGANISATION out of CIRCLE and of what it read only through it."""
    expelled = acting.organisation(organisation)
    out_of = services.expel_from_circle(circle, by=acting.hub(), organisation=expelled)
    console.done(
        f"{expelled.name} is out of {out_of.name}.",
        {"circle": out_of.slug, "organisation": expelled.slug},
    )
