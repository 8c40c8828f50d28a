"""Who calls: the key of an organisation, or a person with a session in the browser."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest
from ninja.utils import check_csrf

from minga.core.problems import Forbidden, NotSignedIn
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.web import sessions

READING = frozenset({"GET", "HEAD"})


def actor_of(request: HttpRequest) -> Actor:
    """Who calls, by his key when one is sent, else by his session.

    A key comes as `Bearer`, `Token`, or the password of `Basic` with any user. Raises NotSignedIn
    in the same words whatever is wrong with it.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    actor = credentials.actor_of_key(_secret(header)) if header else sessions.actor_of(request)
    if actor is None:
        raise NotSignedIn(
            "No valid key came with the request; send one as Authorization: Bearer, or sign in."
        )
    return actor


def require_proof_of_origin(request: HttpRequest, actor: Actor) -> None:
    """Raise Forbidden when a session is about to change something and the page may not be ours.

    The proof is Django's token in X-CSRFToken, and no browser that names another site. A key is
    sent on purpose and needs none.
    """
    if actor.key is not None or request.method in READING:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"} or check_csrf(request) is not None:
        raise Forbidden(
            "A change by a signed-in person needs the token of his session in X-CSRFToken, sent "
            "from a page of this hub. Programs use a key."
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
