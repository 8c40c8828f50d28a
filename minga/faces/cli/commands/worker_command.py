"""`minga worker`."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.faces.cli.lifeline import end_with_parent
from minga.store.work import loop


@minga_command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@click.option("--with-parent", is_flag=True, help="End when the process that started it ends.")
def command(console: Console, once: bool, with_parent: bool) -> None:
    """Do background work only.

    `minga serve` does it too; on several machines, run one worker on each. A job that is cut off
    is done again by another worker.
    """
    if with_parent:
        end_with_parent()
    if once:
        count = loop.work_off()
        console.done(f"{count} jobs done.", {"jobs": count})
        return
    loop.work(_set_by_signals())


def _set_by_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; a second one ends the process in the usual way."""
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop
