"""Running the command as an operator does, in this process."""

import io
import json
from dataclasses import dataclass

import pytest

from minga.faces.cli.main import run


@dataclass
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def minga(db, capsys, monkeypatch):
    """Run `minga` with these arguments, and `pipe` as its standard input."""

    def call(*arguments, pipe: bytes = b""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pipe), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ended(int(code), said.out, said.err)

    return call


@pytest.fixture
def hub(minga):
    """A hub that was set up at the console."""
    minga("init", "--hub", "CSIRT", "--name", "Ana Rojas", "--email", "ana@csirt.example")
