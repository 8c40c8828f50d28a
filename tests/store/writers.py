"""Writers in threads of their own, each with its own connection, that can be stopped halfway."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE_SECONDS = 20
A_WHILE_SECONDS = 0.5


class Writer(threading.Thread):
    """Does one thing; with `before`, stops before the first statement that holds these words."""

    def __init__(self, work: Callable[[], Any], *, before: str = "") -> None:
        super().__init__(daemon=True)
        self.work, self.before = work, before
        self.stands, self.goes_on = threading.Event(), threading.Event()
        self.result: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with connection.execute_wrapper(self._stop_once):
                self.result = self.work()
        except Exception as error:  # noqa: BLE001 - `end` raises it in the test's own thread
            self.error = error
        finally:
            self.stands.set()
            connection.close()

    def _stop_once(self, execute, sql, parameters, many, context):
        if self.before and self.before in sql and not self.stands.is_set():
            self.stands.set()
            self.goes_on.wait(PATIENCE_SECONDS)
        return execute(sql, parameters, many, context)

    def begin(self) -> Writer:
        """Start, and wait until it stands or has ended."""
        self.start()
        if self.before:
            assert self.stands.wait(PATIENCE_SECONDS)
            assert self.is_alive(), self.error or f"never came to {self.before}"
        return self

    def end(self) -> Any:
        """Let it go on to its end; its result. Raises what it raised."""
        self.goes_on.set()
        self.join(PATIENCE_SECONDS)
        assert not self.is_alive(), "a writer waits for ever"
        if self.error is not None:
            raise self.error
        return self.result


def cross(stopped: Callable[[], Any], other: Callable[[], Any], *, before: str) -> tuple[Any, Any]:
    """Start one, stop it before a statement, let the other run as far as it gets, end both.

    On SQLite the other waits until the first has committed: there is one writer at a time.
    """
    first = Writer(stopped, before=before).begin()
    second = Writer(other).begin()
    second.join(A_WHILE_SECONDS)
    return first.end(), second.end()
