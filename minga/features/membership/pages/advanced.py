"""Signing by an advanced signature: an act to take along, and the way back for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import IssueForm, ReturnForm
from minga.features.membership.pages.agreement import unsigned_clauses
from minga.features.membership.pages.evidence import PDF, download
from minga.features.membership.pages.faults import why
from minga.store.people.actors import Actor, Power
from minga.store.turns import Busy
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell, words_of
from minga.web.redirects import see
from minga.web.requests import ActorRequest

SHOWN = 10


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def advanced(request: ActorRequest) -> HttpResponse:
    """GET, POST /agreement/advanced/: ask for an act to sign outside; what was issued before."""
    actor = request.actor
    actor.require(Power.SIGN)
    unsigned = unsigned_clauses(by=actor)
    optional = [each for each in unsigned if each.optional]
    form = IssueForm(request.POST or None, optional=optional)
    if request.method == "POST" and form.is_valid():
        numbers = form.chosen | {each.number for each in unsigned if not each.optional}
        chosen = form.cleaned_data
        try:
            services.issue_act(
                numbers, by=actor, signer=chosen["signer"], capacity=chosen["capacity"]
            )
        except Problem as problem:
            tell(problem, form)
        else:
            return see(reverse("agreement-advanced"), request=request)
    context = _context(by=actor) | {"form": form, "unsigned": unsigned}
    return render(request, "membership/advanced.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS)
@require_safe
def issued(request: ActorRequest, issued: UUID) -> HttpResponse:
    """GET /agreement/issued/<issued>.pdf: the act to sign, as it was issued."""
    found = queries.issued_act(issued, reader=request.actor.reader)
    if found.document is None:
        raise NotFound(_("It has no document."))
    return download(bytes(found.document.content), name=f"act-{issued}.pdf", media_type=PDF)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def come_back(request: ActorRequest, issued: UUID) -> HttpResponse:
    """POST /agreement/issued/<issued>/signed: the signed file comes back."""
    actor = request.actor
    actor.require(Power.SIGN)
    queries.issued_act(issued, reader=actor.reader)
    form = ReturnForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the signed PDF."))
        return see(reverse("agreement-advanced"), request=request)
    try:
        came = services.return_act(issued, form.cleaned_data["pdf"].read(), by=actor)
    except Busy as problem:
        messages.error(request, words_of(problem))
        return see(reverse("agreement-advanced"), request=request)
    if came.fault:
        messages.error(request, _("Kept aside: %(why)s") % {"why": why(came.fault)})
        return see(reverse("agreement-advanced"), request=request)
    messages.success(request, _("Signed by an advanced signature."))
    return see(reverse("agreement"), request=request)


def _context(*, by: Actor) -> dict[str, Any]:
    reader = by.reader
    aside = queries.kept_aside(reader=reader).filter(issued__organisation=by.organisation)
    return {
        "takes_it": services.takes_advanced_signatures(),
        "issued": queries.issued_acts(reader=reader)[:SHOWN],
        "aside": [(each, why(each.fault)) for each in aside[:SHOWN]],
        "upload": ReturnForm(),
    }
