"""What can go wrong, in words a reader can act on.

A problem knows no status code: each face maps it to its own protocol. Its message says what was
found, what was expected and what to do next, and never more than the reader may know.
"""

from __future__ import annotations


class Problem(Exception):
    """Something the caller did cannot be done; `message` is fit to be shown to him.

    `code` is stable and documented in docs/reference/problems.md. `field` names the input at
    fault, as the caller spelled it, and is empty when no single one is.
    """

    code = "problem"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Problem):
    """It does not exist or is out of the reader's sight; nobody can tell which."""

    code = "not-found"


class Invalid(Problem):
    """The input breaks a rule of its format or of the house."""

    code = "invalid"


class Malformed(Problem):
    """The input cannot be read at all: not JSON, a bad filter, an altered cursor."""

    code = "malformed"


class NotSignedIn(Problem):
    """No credential, or one that is wrong, ended or revoked."""

    code = "not-signed-in"


class Forbidden(Problem):
    """The actor may see this door but lacks the power to pass."""

    code = "forbidden"


class Conflict(Problem):
    """The same thing was already said with other words."""

    code = "conflict"


class TooLarge(Problem):
    """The input is over a limit; the message names the limit."""

    code = "too-large"


class StorageFull(Problem):
    """The disk is full. Nothing was stored and nothing was lost."""

    code = "storage-full"
