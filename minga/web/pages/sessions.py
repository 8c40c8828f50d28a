"""One's own sessions: which there are, and ending them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minga.core.problems import NotFound
from minga.web import sessions as those
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_safe
def sessions(request: ActorRequest) -> HttpResponse:
    """GET /me/sessions/: where one is signed in now, the present browser first."""
    context = {"lines": those.open_sessions(request, by=request.actor)}
    return render(request, "web/sessions.html", context)


@open_to(Entrance.MEMBERS)
@require_POST
def end(request: ActorRequest, session: UUID) -> HttpResponse:
    """POST /me/sessions/<uuid>/end: one of them is over."""
    if not those.end_one(session, by=request.actor):
        raise NotFound(_("You have no such session."))
    messages.success(request, _("Closed. That browser is signed out."))
    return see(reverse("sessions"), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def end_others(request: ActorRequest) -> HttpResponse:
    """POST /me/sessions/end-others: all but this one are over."""
    those.end_others(request, by=request.actor)
    those.note_closing(by=request.actor, which="others")
    messages.success(request, _("Closed. You are signed in here alone."))
    return see(reverse("sessions"), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def end_all(request: ActorRequest) -> HttpResponse:
    """POST /me/sessions/end-all: all are over, this one too."""
    those.end_all(request, by=request.actor)
    return see(reverse("sign-in"), request=request)
