"""Coming to sit in a circle: asking, proposing, answering for a candidate, voting, objecting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.core.problems import Problem
from minga.features.membership import queries, services
from minga.features.membership.models import Admission
from minga.features.membership.services.admissions import TooSoon
from minga.web.doors import Entrance, open_to
from minga.web.problems import words_of
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_POST
def ask(request: ActorRequest, slug: str) -> HttpResponse:
    """POST /circles/<slug>/ask: our organisation asks for a seat in a listed circle."""
    try:
        services.ask_to_join(slug, by=request.actor)
    except TooSoon as problem:
        messages.error(request, _in_words(problem))
    else:
        messages.success(request, _("Asked. You hear here what was decided."))
    return see(reverse("circles"), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def propose(request: ActorRequest, slug: str) -> HttpResponse:
    """POST /circles/<slug>/propose: who sits there proposes an organisation."""
    actor = request.actor
    queries.circle(slug, reader=actor.reader)
    chosen = queries.member(request.POST.get("organisation", "")[:60], reader=actor.reader)
    try:
        services.propose_to_circle(slug, by=actor, organisation=chosen.organisation)
    except TooSoon as problem:
        messages.error(request, _in_words(problem))
    except Problem as problem:
        if problem.field != "organisation":
            raise
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("%(name)s is proposed.") % {"name": chosen.name})
    return see(reverse("circle", args=[slug]), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def sponsor(request: ActorRequest, admission: UUID) -> HttpResponse:
    """POST /admissions/<uuid>/sponsor: our organisation answers for a candidate."""
    try:
        answered = services.sponsor_admission(admission, by=request.actor)
    except TooSoon as problem:
        messages.error(request, _in_words(problem))
        return see(reverse("circle", args=[problem.circle.slug]), request=request)
    return _back(answered, request)


@open_to(Entrance.MEMBERS)
@require_POST
def vote(request: ActorRequest, admission: UUID) -> HttpResponse:
    """POST /admissions/<uuid>/vote: our vote, in favour or not; the last one counts."""
    in_favour = request.POST.get("in_favour") == "yes"
    return _back(services.vote(admission, by=request.actor, in_favour=in_favour), request)


@open_to(Entrance.MEMBERS)
@require_POST
def object_to(request: ActorRequest, admission: UUID) -> HttpResponse:
    """POST /admissions/<uuid>/object: the steward declines a candidate."""
    return _back(services.object_to_admission(admission, by=request.actor), request)


def _in_words(problem: TooSoon) -> str:
    said = _("%(name)s was not let in lately. It may come up again from %(day)s.")
    until = date_format(timezone.localtime(problem.until), "DATETIME_FORMAT")
    return said % {"name": problem.candidate.name, "day": until}


def _back(admission: Admission, request: ActorRequest) -> HttpResponse:
    messages.success(request, _("Noted."))
    return see(reverse("circle", args=[admission.circle.slug]), request=request)
