"""Who calls: the key of an organisation, in any of the three ways clients send one.

A client certificate is not one of them: TLS ends at the proxy, which may ask for certificates
besides the key.
"""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest

from minga.core.problems import NotSignedIn
from minga.store.people import credentials
from minga.store.people.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Whose key the request carries.

    `Basic` with any user and the key as password, `Bearer` or `Token`. Raises NotSignedIn in the
    same words whatever is wrong.
    """
    actor = credentials.actor_of_key(_secret(request.META.get("HTTP_AUTHORIZATION", "")))
    if actor is None:
        raise NotSignedIn(
            "No valid key came with the request; send one as the password of HTTP Basic, or as "
            "Authorization: Bearer."
        )
    return actor


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
