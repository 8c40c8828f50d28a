"""`minga serve`: one master, its web workers, and one process for background work.

Web workers speak WSGI to granian: measured, Django answers 2,600 times a second so, 1,000 times
through an ASGI bridge on the same machine. A branch for live updates gets workers of its own kind
when it comes.
"""

from __future__ import annotations

import logging
import multiprocessing
import socket
import subprocess
import sys
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from minga.faces.cli.exits import NotReady

APPLICATION = "minga.config.serving:application"
STOPS_WITHIN_SECONDS = 4
LONGEST_PAUSE_SECONDS = 30
IDLE_THREAD_SECONDS = 600
"""How long an idle thread keeps its connection to the database; granian allows no more."""

_log = logging.getLogger("minga.serve")


class Background:
    """The process that does background work, started again whenever it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_alive, name="background", daemon=True)

    def start(self) -> None:
        """Start it and watch over it."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Tell it to end after the job it is at; may be called from a signal handler."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> None:
        """Wait until it has ended, and end it when it takes too long: jobs can be repeated."""
        self._thread.join(STOPS_WITHIN_SECONDS)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._thread.join()

    def _keep_alive(self) -> None:
        pause = 1
        while not self._stopping.is_set():
            command = [sys.executable, "-m", "minga", "worker", "--with-parent"]
            self._process = subprocess.Popen(command)  # noqa: S603 - our own command
            code = self._process.wait()
            if self._stopping.is_set():
                return
            _log.warning("Background work ended with code %d; starting it again.", code)
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


class HubServer(MPServer):
    """granian's master, which keeps the background process beside its web workers."""

    def __init__(self, *, background: Background | None, **options: Any) -> None:
        super().__init__(**options)
        self.background = background

    def _spawn_workers(self, *arguments: Any) -> None:
        """Fork the web workers first: no thread of ours runs yet that could hold a lock."""
        super()._spawn_workers(*arguments)  # type: ignore[no-untyped-call] # granian's
        if self.background is not None:
            self.background.start()

    def signal_handler_interrupt(self, *args: FrameType | int | None, **kwargs: Any) -> None:
        """Tell the background process at once, then the web workers."""
        if self.background is not None:
            self.background.ask_to_stop()
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call] # granian's


def serve(*, host: str, port: int, workers: int, with_background: bool) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is in flight and end within 5 seconds.

    Raises NotReady when the port is taken.
    """
    _require_free(host, port)
    _leave_the_database()
    multiprocessing.set_start_method("fork", force=True)
    background = Background() if with_background else None
    server = HubServer(
        background=background,
        target=APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=settings.THREADS,
        blocking_threads_idle_timeout=IDLE_THREAD_SECONDS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,
    )
    if background is not None:
        server.on_shutdown(background.wait)
    server.serve()


def _leave_the_database() -> None:
    """Close what must not be shared with the workers: connections, and the pool's threads."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined] # of PostgreSQL alone


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotReady(
                f"It cannot listen on {host}:{port}: {error.strerror}. "
                "Stop what listens there, or choose another --port."
            ) from error
