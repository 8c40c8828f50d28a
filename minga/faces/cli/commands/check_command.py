"""`minga check`."""

from __future__ import annotations

import click
from rich.text import Text

from minga.faces.cli import safety
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.exits import Exit


@minga_command("check")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it would listen.")
def command(console: Console, host: str) -> int:
    """Look whether settings, database and clock are fit for service."""
    findings = list(safety.look(host))
    if console.as_json:
        console.rows(
            [{"subject": f.subject, "fine": f.is_fine, "says": f.says} for f in findings], empty=""
        )
    else:
        width = max(len(f.subject) for f in findings)
        for finding in findings:
            mark, style = ("✓", "green") if finding.is_fine else ("✗", "bold red")
            console.out.print(
                Text.assemble((mark, style), f" {finding.subject.ljust(width)}  {finding.says}")
            )
    wrong = any(f.is_unsafe and not f.is_fine for f in findings)
    return Exit.NOT_READY if wrong else Exit.DONE
