"""`minga circle`."""

from __future__ import annotations

import click

from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.features.membership import queries, services


@click.group("circle", cls=Group)
def command() -> None:
    """Circles: add, list, admit, expel."""


@command.command("add")
@click.argument("name")
@click.option("--slug", default="", help="Its short name (default: made of the name).")
@click.option("--purpose", default="", help="What it is for, in a sentence.")
@click.option("--steward", metavar="ORG", help="Who admits and expels (default: the hub).")
def add(console: Console, name: str, slug: str, purpose: str, steward: str | None) -> None:
    """Make a circle; its steward sits in it from the start."""
    circle = services.create_circle(
        name,
        by=acting.hub(),
        slug=slug,
        purpose=purpose,
        steward=acting.organisation(steward) if steward else None,
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
            "members": ", ".join(
                queries.members_of(circle, reader=reader).values_list("slug", flat=True)
            ),
        }
        for circle in queries.circles(reader=reader)
    ]
    console.rows(rows, empty="There are no circles; see `minga circle add --help`.")


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
