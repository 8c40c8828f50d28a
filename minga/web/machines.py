"""What every door of machines stands on: the caller's key, his body, and what HTTP can refuse."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from minga.core.problems import Malformed, Problem, TooLarge
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Key
from minga.web.sources import address_of

LENGTH_DIGITS = 18


class MethodNotAllowed(Problem):
    """The address exists, but not for this method. `allowed` names those it is for."""

    code = "method-not-allowed"

    def __init__(self, method: str, *, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(name.upper() for name in allowed))
        super().__init__(f"{method} is not for this address; try {self.allowed}.")


class NotAcceptable(Problem):
    """The caller takes no media type that this address speaks."""

    code = "not-acceptable"


class UnsupportedMediaType(Problem):
    """The body is declared to be something this address does not take."""

    code = "unsupported-media-type"


def actor_of(request: HttpRequest, *, door: Key.Door) -> Actor | None:
    """Whose key the request carries: `Bearer`, `Token`, or the password of `Basic` with any user.

    None when it opens nothing here (see `credentials.actor_of_key`).

    A client certificate is no key: TLS ends at the proxy, which may ask for one and add the key
    that belongs to it.
    """
    secret = _secret(request.META.get("HTTP_AUTHORIZATION", ""))
    return credentials.actor_of_key(secret, door=door, address=address_of(request))


def read_body(request: HttpRequest) -> bytes:
    """The whole body.

    Raises TooLarge when its declared or actual length is over `settings.BODY_LIMIT_BYTES`, and
    Malformed when it is shorter than declared. A body in chunks declares no length; it is read
    when the server marks its end (`wsgi.input_terminated`), and taken as empty otherwise.
    """
    declared = request.META.get("CONTENT_LENGTH") or ""
    if not declared:
        ends = request.META.get("wsgi.input_terminated", False)
        return _read(request.META["wsgi.input"]) if ends else b""
    if not (declared.isascii() and declared.isdigit()):
        raise Malformed(f"Content-Length is {declared[:100]!r}; expected a whole number.")
    if len(declared) > LENGTH_DIGITS or int(declared) > settings.BODY_LIMIT_BYTES:
        raise _too_large(f"{declared[:LENGTH_DIGITS]} bytes")
    body = _read(request)
    if len(body) != int(declared):
        raise Malformed(
            f"The body ended after {len(body)} bytes, not {declared} as declared. Send it again."
        )
    return body


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _read(stream: _Stream) -> bytes:
    """All of it, asking for one byte more than the limit so that an excess shows."""
    parts, left = [], settings.BODY_LIMIT_BYTES + 1
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    if not left:
        raise _too_large(f"more than {settings.BODY_LIMIT_BYTES} bytes")
    return b"".join(parts)


def _too_large(found: str) -> TooLarge:
    return TooLarge(
        f"The body has {found}; the limit is {settings.BODY_LIMIT_BYTES}. Send it in parts."
    )


def _secret(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    match scheme.lower():
        case "bearer" | "token":
            return rest.strip()
        case "basic":
            return _password(rest.strip())
    return ""


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]
