"""`minga demo`."""

from __future__ import annotations

import sys

import click
from django.db import transaction
from rich.text import Text

from minga.faces.cli import access, preparing, reloading, server
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command


@minga_command("demo")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True,
    help="The port to listen on.",
)  # fmt: skip
@click.option("--seed", default=2020, show_default=True, help="Another seed, other details.")
@click.option("--no-serve", is_flag=True, help="Load the community and end.")
@click.option("--reload", "with_reload", is_flag=True, help="Start again when the code changes.")
def command(console: Console, port: int, seed: int, no_serve: bool, with_reload: bool) -> None:
    """Fill an empty hub with the invented community, and serve it on loopback.

    Everything in it is invented: names, addresses and incidents. Links may be used again, and
    access.json in MINGA_HOME holds a key for each organisation. The second start is quick.
    """
    if with_reload:
        again = [sys.executable, "-m", "minga", "demo", "--port", str(port), "--seed", str(seed)]
        reloading.run_and_reload(again)
    guests = load(console, seed=seed)
    _welcome(console, guests)
    if not no_serve:
        server.serve(host="127.0.0.1", port=port, workers=1, with_background=True)


def load(console: Console, *, seed: int) -> access.Access:
    """The guest book of the community, which is loaded when it is not there yet.

    The book is written before its keys are committed, so one beside an empty hub is of a start
    that was cut off, and is written anew.
    """
    from minga.faces.cli import community

    preparing.prepare()
    guests = access.read() if community.is_loaded() else None
    if guests is None:
        console.say("Inventing the community …")
        with transaction.atomic():
            community.load(seed)
            guests = access.open_doors()
    return guests


def _welcome(console: Console, guests: access.Access) -> None:
    if console.as_json:
        console.done("", {"url": guests["url"], "access": str(access.path())})
        return
    console.done(f"The demo community is at {guests['url']}")
    console.out.print("Enter as one of them; these links may be used again:\n")
    for role, person, organisation, link in access.one_of_each_role(guests):
        console.out.print(Text(f"  {role:22}  {person}, {organisation}\n  {'':22}  {link}"))
    console.say(f"\nKeys and links of all are in {access.path()}. Ctrl-C ends it.")
