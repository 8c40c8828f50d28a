"""What we received, while our organisation leaves: the statement, and the certificate to sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, fields

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import DeclarationForm
from minga.features.membership.models import Certificate, Document
from minga.features.membership.queries import HoldingLine
from minga.features.membership.services.returning import json_lines
from minga.store.people.actors import Actor, Power
from minga.web import tables
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest

HEADER = tuple(field.name for field in fields(HoldingLine))
JSON_LINES = "application/jsonl; charset=utf-8"


@open_to(Entrance.MEMBERS)
@require_safe
def holdings(request: ActorRequest) -> HttpResponse:
    """GET /agreement/holdings: what of others' we may hold, in numbers."""
    actor = _signer(request)
    departure = queries.own_departure(reader=actor.reader)
    context = {
        "held": queries.holdings(reader=actor.reader),
        "certificate": Certificate.objects.filter(departure=departure).first(),
    }
    return render(request, "membership/holdings.html", context)


@open_to(Entrance.MEMBERS)
@require_safe
def holdings_csv(request: ActorRequest) -> StreamingHttpResponse:
    """GET /agreement/holdings.csv: the same, object by object, for a spreadsheet."""
    lines = queries.holding_lines(reader=_signer(request).reader)
    body = tables.lines(HEADER, map(astuple, lines), for_spreadsheet=True)
    return download(body, name="holdings.csv", media_type=tables.MEDIA_TYPE)


@open_to(Entrance.MEMBERS)
@require_safe
def holdings_jsonl(request: ActorRequest) -> StreamingHttpResponse:
    """GET /agreement/holdings.jsonl: the same lines as JSON objects."""
    lines = queries.holding_lines(reader=_signer(request).reader)
    return download(json_lines(lines), name="holdings.jsonl", media_type=JSON_LINES)


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: ActorRequest) -> HttpResponse:
    """GET, POST /agreement/certificate: certify that what we received is returned or destroyed."""
    actor = _signer(request)
    departure = queries.own_departure(reader=actor.reader)
    name = actor.person.name if actor.person else ""
    form = DeclarationForm(request.POST or None, signer=name)
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_certificate(form.declaration, by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Certified. The hub sees it."))
            return see(reverse("holdings"), request=request)
    context = {"form": form, "departure": departure}
    status = 422 if form.errors else 200
    return render(request, "membership/certificate.html", context, status=status)


@open_to(Entrance.MEMBERS)
@require_safe
def certificate_pdf(request: ActorRequest) -> HttpResponse:
    """GET /agreement/certificate.pdf: what was certified, sealed by the hub."""
    departure = queries.own_departure(reader=_signer(request).reader)
    found = Certificate.objects.filter(departure=departure).select_related("document").first()
    return pdf_of(found.document if found else None, name="certificate.pdf")


def pdf_of(document: Document | None, *, name: str) -> HttpResponse:
    """A document as a file. Raises NotFound when there is none."""
    if document is None:
        raise NotFound(_("There is no such document yet."))
    answer = HttpResponse(bytes(document.content), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def download(body: Iterable[bytes], *, name: str, media_type: str) -> StreamingHttpResponse:
    """Lines as a file, in constant memory."""
    answer = StreamingHttpResponse(body, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _signer(request: ActorRequest) -> Actor:
    request.actor.require(Power.SIGN)
    return request.actor
