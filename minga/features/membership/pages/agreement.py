"""The agreement: what we may do and why, its clauses, signing, and taking a clause back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from minga.core import agreement as core
from minga.core.agreement import Agreement, Clause
from minga.core.policy import Tlp
from minga.core.problems import NotFound
from minga.features.membership import queries, services
from minga.features.membership.forms import SignForm
from minga.features.membership.models import AgreementVersion, Signature
from minga.features.membership.queries import Adherence
from minga.store.people.actors import Actor, Power
from minga.web import sessions
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest

GRANTED: dict[Power, str | Promise] = {Power.SHARE: gettext_lazy("Share with the others")}
READS = gettext_lazy("Read what groups share")
SHOWN = 8
"""Signatures that stand beside the agreement; the page of the acts has them all."""
READING = (Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT)


@dataclass(frozen=True, slots=True)
class Door:
    """Something to be done, the clause that opens it, and the signature by which it is open."""

    words: str | Promise
    tlp: Tlp | None
    clause: Clause | None
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause and the signature that holds for it."""

    clause: Clause
    signature: Signature | None


@open_to(Entrance.MEMBERS)
@require_safe
def agreement(request: ActorRequest) -> HttpResponse:
    """GET /agreement/: what we may do and why, and every clause with its state."""
    actor = request.actor
    version, text = queries.agreement_in_force(reader=actor.reader)
    adherence = queries.adherence_of(actor.organisation, reader=actor.reader)
    unsigned = _unsigned(text, version, adherence)
    context = {
        "version": version,
        "text": text,
        "adherence": adherence,
        "doors": [] if actor.organisation.is_hub else _doors(text, adherence),
        "lines": [ClauseLine(each, adherence.signed.get(each.number)) for each in text.clauses],
        "unsigned": unsigned,
        "may_sign": Power.SIGN in actor.powers,
        "proposed": queries.versions(reader=actor.reader).filter(state="proposed").first(),
        "ceremonies": queries.open_for(actor.organisation, reader=actor.reader),
        "signers": queries.who_can_sign(reader=actor.reader),
        "signatories": queries.signatories(reader=actor.reader)[:SHOWN],
        "may_administer": Power.ADMINISTER_OWN in actor.powers,
        "tools": queries.keys_of(actor.organisation, reader=actor.reader),
    }
    if adherence.signed and not actor.organisation.is_hub:
        context |= _life(by=actor)
    return render(request, "membership/agreement.html", context)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ActorRequest) -> HttpResponse:
    """GET, POST /agreement/sign: sign the common clauses, and optional ones with them or later.

    While a ceremony is open for the organisation, it signs in it.
    """
    actor = request.actor
    actor.require(Power.SIGN)
    version, text = queries.agreement_in_force(reader=actor.reader)
    adherence = queries.adherence_of(actor.organisation, reader=actor.reader)
    unsigned = _unsigned(text, version, adherence)
    if not unsigned:
        raise NotFound(_("There is nothing left to sign."))
    ceremony = queries.open_for(actor.organisation, reader=actor.reader).first()
    common = [each for each in unsigned if not each.optional]
    form = SignForm(request.POST or None, optional=[each for each in unsigned if each.optional])
    if request.method == "POST" and form.is_valid():
        numbers = form.chosen | {each.number for each in common}
        if numbers:
            services.sign(
                numbers,
                by=actor,
                capacity=form.cleaned_data["capacity"],
                factor=sessions.factor_of(request),
            )
            messages.success(request, _("Signed. What the clauses open is open from now on."))
            back = reverse("ceremony", args=[ceremony.uuid]) if ceremony else reverse("agreement")
            return see(back, request=request)
        form.add_error("optional", _("Tick at least one clause."))
    context = {"version": version, "text": text, "common": common, "unsigned": unsigned,
               "form": form, "ceremony": ceremony,
               "takes_advanced": services.takes_advanced_signatures()}  # fmt: skip
    return render(request, "membership/sign.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, number: int) -> HttpResponse:
    """GET, POST /agreement/clauses/<number>/withdraw: take back an optional clause, at once."""
    actor = request.actor
    actor.require(Power.SIGN)
    adherence = queries.adherence_of(actor.organisation, reader=actor.reader)
    signed = {clause.number: clause for clause in adherence.terms.signed if clause.optional}
    if number not in signed:
        raise NotFound(_("Your organisation has signed no optional clause of this number."))
    if request.method != "POST":
        return render(request, "membership/withdraw.html", {"clause": signed[number]})
    services.withdraw_clause(number, by=actor)
    messages.success(request, _("Taken back. What the clause opened is closed."))
    return see(reverse("agreement"), request=request)


def _life(*, by: Actor) -> dict[str, Any]:
    """What a member that signed committed to and how it stands, and what it gave and received."""
    months = queries.given_and_received(reader=by.reader)
    return {
        "own": queries.member(by.organisation.slug, reader=by.reader),
        "months": months,
        "given": sum(each.given for each in months),
        "received": sum(each.received for each in months),
    }


def _unsigned(text: Agreement, version: AgreementVersion, adherence: Adherence) -> list[Clause]:
    """The clauses of the version in force that an organisation has still to sign."""
    has_moved = adherence.version == version
    return [c for c in text.clauses if not (has_moved and c.number in adherence.signed)]


def unsigned_clauses(*, by: Actor) -> list[Clause]:
    """The clauses of the version in force that the actor's organisation has still to sign."""
    version, text = queries.agreement_in_force(reader=by.reader)
    return _unsigned(text, version, queries.adherence_of(by.organisation, reader=by.reader))


def _doors(text: Agreement, adherence: Adherence) -> list[Door]:
    """Everything that a clause opens: open by a signature, or closed with the clause that would."""
    whole = core.terms_of(text, {clause.number for clause in text.clauses})

    def door(
        words: str | Promise, tlp: Tlp | None, by: Clause | None, else_by: Clause | None
    ) -> Door:
        return Door(words, tlp, by or else_by, adherence.signed[by.number] if by else None)

    granted = [
        door(words, None, adherence.terms.granting(power), whole.granting(power))
        for power, words in GRANTED.items()
    ]
    reads = [
        door(READS, tlp, adherence.terms.letting_read(tlp), whole.letting_read(tlp))
        for tlp in READING
    ]
    return granted + reads
