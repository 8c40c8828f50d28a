"""`minga init`."""

from __future__ import annotations

import click
from django.conf import settings
from django.db import connection, transaction

from minga.faces.cli import acting, preparing
from minga.faces.cli.console import Console, Fact
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.sign_in import sign_in_url
from minga.features.membership import services
from minga.features.membership.services import NewOrganisation, NewPerson
from minga.store.people.models import Organisation, Person


@minga_command("init")
@click.option("--hub", "hub_name", metavar="NAME", help="The hub's name (default: MINGA_NAME).")
@click.option("--slug", default="", help="Its short name (default: made of the name).")
@click.option("--name", "person_name", metavar="NAME", help="The first administrator's name.")
@click.option("--email", metavar="ADDRESS", help="The first administrator's e-mail address.")
def command(
    console: Console, hub_name: str | None, slug: str, person_name: str | None, email: str | None
) -> None:
    """Set the hub up, or bring its database up to date.

    Creates the database, the hub's organisation, its first agreement (a model, to be replaced by
    your own) and its first administrator, and prints one link with which he signs in. There is
    no default account. On a hub that is set up it only brings
    the database up to date.
    """
    preparing.prepare()
    present = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    if present is not None:
        console.done(
            "The database is up to date.", {"hub": present.name, "home": str(settings.HOME)}
        )
        return
    draft = NewOrganisation(hub_name or settings.HUB_NAME, slug=slug)
    administrator = NewPerson(
        name=person_name or click.prompt("The administrator's name", err=True),
        email=email or click.prompt("The administrator's e-mail address", err=True),
        role=Person.Role.ADMINISTRATOR,
        language=settings.LANGUAGE_CODE,
    )
    _report(console, *_set_up(draft, administrator))


@transaction.atomic
def _set_up(draft: NewOrganisation, administrator: NewPerson) -> tuple[Organisation, Person, str]:
    """All or nothing: no hub without somebody who can sign in to it."""
    hub = services.found_hub(draft)
    by = acting.hub()
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    person = services.create_person(administrator, by=by, organisation=hub)
    return hub, person, services.create_sign_in_link(str(person.uuid), by=by)


def _report(console: Console, hub: Organisation, person: Person, token: str) -> None:
    facts: dict[str, Fact] = {
        "hub": f"{hub.name} ({hub.slug})",
        "administrator": f"{person.name} <{person.email}>",
        "home": str(settings.HOME),
        "database": connection.display_name,
        "sign_in_url": sign_in_url(token),
    }
    console.done("The hub is set up.", facts)
    console.say("\nThe link works once, within 24 hours. Start the hub with: minga serve")
