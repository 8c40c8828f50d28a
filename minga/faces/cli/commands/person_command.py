"""`minga person`."""

from __future__ import annotations

from uuid import UUID

import click

from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.faces.cli.sign_in import sign_in_url
from minga.features.membership import queries, services
from minga.features.membership.services import NewPerson
from minga.store.people.models import Person

NOBODY = "Nobody may sign in yet; see `minga person add --help`."
ONCE = "The link works once, within 24 hours."


@click.group("person", cls=Group)
def command() -> None:
    """People: add, list, link, role, reset-factors, back, move, close."""


@command.command("add")
@click.argument("organisation")
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(Person.Role.values), default=Person.Role.ANALYST.value)
@click.option("--language", type=click.Choice(["es", "en"]), default="es")
def add(
    console: Console, organisation: str, name: str, email: str, role: str, language: str
) -> None:
    """Add a person to ORGANISATION and print the link that signs him in."""
    by = acting.hub()
    draft = NewPerson(name=name, email=email, role=role, language=language)
    person = services.create_person(draft, by=by, organisation=acting.organisation(organisation))
    token = services.create_sign_in_link(str(person.uuid), by=by)
    console.done(
        f"{person.name} acts for {person.organisation} as {person.role}.",
        {"email": person.email, "sign_in_url": sign_in_url(token)},
    )
    console.say(ONCE)


@command.command("list")
@click.option("--closed", is_flag=True, help="Those who may no longer enter, instead.")
def list_(console: Console, *, closed: bool) -> None:
    """List the people who may sign in."""
    reader = acting.reader()
    found = queries.everybody_closed_out(reader=reader) if closed else queries.people(reader=reader)
    rows = [
        {
            "organisation": each.organisation.slug,
            "name": each.name,
            "email": each.email,
            "role": each.role,
            **({"uuid": str(each.uuid)} if closed else {}),
        }
        for each in found
    ]
    console.rows(rows, empty="Nobody is closed out." if closed else NOBODY)


@command.command("link")
@click.argument("named", metavar="PERSON")
def link(console: Console, named: str) -> None:
    """Print a new link that signs a PERSON in, named by address or identifier."""
    token = services.create_sign_in_link(named, by=acting.hub())
    console.done(f"A link for {named}.", {"sign_in_url": sign_in_url(token)})
    console.say(ONCE)


@command.command("reset-factors")
@click.argument("named", metavar="PERSON")
def reset_factors(console: Console, named: str) -> None:
    """Take away every factor of who lost them all, and print a new link.

    His passkeys, app, recovery codes and password stop working, his sessions and links end at once,
    and the journal has it. Be sure who asks for it: whoever gets the link enters as this person.
    """
    person, token = services.reset_factors(named, by=acting.hub())
    console.done(
        f"{person.name} sets up new factors with this link.",
        {"email": person.email, "sign_in_url": sign_in_url(token)},
    )
    console.say(ONCE)


@command.command("role")
@click.argument("named", metavar="PERSON")
@click.argument("role", metavar="ROLE", type=click.Choice(Person.Role.values))
def role_(console: Console, named: str, role: str) -> None:
    """Give a person another ROLE; sessions begun before end at once.

    ROLE is counterpart, analyst, reader, director, manager or, in the hub, administrator.
    """
    person = services.change_role(named, role, by=acting.hub())
    console.done(
        f"{person.name} acts for {person.organisation} as {person.role}.",
        {"email": person.email, "role": person.role},
    )


@command.command("close")
@click.argument("named", metavar="PERSON")
def close(console: Console, named: str) -> None:
    """Close the hub to a person, at once."""
    person = services.deactivate_person(named, by=acting.hub())
    console.done(f"{person.name} may no longer enter.", {"email": person.email})


@command.command("back")
@click.argument("uuid", type=click.UUID)
def back(console: Console, uuid: UUID) -> None:
    """Let back in who was closed out; `minga person list --closed` shows their identifiers."""
    person, token = services.let_back_in(uuid, by=acting.hub())
    console.done(
        f"{person.name} acts for {person.organisation} again.",
        {"email": person.email, "sign_in_url": sign_in_url(token)},
    )
    console.say(ONCE)


@command.command("move")
@click.argument("named", metavar="PERSON")
@click.argument("organisation")
@click.argument("role", metavar="ROLE", type=click.Choice(Person.Role.values))
def move(console: Console, named: str, organisation: str, role: str) -> None:
    """Move a person to another ORGANISATION as ROLE; his account in the old one is closed.

    ROLE is counterpart, analyst, reader, director, manager or, in the hub, administrator.
    """
    home = acting.organisation(organisation)
    person, token = services.transfer_person(named, by=acting.hub(), organisation=home, role=role)
    console.done(
        f"{person.name} acts for {person.organisation} as {person.role}.",
        {"email": person.email, "sign_in_url": sign_in_url(token)},
    )
    console.say(ONCE)
