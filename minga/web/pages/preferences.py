"""How a reader likes his pages: language, theme, shortcuts. Kept in cookies, so nothing flashes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from minga.web.context import THEMES
from minga.web.doors import Entrance, open_to
from minga.web.redirects import own_path, see
from minga.web.requests import PageRequest

YEAR_SECONDS = 365 * 24 * 60 * 60


@open_to(Entrance.ANYONE)
@require_POST
def preferences(request: PageRequest) -> HttpResponse:
    """POST /preferences/: remember each choice that was sent; one that does not exist is none."""
    back = own_path(request.POST.get("back", ""))
    answer = HttpResponse(status=204) if request.htmx else see(back, request=request)
    choices = {
        settings.LANGUAGE_COOKIE_NAME: tuple(dict(settings.LANGUAGES)),
        "theme": THEMES,
        "shortcuts": ("on", "off"),
    }
    for name, allowed in choices.items():
        chosen = request.POST.get(name)
        if chosen in allowed:
            remember(answer, name, chosen)
        elif chosen is not None:
            answer.delete_cookie(name, samesite="Lax")
    return answer


def remember(answer: HttpResponse, name: str, value: str) -> None:
    """Keep a choice for a year. It is no secret, and scripts have no business with it."""
    answer.set_cookie(
        name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
