"""What the frame of every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from minga.store.people.actors import Power
from minga.web import navigation
from minga.web.sessions import actor_of

THEMES = ("light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    """The hub's name, who reads, where he can go and how he likes his pages."""
    actor = actor_of(request)
    powers = actor.powers if actor else frozenset()
    theme = request.COOKIES.get("theme", "")
    return {
        "hub_name": settings.HUB_NAME,
        "actor": actor,
        "places": SimpleLazyObject(lambda: navigation.places(request.path, powers)),
        "lookup_path": navigation.address("lookup"),
        "share_path": navigation.address("share") if Power.SHARE in powers else "",
        "theme": theme if theme in THEMES else "",
        "language": get_language(),
        "other_language": "es" if get_language() == "en" else "en",
        "shortcuts": request.COOKIES.get("shortcuts", "on") != "off",
        "here": request.get_full_path() if request.method in {"GET", "HEAD"} else "/",
    }
