"""The codes with which the command ends. docs/reference/exit-codes.md lists them."""

from __future__ import annotations

from enum import IntEnum

from minga.core import problems


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    NOT_ALLOWED = 5
    CONFLICT = 6
    STORAGE_FULL = 7
    NOT_READY = 8
    IN_PART = 9
    ALTERED = 10
    INTERRUPTED = 130


SAYS = {
    Exit.DONE: "It is done.",
    Exit.FAILED: "A fault of the program; the log says where. Please report it.",
    Exit.USAGE: "The command was typed wrongly; `--help` says how it goes.",
    Exit.NOT_FOUND: "What was named does not exist, or is out of sight.",
    Exit.REFUSED: "What was given breaks a rule, or cannot be read.",
    Exit.NOT_ALLOWED: "Who acts lacks the power.",
    Exit.CONFLICT: "The same thing is there already, with other words.",
    Exit.STORAGE_FULL: "The disk is full. Nothing was stored and nothing was lost.",
    Exit.NOT_READY: "The hub is not set up, unsafe, or its database out of reach; `minga check`.",
    Exit.IN_PART: "Part went in; what was refused is listed by file and place.",
    Exit.ALTERED: "The journal or a document is not as it was written; the message says which.",
    Exit.INTERRUPTED: "Interrupted. What was acknowledged is kept.",
}


class NotReady(problems.Problem):
    """The hub cannot do this in the state it is in: not set up, unsafe, or out of reach."""

    code = "not-ready"


_OF_CODE = {
    "not-found": Exit.NOT_FOUND,
    "not-signed-in": Exit.NOT_ALLOWED,
    "forbidden": Exit.NOT_ALLOWED,
    "conflict": Exit.CONFLICT,
    "storage-full": Exit.STORAGE_FULL,
    "not-ready": Exit.NOT_READY,
    "bad-setting": Exit.NOT_READY,
}


def exit_of(problem: problems.Problem) -> Exit:
    """The code for a problem; one that has none of its own is input that was refused."""
    return _OF_CODE.get(problem.code, Exit.REFUSED)
