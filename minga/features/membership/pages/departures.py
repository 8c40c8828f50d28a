"""Who left: the hub's list with what is outstanding, and the door of a one-time link."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import DeclarationForm
from minga.features.membership.models import Certificate, Statement
from minga.features.membership.pages.returning import JSON_LINES, download, pdf_of
from minga.features.membership.services.returning import departure_of_link
from minga.store import world
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Departure
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A departure as the hub follows it. `waiting` counts contributions without their fate yet."""

    departure: Departure
    waiting: int
    certificate: Certificate | None
    is_overdue: bool

    @property
    def settled(self) -> int:
        """How many contributions met their fate."""
        return self.departure.shared - self.waiting


@open_to(Entrance.HUB)
@require_safe
def departures(request: ActorRequest) -> HttpResponse:
    """GET /departures/: who leaves and who left, and which certificates are outstanding."""
    request.actor.require(Power.ADMINISTER_HUB)
    reader = request.actor.reader
    found = list(queries.departures(reader=reader))
    waiting = queries.unsettled(found, reader=reader)
    lines = [_line(each, waiting) for each in found]
    return render(request, "membership/departures.html", {"lines": lines})


@open_to(Entrance.HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def departure(request: ActorRequest, departure: UUID) -> HttpResponse:
    """GET, POST /departures/<uuid>/: one of them; a certificate on paper is noted here."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    found = queries.departure(departure, reader=actor.reader)
    form = DeclarationForm(request.POST or None, on_paper=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_certificate(found.organisation.slug, form.declaration, by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Noted."))
            return see(reverse("departure", args=[departure]), request=request)
    line = _line(found, queries.unsettled([found], reader=actor.reader))
    may_note = found.left_at is not None and line.certificate is None
    context = {"line": line, "form": form if may_note else None}
    status = 422 if form.errors else 200
    return render(request, "membership/departure.html", context, status=status)


@open_to(Entrance.HUB, fresh=True)
@require_POST
def return_link(request: ActorRequest, departure: UUID) -> HttpResponse:
    """POST /departures/<uuid>/link: a link for who left, shown this once."""
    actor = request.actor
    found = queries.departure(departure, reader=actor.reader)
    token = services.create_return_link(found.organisation.slug, by=actor)
    context = {
        "found": found,
        "address": f"{settings.URL}{reverse('return', args=[token])}",
        "days": services.RETURN_LINK_LASTS.days,
    }
    return render(request, "membership/return_link.html", context, status=201)


@open_to(Entrance.HUB)
@require_safe
def departure_certificate(request: ActorRequest, departure: UUID) -> HttpResponse:
    """GET /departures/<uuid>/certificate.pdf: what was certified, for the hub."""
    request.actor.require(Power.ADMINISTER_HUB)
    found = queries.departure(departure, reader=request.actor.reader)
    return _certificate_of(found)


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, token: str) -> HttpResponse:
    """GET, POST /return/<token>/: who left reads its statement and signs, without entering."""
    found = departure_of_link(token)
    form = DeclarationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            by = Actor(organisation=found.organisation)
            services.sign_by_link(token, form.declaration, by=by)
        except Problem as problem:
            tell(problem, form)
        else:
            return see(reverse("return", args=[token]), request=request)
    context = {
        "found": found,
        "token": token,
        "statement": Statement.objects.filter(departure=found).exclude(lines="").first(),
        "certificate": Certificate.objects.filter(departure=found).first(),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "membership/return.html", context, status=status)


@open_to(Entrance.ANYONE)
@require_safe
def returned_file(request: HttpRequest, token: str, file: str) -> HttpResponseBase:  # noqa: ARG001 - a view
    """GET /return/<token>/<file>: the statement, its lines or the certificate."""
    found = departure_of_link(token)
    if file == "certificate.pdf":
        return _certificate_of(found)
    statement = Statement.objects.filter(departure=found).select_related("document").first()
    if file == "statement.pdf" or statement is None:
        return pdf_of(statement.document if statement else None, name="statement.pdf")
    reader = Actor(organisation=found.organisation).reader
    lines = queries.kept_lines(statement, reader=reader)
    return download([lines], name="holdings.jsonl", media_type=JSON_LINES)


def _certificate_of(found: Departure) -> HttpResponse:
    kept = Certificate.objects.filter(departure=found).select_related("document").first()
    return pdf_of(kept.document if kept else None, name="certificate.pdf")


def _line(found: Departure, waiting: dict[int, int]) -> Line:
    certificate = Certificate.objects.filter(departure=found).first()
    due = found.return_by
    return Line(
        departure=found,
        waiting=0 if found.settled_at else waiting.get(found.organisation_id, 0),
        certificate=certificate,
        is_overdue=certificate is None and due is not None and due < world.now(),
    )
