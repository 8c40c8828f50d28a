"""Which process a worker is, and whether it still runs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

STARTED = 22 - 4
"""Where /proc/<pid>/stat tells when the process started, counted behind its state."""
ENDED = "ZX"
"""The states of a process that has ended: zombie, dead."""


def own_name() -> str:
    """A name that no other process of this or another machine has, 64 characters at most."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}"


def is_running(name: str) -> bool | None:
    """Whether the worker of this name still runs; None when it is on another machine."""
    machine, pid, started = name.rsplit(":", 2)
    if machine != _machine():
        return None
    return _started(int(pid)) == started


def _machine() -> str:
    return socket.gethostname()[:32]


def _started(pid: int) -> str:
    """When a process started, in ticks since the machine did; empty when there is none.

    One that ended and that nobody has reaped yet is none: it may stand there for long.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in ENDED else rest[STARTED]
