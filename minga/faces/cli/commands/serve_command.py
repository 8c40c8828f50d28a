"""`minga serve`."""

from __future__ import annotations

from urllib.parse import urlsplit

import click
from django.conf import settings
from django.db import connection

from minga.faces.cli import safety, server
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.exits import NotReady


@minga_command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True,
    help="The port to listen on.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes."
)
@click.option("--no-background", is_flag=True, help="Leave background work to `minga worker`.")
def command(console: Console, host: str, port: int, workers: int, no_background: bool) -> None:
    """Serve pages, doors and background work, on loopback unless told otherwise.

    Refuses to start when something is unsafe, and says what. On SIGTERM it finishes what is in
    flight and ends within five seconds.
    """
    refuse_when_unsafe(host)
    console.say(
        f"{settings.HUB_NAME} at {settings.URL} "
        f"({connection.display_name}, {workers} × {settings.THREADS} threads). Ctrl-C ends it."
    )
    if settings.IS_LOOPBACK and urlsplit(settings.URL).port != port:
        console.say(f"Links will lead to {settings.URL}; set MINGA_URL=http://{host}:{port} too.")
    server.serve(host=host, port=port, workers=workers, with_background=not no_background)
    console.say("Ended cleanly.")


def refuse_when_unsafe(host: str) -> None:
    """Raise NotReady with everything that is unsafe, one a line."""
    wrong = [f for f in safety.look(host) if f.is_unsafe and not f.is_fine]
    if wrong:
        lines = "".join(f"\n  {f.subject}: {f.says}" for f in wrong)
        raise NotReady(f"It is not safe to serve like this:{lines}")
