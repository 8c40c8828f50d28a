"""Cursors: where a reader stands, sealed for him alone.

A cursor is stateless and works for months. It is encrypted, so that a position in the hub's
order tells nobody how much he did not see; it opens only for the organisation it was made for,
below the ceiling, at the place and with the filters it was made for.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from minga.core.policy import Reader
from minga.core.problems import Malformed

POSITION_BYTES = 8


def seal(position: int, *, reader: Reader, place: str) -> str:
    """A cursor for this position; the same position gives the same cursor.

    `place` names the list and its filters. Deterministic encryption (RFC 5297) is right here:
    equal positions of one reader in one list may look equal.
    """
    data = position.to_bytes(POSITION_BYTES, "big", signed=True)
    return _spelled(AESSIV(settings.CURSOR_KEY).encrypt(data, _bound_to(reader, place)))


def unseal(cursor: str, *, reader: Reader, place: str) -> int:
    """The position in a cursor. Raises Malformed when it was altered or made for another list."""
    try:
        sealed = _unspelled(cursor)
        data = AESSIV(settings.CURSOR_KEY).decrypt(sealed, _bound_to(reader, place))
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Malformed(
            "The cursor is not one of yours for this list and these filters; "
            "start again without it, or keep the filters it came with.",
            field="next",
        ) from error
    return int.from_bytes(data, "big", signed=True)


def _spelled(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _unspelled(cursor: str) -> bytes:
    """The bytes of a cursor spelled just as `_spelled` does; Python also takes `+` for `-`."""
    sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    if _spelled(sealed) != cursor:
        raise ValueError("not our spelling")
    return sealed


def _bound_to(reader: Reader, place: str) -> list[bytes]:
    who = f"{reader.organisation}|{reader.person}|{int(reader.ceiling)}"
    return [who.encode(), place.encode()]
