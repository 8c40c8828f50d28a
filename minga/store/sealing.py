"""Secrets that must be used again, kept so that a copy of the database tells nothing.

The key is the hub's own, outside the database. What is sealed for one purpose opens for no other,
so a row moved to another place is worth nothing there.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from minga.store import world

_NONCE_BYTES = 12


class NotSealedHere(Exception):
    """A secret was sealed by another hub's key, for another purpose, or was altered.

    Nobody who asks can mend that, so it is no `Problem`: it goes to the log.
    """


def seal(secret: bytes, *, purpose: str) -> bytes:
    """The secret under AES-256-GCM: 12 bytes of nonce, the text, 16 bytes of tag.

    `purpose` names the table, the field and the row, and is needed to open it.
    """
    nonce = world.random_bytes(_NONCE_BYTES)
    return nonce + AESGCM(settings.SEALING_KEY).encrypt(nonce, secret, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """What was sealed for this purpose. Raises NotSealedHere."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(settings.SEALING_KEY).decrypt(nonce, text, purpose.encode())
    except (InvalidTag, ValueError):
        raise NotSealedHere(
            "A kept secret does not open; was secret.key of this hub replaced?"
        ) from None
