"""Pairs of worlds that begin alike, born of one hub that was set up once."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from minga.features.membership.documents.sealing import new_seal
from tests.databases import another_database
from tests.security.two_worlds import hub


class World:
    """The parent's end of one world."""

    def __init__(self, pipe: Any, process: int) -> None:
        self.pipe, self.process = pipe, process

    def send(self, call: str, *arguments: Any) -> None:
        """Ask without waiting."""
        self.pipe.send((call, arguments))

    def receive(self) -> Any:
        """What it answers."""
        return self.pipe.recv()

    def ask(self, call: str, *arguments: Any) -> Any:
        """Ask and wait."""
        self.send(call, *arguments)
        return self.receive()

    def end(self) -> None:
        """Close the pipe, at which a world ends; one that hangs is ended."""
        self.pipe.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


class Origin:
    """A hub that was set up once, in a process of its own, from which worlds are forked."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database, self._numbers = home, database, itertools.count()
        home.mkdir()
        (home / "secret.key").write_bytes(b"the same in both worlds, for bytes".ljust(32)[:32])
        (home / "seal.pem").write_bytes(new_seal("CSIRT"))
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        environment = {"MINGA_HOME": str(home), "MINGA_DATABASE": database}
        self.process = context.Process(target=hub.raise_worlds, args=(theirs, environment))
        with mock.patch.dict(os.environ, PYTHONHASHSEED="0"):  # sets in one order in all
            self.process.start()
        theirs.close()
        assert self.pipe.recv() == "ready"

    @contextlib.contextmanager
    def world(self, mutant: str = "") -> Iterator[World]:
        """One more world, as the origin was when it was set up."""
        number = next(self._numbers)
        home = self.home.with_name(f"{self.home.name}-{number}")
        shutil.copytree(self.home, home)
        like = urlsplit(self.database).path[1:]
        with another_database(f"{like}_{number}", like=like) as database:
            name = urlsplit(database).path[1:] or str(home / "minga.sqlite3")
            address = str(home / "world")
            with Listener(address) as listener:
                self.pipe.send((str(home), name, mutant, address))
                world = World(listener.accept(), self.pipe.recv())
            try:
                yield world
            finally:
                world.end()
                shutil.rmtree(home)

    def end(self) -> None:
        """The process ends."""
        self.pipe.close()
        self.process.join(5)
        self.process.kill()


@contextlib.contextmanager
def two_worlds(origin: Origin, mutant: str = "") -> Iterator[tuple[World, World]]:
    """Two hubs that begin alike: the same secret, seal, names and time."""
    with origin.world(mutant) as one, origin.world(mutant) as two:
        yield one, two


def both(worlds: tuple[World, World], call: str, *arguments: Any) -> tuple[Any, Any]:
    """Ask both worlds at the same time."""
    for world in worlds:
        world.send(call, *arguments)
    return worlds[0].receive(), worlds[1].receive()
