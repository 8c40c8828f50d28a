"""Ceremonies: the list, one with its live roll, and what the convener does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import CeremonyForm, SignatoryForm
from minga.features.membership.models import Ceremony
from minga.features.membership.pages.evidence import PDF, download
from minga.features.membership.services import NewCeremony
from minga.store.people.actors import Actor, Power
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest

State = Ceremony.State


@open_to(Entrance.MEMBERS)
@require_safe
def ceremonies(request: ActorRequest) -> HttpResponse:
    """GET /ceremonies/: those one is called to; for the hub, all."""
    context = {
        "ceremonies": queries.ceremonies(reader=request.actor.reader),
        "may_convene": Power.ADMINISTER_HUB in request.actor.powers,
    }
    return render(request, "membership/ceremonies.html", context)


@open_to(Entrance.HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def convene(request: ActorRequest) -> HttpResponse:
    """GET, POST /ceremonies/new: plan a ceremony for the version in force."""
    request.actor.require(Power.ADMINISTER_HUB)
    form = CeremonyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.convene(NewCeremony(**form.cleaned_data), by=request.actor)
        except Problem as problem:
            tell(problem, form)
        else:
            return see(_address(made), request=request)
    status = 422 if form.errors else 200
    return render(request, "membership/ceremony_new.html", {"form": form}, status=status)


@open_to(Entrance.MEMBERS)
@require_safe
def ceremony(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """GET /ceremonies/<ceremony>/: who is called and who has signed, as it happens."""
    found = queries.ceremony(ceremony, reader=request.actor.reader)
    return render(request, "membership/ceremony.html", _context(found, by=request.actor))


@open_to(Entrance.MEMBERS)
@require_safe
def roll(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """GET /ceremonies/<ceremony>/roll: the part of its page that changes while people sign."""
    found = queries.ceremony(ceremony, reader=request.actor.reader)
    context = _context(found, by=request.actor)
    return render(request, "membership/parts/ceremony_roll.html", context)


@open_to(Entrance.HUB)
@require_POST
def invite(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """POST /ceremonies/<ceremony>/signatories: call an organisation, or say who signs for it."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    found = queries.ceremony(ceremony, reader=actor.reader)
    form = _signatory_form(request.POST, by=actor)
    if form.is_valid():
        organisation = queries.organisation(form.cleaned_data["organisation"], reader=actor.reader)
        services.invite_to_ceremony(
            ceremony,
            organisation,
            by=actor,
            signer=form.cleaned_data["signer"],
            capacity=form.cleaned_data["capacity"],
        )
        messages.success(request, _("%(name)s is called.") % {"name": organisation.name})
        return see(_address(found), request=request)
    context = _context(found, by=actor) | {"form": form}
    return render(request, "membership/ceremony.html", context, status=422)


@open_to(Entrance.HUB, fresh=True)
@require_POST
def open_(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """POST /ceremonies/<ceremony>/open: from now on its signatories sign in it."""
    opened = services.open_ceremony(ceremony, by=request.actor)
    messages.success(request, _("The ceremony is open."))
    return see(_address(opened), request=request)


@open_to(Entrance.HUB, fresh=True)
@require_POST
def close(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """POST /ceremonies/<ceremony>/close: nobody signs in it any more, and its act is made."""
    closed = services.close_ceremony(ceremony, by=request.actor)
    messages.success(request, _("The ceremony is closed. Its act is being prepared."))
    return see(_address(closed), request=request)


@open_to(Entrance.MEMBERS)
@require_safe
def act(request: ActorRequest, ceremony: UUID) -> HttpResponse:
    """GET /ceremonies/<ceremony>/act.pdf: the act of a closed ceremony, as it was sealed."""
    found = queries.ceremony_act(ceremony, reader=request.actor.reader)
    return download(bytes(found.content), name=f"ceremony-{ceremony}.pdf", media_type=PDF)


def _context(found: Ceremony, *, by: Actor) -> dict[str, Any]:
    lines = queries.roll(found, reader=by.reader)
    runs_hub = Power.ADMINISTER_HUB in by.powers
    own = next((line for line in lines if line.organisation == by.organisation), None)
    is_open = found.state == State.OPEN
    return {
        "found": found,
        "lines": lines,
        "signed": sum(line.has_signed for line in lines),
        "runs_hub": runs_hub,
        "may_sign": is_open and Power.SIGN in by.powers and own is not None and not own.has_signed,
        "waits": is_open or (found.state == State.CLOSED and found.act_id is None),
        "form": _signatory_form(None, by=by) if runs_hub and found.state != State.CLOSED else None,
    }


def _signatory_form(posted: Any, *, by: Actor) -> SignatoryForm:
    return SignatoryForm(posted, offered=list(queries.organisations(reader=by.reader)))


def _address(ceremony: Ceremony) -> str:
    return reverse("ceremony", args=[ceremony.uuid])
