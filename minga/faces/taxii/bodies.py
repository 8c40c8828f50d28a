"""Reading what is posted, never more than the hub takes."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from minga.core.problems import Malformed, TooLarge


class Stream(Protocol):
    """What a WSGI server gives to read a body from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""


def read(request: HttpRequest) -> bytes:
    """The whole body.

    Raises TooLarge when its declared or actual length is over `settings.BODY_LIMIT_BYTES`, and
    Malformed when it is shorter than declared. A body in chunks declares no length; it is read
    when the server marks its end (`wsgi.input_terminated`), and taken as empty otherwise.
    """
    declared = request.META.get("CONTENT_LENGTH") or ""
    if not declared:
        ends = request.META.get("wsgi.input_terminated", False)
        return _read(request.META["wsgi.input"]) if ends else b""
    if len(declared) > 18 or int(declared) > settings.BODY_LIMIT_BYTES:
        raise _too_large(f"{declared[:18]} bytes")
    body = _read(request)
    if len(body) != int(declared):
        raise Malformed(
            f"The body ended after {len(body)} bytes, not {declared} as declared. Send it again."
        )
    return body


def _read(stream: Stream) -> bytes:
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
        f"The body has {found}; the limit is {settings.BODY_LIMIT_BYTES}. Send fewer objects."
    )
