"""`minga`: finds the command, runs it, and turns problems into words and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from minga.core.problems import Problem
from minga.faces.cli.console import Console
from minga.faces.cli.exits import Exit, exit_of
from minga.store.journal import origins

COMMANDS = {
    "init": "Set the hub up, or bring its database up to date.",
    "serve": "Serve pages, doors and background work.",
    "worker": "Do background work only.",
    "verify": "Look whether the journal stands as it was written.",
    "check": "Look whether settings, database and clock are fit for service.",
    "demo": "Fill an empty hub with the invented community.",
    "agreement": "The agreement: load, enforce, show, who signed on paper, acts and their seal.",
    "ceremony": "Ceremonies: add, list, show, invite, open, close, act.",
    "org": "Organisations: add, list, class, leave, left, link, certify.",
    "person": "People: add, list, link, role, reset-factors, back, move, close.",
    "key": "Keys of machines: add, list, revoke.",
    "circle": "Circles: add, list, joining, admit, propose, expel.",
    "import": "Take in STIX bundles from files, folders or a pipe.",
    "export": "Write what an organisation may read as a STIX bundle.",
    "lookup": "Ask what is known of addresses, domains, hashes and the like.",
    "share": "Share one contribution.",
}
INTERRUPTED = "Interrupted. What was acknowledged is kept; run it again to go on."
UNREACHABLE = "The database does not answer as expected ({error}). Run `minga check`."


class _Commands(click.Group):
    """The commands, each loaded when it is asked for, so that `--help` needs no database."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name, with Django ready under it."""
        if name not in COMMANDS:
            return None
        import django

        django.setup()
        module = importlib.import_module(f"minga.faces.cli.commands.{name}_command")
        found: click.Command = module.command
        return found

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line for each command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minga", message="minga %(version)s")
def commands() -> None:
    """Minga: the exchange of warnings between a CSIRT and those who signed its agreement.

    MINGA_HOME names the folder that keeps the hub's state. Every command takes --help and --json.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what went wrong is on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    console = Console(as_json="--json" in arguments)
    try:
        with origins.coming_from(origins.CONSOLE):
            ended = commands.main(list(arguments), prog_name="minga", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        console.complain("interrupted", INTERRUPTED)
        return Exit.INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code
    except Problem as problem:
        console.complain(problem.code, problem.message)
        return exit_of(problem)
    except Exception as error:
        if not _is_from_database(error):
            raise
        console.complain("not-ready", UNREACHABLE.format(error=error))
        return Exit.NOT_READY
    return ended or Exit.DONE


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def _is_from_database(error: Exception) -> bool:
    from django.db.utils import OperationalError, ProgrammingError

    return isinstance(error, (OperationalError, ProgrammingError))
