"""What happens around every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import translation

from minga.store import world
from minga.web.doors import entrance_of

Answer = Callable[[HttpRequest], HttpResponse]


class RequestMarks:
    """Gives each request an id, and keeps answers out of every cache unless a view says more."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked."""
        request.id = world.random_uuid().hex  # type: ignore[attr-defined] # read by logs and errors
        response = self.answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class PersonLanguage:
    """Speaks the reader's language: the one he chose, else the hub's."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in his language."""
        with translation.override(request.COOKIES.get("language", "es")):
            return self.answer(request)


class Doors:
    """Lets nobody in at an address that does not say who may enter."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does; the check comes once the view is known."""
        return self.answer(request)

    def process_view(
        self, _request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Close what nobody opened."""
        return HttpResponseNotFound() if entrance_of(view) is None else None
