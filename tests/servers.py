"""A real hub in processes of its own, as `minga serve` runs it, for tests that need one."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MINGA = (sys.executable, "-m", "minga")
STARTS_WITHIN_SECONDS = 60


@dataclass
class Hub:
    """A hub in a folder of its own. `database` is a value of MINGA_DATABASE, empty for SQLite."""

    home: Path
    database: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "MINGA_HOME": str(self.home),
            "MINGA_DATABASE": self.database,
            "MINGA_URL": self.url,
        }

    def run(self, *arguments: str, code: int = 0) -> dict:
        """Run a command to its end; its JSON answer, or its complaint where there is none."""
        command = [*MINGA, *arguments, "--json"]
        ended = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == code, ended.stdout + ended.stderr
        return json.loads(ended.stdout or ended.stderr)

    def set_up(self) -> Hub:
        """Make the hub with its administrator."""
        self.run("init", "--hub", "CSIRT", "--name", "Ana", "--email", "ana@csirt.example")
        return self

    def key(self, slug: str, *options: str) -> str:
        """The secret of a new key for an organisation."""
        return self.run("key", "add", slug, "test", *options)["secret"]

    @contextlib.contextmanager
    def serving(self, *options: str) -> Iterator[subprocess.Popen]:
        """`minga serve` while it is needed; it answers when this begins."""
        command = [*MINGA, "serve", "--port", str(self.port), *options]
        process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        try:
            self._wait_until_it_answers(process)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of one GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def _wait_until_it_answers(self, process: subprocess.Popen) -> None:
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            assert process.poll() is None, "minga serve ended before it answered"
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.get("/")
                return
            time.sleep(0.1)
        raise AssertionError("minga serve did not answer in time")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
