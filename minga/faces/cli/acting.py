"""For whom the operator at the console acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from django.conf import settings

from minga.core.policy import Reader
from minga.faces.cli.exits import NotReady
from minga.features.membership import queries
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation

NO_HUB = "There is no hub in {home} yet; run `minga init`, or point MINGA_HOME at it."


def hub() -> Actor:
    """The operator, acting for the hub. Raises NotReady when there is none yet."""
    found = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    if found is None:
        raise NotReady(NO_HUB.format(home=settings.HOME))
    return Actor(organisation=found)


def organisation(slug: str) -> Organisation:
    """One organisation by its short name. Raises NotFound."""
    return queries.organisation(slug, reader=reader())


def acting_for(slug: str | None) -> Actor:
    """The operator, acting for this organisation, or for the hub when none is named."""
    return Actor(organisation=organisation(slug)) if slug else hub()


def reader() -> Reader:
    """The hub, as a reader."""
    return hub().reader


def as_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--as SLUG`: the organisation to act for; the hub unless it is given."""
    option = click.option(
        "--as", "slug", metavar="ORG", help="Act for this organisation (default: the hub)."
    )
    return option(command)
