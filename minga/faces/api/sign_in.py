"""Who calls: the key of an organisation, or a person with a session in the browser."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.utils import check_csrf

from minga.core.problems import Forbidden, NotSignedIn
from minga.store.people.actors import Actor
from minga.store.people.models import Key
from minga.web import machines, sessions

READING = frozenset({"GET", "HEAD"})


def actor_of(request: HttpRequest) -> Actor:
    """Who calls, by his key when one is sent, else by his session.

    A wrong key is not made good by a session. Raises NotSignedIn in the same words whatever is
    wrong.
    """
    has_key = "HTTP_AUTHORIZATION" in request.META
    by_key = machines.actor_of(request, door=Key.Door.API) if has_key else None
    actor = by_key if has_key else sessions.actor_of(request)
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
