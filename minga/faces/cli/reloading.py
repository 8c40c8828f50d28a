"""Starting a command again whenever the code changes, for who works on it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
WATCHED = {".py", ".html", ".css", ".js", ".svg", ".po", ".json"}
LOOK_EVERY_SECONDS = 0.5


def run_and_reload(command: Sequence[str]) -> None:
    """Run `command` until interrupted, from the start whenever a file of the package changes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that `finally` is reached
    while True:
        before = _changed_at()
        process = subprocess.Popen(command)  # noqa: S603 - our own command
        try:
            while _changed_at() == before:
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            process.terminate()
            process.wait()


def _changed_at() -> int:
    files = (path for path in PACKAGE.rglob("*") if path.suffix in WATCHED)
    return max(path.stat().st_mtime_ns for path in files if path.is_file())
