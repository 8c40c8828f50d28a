"""`minga ceremony`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from django.utils import timezone

from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.features.membership import queries, services
from minga.features.membership.services import NewCeremony

MOMENT = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


@click.group("ceremony", cls=Group)
def command() -> None:
    """Ceremonies: add, list, show, invite, open, close, act."""


@command.command("add")
@click.argument("title")
@click.option(
    "--at", "held_at", type=click.DateTime(MOMENT), help="When, by the hub's clock (default: now)."
)
@click.option("--link", default="", metavar="URL", help="Where the signatories see each other.")
@click.option("--convened-by", default="", metavar="WHO", help="Who convenes, in what capacity.")
def add(
    console: Console, title: str, held_at: datetime | None, link: str, convened_by: str
) -> None:
    """Plan a ceremony for the version in force; the hub is its first signatory."""
    when = timezone.make_aware(held_at) if held_at else timezone.now()
    draft = NewCeremony(title, when, convened_by=convened_by, link=link)
    made = services.convene(draft, by=acting.hub())
    console.done(f"{made.title} is planned.", {"ceremony": str(made.uuid)})


@command.command("list")
def list_(console: Console) -> None:
    """List the ceremonies, the last to be held first."""
    rows = [
        {
            "ceremony": str(each.uuid),
            "title": each.title,
            "version": str(each.agreement.version),
            "state": each.state,
            "held": f"{each.held_at:%Y-%m-%d %H:%M} UTC",
        }
        for each in queries.ceremonies(reader=acting.reader())
    ]
    console.rows(rows, empty="There is none yet; `minga ceremony add` plans one.")


@command.command("show")
@click.argument("ceremony", type=click.UUID)
def show(console: Console, ceremony: UUID) -> None:
    """Show who is called to a ceremony and who has signed."""
    found = queries.ceremony(ceremony, reader=acting.reader())
    rows = [
        {
            "organisation": line.organisation.slug,
            "signer": line.signer,
            "capacity": line.capacity,
            "clauses": ", ".join(map(str, line.clauses)),
            "signed": _signed(line),
        }
        for line in queries.roll(found, reader=acting.reader())
    ]
    console.say(f"{found.title}: {found.state}")
    console.rows(rows, empty="Nobody is called yet.")


@command.command("invite")
@click.argument("ceremony", type=click.UUID)
@click.argument("slug", metavar="ORG")
@click.option("--signer", default="", metavar="NAME", help="Who is to sign for it.")
@click.option("--capacity", default="", metavar="POWER", help="By what power, as declared.")
def invite(console: Console, ceremony: UUID, slug: str, signer: str, capacity: str) -> None:
    """Call an organisation to a ceremony, or say anew who is to sign for it."""
    services.invite_to_ceremony(
        ceremony, acting.organisation(slug), by=acting.hub(), signer=signer, capacity=capacity
    )
    console.done(f"{slug} is called.", {"ceremony": str(ceremony), "slug": slug})


@command.command("open")
@click.argument("ceremony", type=click.UUID)
def open_(console: Console, ceremony: UUID) -> None:
    """Open a ceremony: from now on its signatories sign in it."""
    opened = services.open_ceremony(ceremony, by=acting.hub())
    console.done(f"{opened.title} is open.", {"ceremony": str(opened.uuid)})


@command.command("close")
@click.argument("ceremony", type=click.UUID)
def close(console: Console, ceremony: UUID) -> None:
    """Close a ceremony; a sealed act of it follows, with who has not signed."""
    closed = services.close_ceremony(ceremony, by=acting.hub())
    console.done(f"{closed.title} is closed.", {"ceremony": str(closed.uuid)})


@command.command("act")
@click.argument("ceremony", type=click.UUID)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def act(console: Console, ceremony: UUID, file: Path) -> None:
    """Write the act of a closed ceremony to a file, as it was sealed."""
    found = queries.ceremony_act(ceremony, reader=acting.reader())
    file.write_bytes(bytes(found.content))
    console.done(f"Written to {file}.", {"sha256": bytes(found.digest).hex()})


def _signed(line: queries.RollLine) -> str:
    if line.first is not None:
        return f"{line.first.signed_at:%Y-%m-%d %H:%M} UTC"
    return "without it" if line.signed_outside else ""
