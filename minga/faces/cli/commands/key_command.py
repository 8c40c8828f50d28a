"""`minga key`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from minga.core.policy import Tlp
from minga.faces.cli import acting
from minga.faces.cli.console import Console, Fact, Group
from minga.features.membership import queries, services
from minga.store.people.models import Key


@click.group("key", cls=Group)
def command() -> None:
    """Keys of machines: add, list, revoke."""


@command.command("add")
@click.argument("organisation")
@click.argument("name")
@click.option("--can-share", is_flag=True, help="It may share, not only read.")
@click.option("--door", "doors", multiple=True, type=click.Choice(Key.Door.values),
              help="A door it opens; again for more. Every door without it.")  # fmt: skip
@click.option("--tlp", default=Tlp.RED.label, show_default=True,
              help="The strictest label it reads, whoever addressed it.")  # fmt: skip
@click.option("--from", "addresses", multiple=True,
              help="A network it may call from; again for more. Anywhere without it.")  # fmt: skip
@click.option("--days", default=services.DAYS, show_default=True, help="How long it lasts.")
def add(console: Console, organisation: str, name: str, days: int, **scope: Any) -> None:
    """Make a key for a machine of ORGANISATION and print its secret, once."""
    key, secret = services.create_key(
        acting.organisation(organisation),
        by=acting.hub(),
        name=name,
        scope=_scope(**scope),
        days=days,
    )
    console.done(
        f"A key for {key.name!r} of {key.organisation}.",
        {"identifier": key.locator, "expires": _day(key.expires_at), "secret": secret},
    )
    console.say("The secret is not shown again.")


@command.command("list")
def list_(console: Console) -> None:
    """List the keys in force."""
    rows: list[dict[str, Fact]] = [
        {
            "identifier": each.locator,
            "organisation": each.organisation.slug,
            "name": each.name,
            "can_share": each.can_share,
            "doors": each.doors,
            "tlp": Tlp(each.ceiling).label,
            "from": each.addresses,
            "expires": _day(each.expires_at),
            "last_used": _day(each.last_used_at),
        }
        for each in queries.keys(reader=acting.reader())
    ]
    console.rows(rows, empty="There are no keys; see `minga key add --help`.")


@command.command("revoke")
@click.argument("identifier")
def revoke(console: Console, identifier: str) -> None:
    """End a key at once."""
    key = services.revoke_key(identifier, by=acting.hub())
    console.done(f"Key {key.name!r} of {key.organisation} is revoked.", {"identifier": key.locator})


def _scope(
    *, can_share: bool, doors: tuple[str, ...], tlp: str, addresses: tuple[str, ...]
) -> services.Scope:
    return services.Scope(
        can_share=can_share,
        doors=frozenset(map(Key.Door, doors or Key.Door.values)),
        ceiling=Tlp.read(tlp),
        addresses=" ".join(addresses),
    )


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d}" if instant else ""
