"""`minga org`."""

from __future__ import annotations

import click
from django.db import transaction

from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.features.membership import queries, services
from minga.features.membership.services import NewOrganisation


@click.group("org", cls=Group)
def command() -> None:
    """Organisations: add, list, class, leave."""


@command.command("add")
@click.argument("name")
@click.option("--slug", default="", help="Its short name (default: made of the name).")
@click.option("--legal-name", default="", help="Its name in law.")
@click.option("--rut", default="", help="Its RUT; the check digit is checked.")
@click.option("--sector", default="", help="Its sector, such as banking.")
@click.option("--region", default="", help="Its region, two letters of ISO 3166-2:CL.")
@click.option("--signed", metavar="PAPER", help="It signed every clause on this paper.")
@transaction.atomic
def add(console: Console, name: str, signed: str | None, **details: str) -> None:
    """Add a member. It may do nothing until it signs the agreement."""
    by = acting.hub()
    member = services.create_organisation(NewOrganisation(name, **details), by=by)
    if signed is not None:
        services.record_paper(member, None, by=by, reference=signed)
    console.done(
        f"{member.name} belongs now."
        if signed
        else f"{member.name} is invited; it belongs once it signs the agreement.",
        {"slug": member.slug, "name": member.name, "identity": member.stix_id},
    )


@command.command("list")
def list_(console: Console) -> None:
    """List those who belong."""
    rows = [
        {
            "slug": each.slug,
            "name": each.name,
            "role": each.role,
            "sector": each.sector,
            "region": each.region,
            "since": f"{each.created_at:%Y-%m-%d}",
        }
        for each in queries.organisations(reader=acting.reader())
    ]
    console.rows(rows, empty="Nobody belongs yet.")


@command.command("class")
@click.argument("slug")
@click.option("--essential", is_flag=True, help="It gives an essential service.")
@click.option("--vital", is_flag=True, help="It is an operator of vital importance.")
def class_(console: Console, slug: str, *, essential: bool, vital: bool) -> None:
    """Classify an organisation by Ley 21.663, art. 4 to 6; what is not named is not so."""
    said = services.classify_organisation(
        slug, by=acting.hub(), is_essential=essential, is_vital=vital
    )
    console.done(
        f"{said.name} is classified.",
        {"slug": said.slug, "is_essential": said.is_essential, "is_vital": said.is_vital},
    )


@command.command("leave")
@click.argument("slug")
def leave(console: Console, slug: str) -> None:
    """End a membership: its people and keys are out at once."""
    left = services.leave_organisation(slug, by=acting.hub())
    console.done(f"{left.name} has left.", {"slug": left.slug})
