"""The list of what was shared with the reader, as views and filters in its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minga.features.exchange import queries
from minga.features.exchange.forms.audience import LABELS, NAMES
from minga.features.exchange.forms.filters import KIND_NAMES, read_filters
from minga.features.exchange.pages import downloads
from minga.features.exchange.pages.handling import Handling
from minga.features.exchange.pages.kinds import VIEW_NAMES
from minga.features.exchange.queries import ListFilters
from minga.features.exchange.queries.listing import (
    contributions_by_kind,
    contributions_page,
    contributions_since,
    withdrawn_among,
)
from minga.store import world
from minga.web.doors import Entrance, open_to
from minga.web.requests import ActorRequest

ROWS = 25
RECENTLY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows or widens the list."""

    words: str | Promise
    query: str
    is_on: bool
    count: int | None = None


@open_to(Entrance.MEMBERS)
@require_safe
def contributions(request: ActorRequest) -> HttpResponse:
    """GET /alerts/: what was shared with the reader, newest first."""
    reader = request.actor.reader
    filters = read_filters(request.GET)
    page = contributions_page(
        filters, reader=reader, limit=ROWS, cursor=request.GET.get("next", "")
    )
    withdrawn = withdrawn_among(page.rows, reader=reader)
    context = {
        "rows": [
            (row, queries.speaker(row, reader=reader), row.pk in withdrawn) for row in page.rows
        ],
        "next": _with(request.GET, next=page.next) if page.next else "",
        "csv": downloads.of_list(filters),
        "newest": _with(request.GET),
        "is_first": "next" not in request.GET,
        "filters": filters,
        "recent": contributions_since(world.now() - RECENTLY, reader=reader),
        "handling": Handling.of_all(row.audience.tlp for row in page.rows),
        **_choices(filters, request),
    }
    return render(request, "exchange/list.html", context)


def _choices(filters: ListFilters, request: ActorRequest) -> dict[str, Any]:
    counts = contributions_by_kind(
        ListFilters(tlp=filters.tlp, text=filters.text, own=filters.own),
        reader=request.actor.reader,
    )
    query = request.GET
    views = [Choice(_("All"), _with(query, kind=""), filters.kind is None, sum(counts.values()))]
    views += [
        Choice(VIEW_NAMES[kind], _with(query, kind=name), filters.kind == kind, counts.get(kind, 0))
        for name, kind in KIND_NAMES.items()
    ]
    labels = [
        Choice(tlp.label, _with(query, tlp="" if filters.tlp == tlp else name), filters.tlp == tlp)
        for name, (tlp, _words) in LABELS.items()
    ]
    return {
        "views": views,
        "labels": labels,
        "own": Choice(_("Yours"), _with(query, own="" if filters.own else "1"), filters.own),
        "tlp_name": NAMES[filters.tlp] if filters.tlp is not None else "",
        "without_filters": _with(query, tlp="", text="", own="", kind=""),
        "is_narrowed": filters != ListFilters(),
    }


def _with(query: QueryDict, **changes: str) -> str:
    """The list's address with some filters changed; a change starts at the first page again."""
    kept = query.copy()
    kept.pop("next", None)
    for name, value in changes.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return "?" + kept.urlencode()
