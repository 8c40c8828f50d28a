"""Saying back: I saw it too, what became of it; and withdrawing what was one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minga.core.problems import Invalid
from minga.features.exchange import queries, services
from minga.features.exchange.forms import FeedbackForm, ObservableForm, SightingForm
from minga.features.exchange.pages.contents import contents_of
from minga.features.exchange.pages.handling import Handling
from minga.features.exchange.pages.reading import EVERY_INDICATOR
from minga.features.exchange.queries.addressees import audience_of
from minga.store import world
from minga.store.objects.models import Feedback
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_POST
def sighting_in_contribution(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """POST /alerts/<uuid>/sightings: we saw this indicator of it too."""
    queries.contribution(str(uuid), reader=request.actor.reader)
    _report(request)
    return see(reverse("alert", args=[uuid]) + "#indicators", request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def feedback_in_contribution(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """POST /alerts/<uuid>/feedback: what it means for us, told to who shared it."""
    queries.contribution(str(uuid), reader=request.actor.reader)
    _tell(request)
    return see(reverse("alert", args=[uuid]), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def sighting_of_observable(request: ActorRequest) -> HttpResponse:
    """POST /lookup/sightings: we saw the observable of this page too."""
    page = _page_of_observable(request)
    _report(request)
    return see(page, request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def feedback_on_observable(request: ActorRequest) -> HttpResponse:
    """POST /lookup/feedback: what became of the observable of this page."""
    page = _page_of_observable(request)
    _tell(request)
    return see(page, request=request)


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """GET, POST /alerts/<uuid>/withdraw: revoke it with its indicators, for good."""
    actor = request.actor
    contribution = queries.contribution(str(uuid), reader=actor.reader)
    audience_of(contribution, reader=actor.reader)  # refuses who did not share it
    contents = contents_of(contribution, reader=actor.reader, most=EVERY_INDICATOR)
    live = [each.stix_id for each in contents.indicators if not each.revoked]
    if request.method != "POST":
        context = {
            "contribution": contribution,
            "count": len(live),
            "handling": Handling.of(contribution),
        }
        return render(request, "exchange/withdraw.html", context)
    for stix_id in filter(None, [*live, contribution.root_id]):
        services.revoke(stix_id, by=actor)
    messages.success(request, _("Withdrawn. Whoever read it is told so."))
    return see(reverse("alert", args=[uuid]), request=request)


def _page_of_observable(request: ActorRequest) -> str:
    form = ObservableForm(request.POST)
    if not form.is_valid():
        raise Invalid("The form names no observable; go back to its page.", field="value")
    return reverse("observable", args=[form.cleaned_data["kind"], form.cleaned_data["value"]])


def _report(request: ActorRequest) -> None:
    """One sighting, now, unless the form says how many."""
    form = SightingForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say what was seen, and how many times: 1 or more.", field="count")
    now = world.now()
    services.report_sighting(
        form.cleaned_data["object"],
        by=request.actor,
        count=form.cleaned_data["count"] or 1,
        first_seen_at=now,
        last_seen_at=now,
        is_named=form.cleaned_data["named"],
    )
    messages.success(request, _("Thank you. Others see one more in the count, not your name."))


def _tell(request: ActorRequest) -> None:
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose one of the answers; a note has at most 2,000 characters.")
    services.give_feedback(
        form.cleaned_data["object"],
        by=request.actor,
        verdict=Feedback.Verdict(form.cleaned_data["verdict"]),
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("Answer saved. Who shared it reads it; others see the total."))
