"""Looking up: one value or many, answered in words; and an observable's own page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.observables import Observable, extract, recognise
from minga.core.problems import Invalid, NotFound
from minga.features.exchange import queries
from minga.features.exchange.pages import downloads
from minga.features.exchange.pages.handling import Handling
from minga.features.exchange.pages.plots import plot_of
from minga.features.exchange.queries import MOST_AT_ONCE, Answer, Hit, Relation, Verdict
from minga.store import world
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest

LONGEST_LINK = 1_500
WORDS: dict[Verdict, tuple[Promise, str, str]] = {
    Verdict.KNOWN: (_("Reported"), "flag", "todo"),
    Verdict.EXPIRED: (_("Was reported; has expired"), "clock", "off"),
    Verdict.REVOKED: (_("Was reported; was withdrawn"), "x", "off"),
    Verdict.UNKNOWN: (_("No data"), "ask", "off"),
    Verdict.UNREADABLE: (_("Not an observable we know"), "ask", "off"),
}
NEARBY_WORDS: dict[Relation, Promise] = {
    Relation.PARENT: _("A domain above it is reported:"),
    Relation.HOST: _("Its host is reported:"),
    Relation.RANGE: _("A range around it is reported:"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as a row of the table."""

    answer: Answer
    path: str

    @property
    def words(self) -> Promise:
        """The verdict."""
        return WORDS[self.answer.verdict][0]

    @property
    def icon(self) -> str:
        """Its icon."""
        return WORDS[self.answer.verdict][1]

    @property
    def tone(self) -> str:
        """Its tone."""
        return WORDS[self.answer.verdict][2]

    @property
    def confidence(self) -> int | None:
        """The highest that a live object states."""
        return _confidence(self.answer.hits)

    @property
    def last_at(self) -> datetime | None:
        """When it was last seen, else when it was last reported."""
        added = max((hit.added_us for hit in self.answer.hits), default=0)
        last = self.answer.last_seen_us or added
        return world.from_us(last) if last else None

    @property
    def nearby(self) -> list[tuple[Promise, Observable]]:
        """What is reported beside it, worth saying when it is not reported itself."""
        return [
            (NEARBY_WORDS[near.relation], near.observable)
            for near in self.answer.nearby
            if near.verdict is Verdict.KNOWN
        ]


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: ActorRequest) -> HttpResponse:
    """GET, POST /lookup: what is known of each value in `q`, however it was pasted.

    A short question becomes a link that can be kept; a long one is answered where it is.
    """
    text = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()
    if request.method == "POST" and len(text) <= LONGEST_LINK:
        query = "?" + urlencode({"q": text}) if text else ""
        return see(reverse("lookup") + query, request=request)
    # One more than may be asked says that there are too many; the rest need not be read.
    values = list(islice(_distinct(_values(text)), MOST_AT_ONCE + 1))
    answers = queries.lookup(values, reader=request.actor.reader) if values else []
    once = {answer.observable or answer.asked: answer for answer in reversed(answers)}
    rows = [Row(answer, _path(answer)) for answer in reversed(once.values())]
    shown = next((r for r in rows if r.answer.verdict is Verdict.KNOWN), None)
    shown = shown or next((r for r in rows if r.answer.observable), None)
    context: dict[str, Any] = {
        "asked": text,
        "rows": rows,
        "shown": shown,
        "csv": downloads.of_lookup([row.answer.asked for row in rows]),
        "counts": _counts(rows),
        "most": MOST_AT_ONCE,
        "handling": Handling.of_all(hit.tlp for row in rows for hit in row.answer.hits),
    }
    if shown is not None and shown.answer.observable is not None:
        found = shown.answer.observable
        context |= _dossier(found.kind.value, found.value, request=request)
    return render(request, "exchange/lookup.html", context)


@open_to(Entrance.MEMBERS)
@require_safe
def observable(request: ActorRequest, kind: str, value: str) -> HttpResponse:
    """GET /observables/<kind>/<value>/: all that the reader may know of one observable."""
    try:
        context = _dossier(kind, value, request=request)
    except Invalid as problem:
        raise NotFound(problem.message) from problem
    found = context["answer"].observable
    path = reverse("observable", args=[found.kind.value, found.value])
    if (kind, value) != (found.kind.value, found.value):
        return see(path, request=request)
    context["handling"] = Handling.of_all(hit.tlp for hit in context["answer"].hits)
    return render(request, "exchange/observable.html", context)


def _values(text: str) -> Iterator[str]:
    """The values in pasted text: each line whole where it is one, else what stands in it."""
    for line in text.splitlines():
        value = line.strip()
        if not value:
            continue
        finds = [] if recognise(value) else extract(value)
        if finds:
            yield from (find.text for find in finds)
        elif recognise(value) or " " not in value:
            yield value[:LONGEST_LINK]


def _distinct(values: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for value in values:
        if value not in seen:
            seen.add(value)
            yield value


def _path(answer: Answer) -> str:
    found = answer.observable
    return reverse("observable", args=[found.kind.value, found.value]) if found else ""


def _counts(rows: list[Row]) -> dict[str, int]:
    """How many are reported, were once, are beside something reported, and of how many nothing."""
    counted = Counter(row.answer.verdict for row in rows)
    beside = sum(1 for r in rows if r.answer.verdict is Verdict.UNKNOWN and r.nearby)
    return {
        "known": counted[Verdict.KNOWN],
        "over": counted[Verdict.EXPIRED] + counted[Verdict.REVOKED],
        "beside": beside,
        "unknown": counted[Verdict.UNKNOWN] - beside,
        "unreadable": counted[Verdict.UNREADABLE],
    }


def _dossier(kind: str, value: str, *, request: ActorRequest) -> dict[str, Any]:
    """One observable with its history, for the panel that tells it."""
    found = queries.observable(
        kind, value, reader=request.actor.reader, zone=timezone.get_current_timezone()
    )
    answer = found.answer
    live = [hit for hit in answer.hits if not hit.revoked]
    indicators = [hit for hit in live if hit.type == "indicator"]
    sources = dict.fromkeys(source for hit in answer.hits for source in hit.contributions)
    ends = [hit.valid_until_us for hit in indicators]
    return {
        "answer": answer,
        "row": Row(answer, _path(answer)),
        "label": max((hit.tlp for hit in answer.hits), default=None),
        "confidence_value": _confidence(answer.hits),
        "since": _instant(min((hit.added_us for hit in answer.hits), default=0)),
        "until": _instant(max((end for end in ends if end), default=0)) if all(ends) else None,
        "sources": list(sources),
        "plot": plot_of(found.days),
        "target": indicators[0].stix_id if indicators else "",
        "may_answer": Power.SHARE in request.actor.powers,
    }


def _confidence(hits: Sequence[Hit]) -> int | None:
    stated = [hit.confidence for hit in hits if hit.confidence is not None and not hit.revoked]
    return max(stated, default=None)


def _instant(microseconds: int) -> datetime | None:
    return world.from_us(microseconds) if microseconds else None
