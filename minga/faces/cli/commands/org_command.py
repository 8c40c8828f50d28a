"""`minga org`."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

import click
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.faces.cli.sign_in import return_url
from minga.features.membership import queries, services
from minga.features.membership.services import Declaration, NewOrganisation


@click.group("org", cls=Group)
def command() -> None:
    """Organisations: add, list, class, identity-provider, leave, left, link, certify."""


@command.command("add")
@click.argument("name")
@click.option("--slug", default="", help="Its short name (default: made of the name).")
@click.option("--legal-name", default="", help="Its name in law.")
@click.option("--rut", default="", help="Its RUT; the check digit is checked.")
@click.option("--foreign-id", default="", help="Of who has no RUT: scheme and number.")
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
            "leaves": f"{each.leaves_at:%Y-%m-%d}" if each.leaves_at else "",
        }
        for each in queries.organisations(reader=acting.reader())
    ]
    console.rows(rows, empty="Nobody belongs yet.")


@command.command("class")
@click.argument("slug")
@click.option("--essential", is_flag=True, help="It gives an essential service.")
@click.option("--vital", is_flag=True, help="It is an operator of vital importance.")
def class_(console: Console, slug: str, *, essential: bool, vital: bool) -> None:
    """Classify an organisation by Ley 21.663, articles 4 to 6; what is not named is not so."""
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


@command.command("left")
def left(console: Console) -> None:
    """List who leaves and who left, what becomes of what they shared, and their certificates."""
    reader = acting.reader()
    found = list(queries.departures(reader=reader))
    waiting = queries.unsettled(found, reader=reader)
    rows: list[dict[str, str | int | bool | None]] = [
        {
            "slug": each.organisation.slug,
            "left": _day(each.left_at or each.organisation.leaves_at),
            "contributions": each.fate,
            "waiting": waiting.get(each.organisation_id, 0) if each.settled_at is None else 0,
            "return_by": _day(each.return_by),
            "certificate": queries.certified(each, reader=reader),
        }
        for each in found
    ]
    console.rows(rows, empty="Nobody leaves and nobody has left.")


@command.command("link")
@click.argument("slug")
def link(console: Console, slug: str) -> None:
    """Print a link by which an organisation that left reads its statement and certifies."""
    token = services.create_return_link(slug, by=acting.hub())
    days = services.RETURN_LINK_LASTS.days
    console.done(
        f"A link for {slug}; it works for {days} days and opens nothing else.",
        {"return_url": return_url(token)},
    )


@command.command("certify")
@click.argument("slug")
@click.argument("signer")
@click.option("--paper", "reference", required=True, help="Where the signed paper is.")
@click.option(
    "--outcome",
    type=click.Choice(["returned", "destroyed"]),
    default="destroyed",
    help="What it certifies (default: destroyed).",
)
@click.option("--kept", default="", help="What a law obliges it to keep.")
def certify(console: Console, slug: str, **said: str) -> None:
    """Note that who left certified on paper that what it received is returned or destroyed."""
    certificate = services.record_certificate(slug, Declaration(**said), by=acting.hub())
    console.done(f"{slug} has certified.", {"slug": slug, "outcome": certificate.outcome})


@command.command("identity-provider")
@click.argument("slug")
@click.option("--issuer", help="The issuer, as its own configuration writes it.")
@click.option("--client", "client_id", default="", help="The name it gave to this hub.")
@click.option(
    "--secret-file",
    type=click.File(),
    help="A file with the secret it gave; - reads it from stdin.",
)
@click.option("--end", is_flag=True, help="Nobody signs in by it any more.")
def identity_provider(
    console: Console, slug: str, issuer: str | None, client_id: str,
    secret_file: TextIO | None, *, end: bool,
) -> None:  # fmt: skip
    """Let an organisation's people sign in at its OpenID provider, or end that."""
    by = acting.hub()
    organisation = queries.organisation(slug, reader=by.reader)
    if end:
        services.end_provider(organisation, by=by)
        console.done(f"Nobody of {organisation.name} signs in by it any more.", {"slug": slug})
        return
    if issuer is None:
        raise click.UsageError("Name the issuer with --issuer, or end it with --end.")
    secret = secret_file.read().strip() if secret_file else ""
    provider = services.set_provider(
        organisation, by=by, issuer=issuer, client_id=client_id, secret=secret
    )
    way_in = settings.URL + reverse("sign-in-with", args=[provider.uuid])
    console.done(
        f"People of {organisation.name} connect once on their own page, then sign in at {way_in}",
        {"slug": slug, "issuer": provider.issuer, "sign_in_url": way_in},
    )


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
