"""Sharing: paste, look at what was found, choose who reads it, publish. And saying it better.

Every step is a plain post of the whole form. With a script the two parts that answer to what is
typed, what was found and who will read it, are asked for by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from minga.core.observables import Observable
from minga.core.policy import Audience, Reader
from minga.core.problems import NotFound, Problem
from minga.features.exchange import queries, services
from minga.features.exchange.forms import AudienceForm, WordsForm
from minga.features.exchange.forms.audience import at_first, chosen_by
from minga.features.exchange.forms.words import answer_for
from minga.features.exchange.pages.contents import contents_of
from minga.features.exchange.pages.findings import MOST, Findings, find
from minga.features.exchange.pages.handling import Handling
from minga.features.exchange.queries.addressees import addressees, audience_of
from minga.features.exchange.services import Draft, new_request_key
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest

LONGEST_SUGGESTION = 100


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ActorRequest) -> HttpResponse:
    """GET, POST /share: the composer. `step` says which of its buttons was pressed."""
    actor = request.actor
    actor.require(Power.SHARE)
    if request.method != "POST":
        first = {"request_key": new_request_key(), "text": request.GET.get("text", "")[:1_000]}
        words = WordsForm(initial=first)
        return _composer(request, words, _audience(at_first(), actor),
                         find(first["text"], by=actor))  # fmt: skip
    typed = WordsForm(request.POST)
    audience = _audience(request.POST, actor)
    found = find(typed.typed_text(), by=actor, typed=request.POST)
    if request.POST.get("step") != "publish" or _is_news(found, request):
        return _composer(request, _as_typed(request), audience, found)
    if not (typed.is_valid() & audience.is_valid()):
        return _composer(request, typed, audience, found, status=422)
    try:
        draft = _draft(typed, audience.rule, found)
        made = services.share(draft, by=actor, door=Contribution.Door.PAGE)
    except Problem as problem:
        tell(problem, typed)
        return _composer(request, typed, audience, found, status=422)
    messages.success(request, _("Published."))
    return see(reverse("alert", args=[made.uuid]), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def findings(request: ActorRequest) -> HttpResponse:
    """POST /share/findings: what a text holds, for the part of the page that shows it."""
    request.actor.require(Power.SHARE)
    text = WordsForm(request.POST).typed_text()
    standing = _standing(request.POST.get("revises", ""), request.actor)
    found = find(text, by=request.actor, typed=request.POST, standing=standing)
    suggestion = "" if request.POST.get("title") else _suggested_title(text)
    context = {"found": found, "suggestion": suggestion}
    answer = render(request, "exchange/parts/findings_answer.html", context)
    return trigger_client_event(answer, "found", after="settle")


@open_to(Entrance.MEMBERS)
@require_POST
def summary(request: ActorRequest) -> HttpResponse:
    """POST /share/summary: who would read it, as chosen so far."""
    request.actor.require(Power.SHARE)
    audience = _audience(request.POST, request.actor)
    context = _who_would_read(audience, request.actor) | {
        "ticked": len(set(request.POST.getlist("include"))),
        "offered": len(set(request.POST.getlist("offered"))),
    }
    return render(request, "exchange/parts/summary_answer.html", context)


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """GET, POST /alerts/<uuid>/revise: the next version, for the same readers."""
    actor = request.actor
    actor.require(Power.SHARE)
    contribution = queries.contribution(str(uuid), reader=actor.reader)
    rule = audience_of(contribution, reader=actor.reader)
    standing = _standing(str(uuid), actor)
    if request.method != "POST":
        words = WordsForm(initial=_words_of(contribution, reader=actor.reader))
        found = find(contribution.text, by=actor, standing=standing)
        return _reviser(request, words, contribution, found)
    words = WordsForm(request.POST)
    found = find(words.typed_text(), by=actor, typed=request.POST, standing=standing)
    if request.POST.get("step") != "publish" or _is_news(found, request):
        return _reviser(request, _as_typed(request), contribution, found)
    if not words.is_valid():
        return _reviser(request, words, contribution, found, status=422)
    try:
        draft = _corrected(_draft(words, rule, found), contribution, reader=actor.reader)
        services.revise(str(uuid), draft, by=actor)
    except Problem as problem:
        tell(problem, words)
        return _reviser(request, words, contribution, found, status=422)
    messages.success(request, _("New version published."))
    return see(reverse("alert", args=[uuid]), request=request)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def widen(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """GET, POST /alerts/<uuid>/audience: let more people read it."""
    actor = request.actor
    actor.require(Power.SHARE)
    contribution = queries.contribution(str(uuid), reader=actor.reader)
    rule = audience_of(contribution, reader=actor.reader)
    everybody = addressees(reader=actor.reader)
    audience = _audience(request.POST or chosen_by(rule, everybody), actor)
    status = 200
    if request.method == "POST" and request.POST.get("step") == "publish":
        try:
            if audience.is_valid():
                services.widen(str(uuid), by=actor, audience=audience.rule)
                messages.success(request, _("More people read it now."))
                return see(reverse("alert", args=[uuid]), request=request)
        except Problem as problem:
            tell(problem, audience, instead={"audience": "tlp"})
        status = 422
    context = _who_would_read(audience, actor) | {
        "contribution": contribution,
        "audience": audience,
        "handling": Handling.of(contribution),
    }
    return render(request, "exchange/widen.html", context, status=status)


def _composer(
    request: ActorRequest,
    words: WordsForm,
    audience: AudienceForm,
    found: Findings,
    *,
    status: int = 200,
) -> HttpResponse:
    context = _who_would_read(audience, request.actor) | {
        "words": words,
        "audience": audience,
        "found": found,
        "ticked": len(found.ticked),
        "may_be_vouched_for": not request.actor.organisation.is_hub,
        "is_refused": status != 200,
    }
    return render(request, "exchange/share.html", context, status=status)


def _reviser(
    request: ActorRequest,
    words: WordsForm,
    contribution: Contribution,
    found: Findings,
    *,
    status: int = 200,
) -> HttpResponse:
    reader = request.actor.reader
    context = {
        "words": words,
        "contribution": contribution,
        "found": found,
        "ticked": len(found.ticked),
        "readership": queries.readership_of(contribution, reader=reader),
        "handling": Handling.of(contribution),
    }
    return render(request, "exchange/revise.html", context, status=status)


def _standing(uuid: str, actor: Actor) -> tuple[Observable, ...]:
    """The observables of the contribution that is being revised; none for a new one."""
    if not uuid:
        return ()
    try:
        UUID(uuid)
    except ValueError as error:
        raise NotFound("No such contribution is visible to you.") from error
    contribution = queries.contribution(uuid, reader=actor.reader)
    audience_of(contribution, reader=actor.reader)  # refuses who did not share it
    return contents_of(contribution, reader=actor.reader, most=MOST).observables


def _audience(data: Any, actor: Actor) -> AudienceForm:
    return AudienceForm(data, everybody=addressees(reader=actor.reader))


def _who_would_read(audience: AudienceForm, actor: Actor) -> dict[str, Any]:
    """The sentence before publishing, or what keeps it from being said."""
    if not audience.is_valid():
        return {"readership": None, "obstacle": next(iter(audience.errors.values()))[0]}
    rule = audience.rule.naming(actor.organisation.pk)
    who = queries.readership(rule, reader=actor.reader)
    return {"readership": who, "reach": rule.tlp, "obstacle": ""}


def _draft(words: WordsForm, rule: Audience, found: Findings) -> Draft:
    said = words.cleaned_data
    return Draft(
        title=said["title"],
        text=said["text"],
        kind=said["kind"],
        audience=rule,
        pap=said["pap"],
        attribution=said["attribution"],
        observables=found.ticked,
        confidence=said["confidence"],
        request_key=said["request_key"],
    )


def _as_typed(request: ActorRequest) -> WordsForm:
    """The words once more, without complaint, and a title where there was none."""
    typed: dict[str, Any] = dict(request.POST.items())
    typed["title"] = typed.get("title") or _suggested_title(typed.get("text", ""))
    return WordsForm(initial=typed)


def _words_of(contribution: Contribution, *, reader: Reader) -> dict[str, Any]:
    return {
        "confidence": answer_for(_confidence_of(contribution, reader=reader)),
        "text": contribution.text,
        "title": contribution.title,
        "kind": contribution.kind,
        "pap": contribution.pap,
        "attribution": contribution.attribution,
    }


def _confidence_of(contribution: Contribution, *, reader: Reader) -> int | None:
    if not contribution.root_id:
        return None
    return queries.object_version(contribution.root_id, reader=reader).confidence


def _corrected(draft: Draft, contribution: Contribution, *, reader: Reader) -> Draft:
    """What the form does not ask stays as it was: other numberings, and how sure exactly."""
    before = _confidence_of(contribution, reader=reader)
    same = draft.confidence == answer_for(before)
    return replace(
        draft,
        codes=tuple((scheme, code) for scheme, code in contribution.codes),
        confidence=before if same else draft.confidence,
    )


def _is_news(found: Findings, request: ActorRequest) -> bool:
    """Whether the text holds something that its writer has not been shown."""
    shown = set(request.POST.getlist("offered"))
    if request.POST.get("of_text") == found.of_text or all(row.key in shown for row in found.rows):
        return False
    messages.info(request, _("We found more in your text. Look at it, and publish."))
    return True


def _suggested_title(text: str) -> str:
    """The first line of the text; a long one is cut at a word, and shows it."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(first) <= LONGEST_SUGGESTION:
        return first
    cut = first[: LONGEST_SUGGESTION - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
