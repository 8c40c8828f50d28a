"""The journal as its reader may know it: a page, and the same as CSV and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from minga.features.membership.pages.actions import ACTIONS, words
from minga.features.membership.queries import journal as queries
from minga.features.membership.queries.journal import JournalFilters, Line
from minga.web import tables
from minga.web.doors import Entrance, open_to
from minga.web.requests import ActorRequest

ROWS = 50
LONGEST_NAME = 120
YEARS = range(2000, 3000)
JSON_LINES = "application/jsonl; charset=utf-8"
VALUES = (
    "at", "action", "organisation", "concerns", "person", "key", "subject", "why", "door", "source",
    "details",
)  # fmt: skip
NAMES = ("organisation_name", "person_name", "key_name")
CHAIN = ("sequence", "previous", "digest")


@dataclass(frozen=True, slots=True)
class Row:
    """A line in words."""

    line: Line
    what: str
    subject_name: str
    facts: list[tuple[str, str]]


@open_to(Entrance.MEMBERS)
@require_safe
def journal(request: ActorRequest) -> HttpResponse:
    """GET /journal/: what one's organisation did, the newest first; for the hub, what all did."""
    reader = request.actor.reader
    filters = _read_filters(request.GET)
    page = queries.journal_page(
        filters, reader=reader, limit=ROWS, cursor=request.GET.get("next", "")
    )
    names = queries.names_of((str(e.values["subject"]) for e in page.lines), reader=reader)
    context = {
        "rows": [_row(each, names) for each in page.lines],
        "next": _address(request.GET, next=page.next) if page.next else "",
        "newest": _address(request.GET),
        "is_first": "next" not in request.GET,
        "is_narrowed": filters != JournalFilters(),
        "filters": filters,
        "asked": {name: request.GET.get(name, "") for name in ("from", "until")},
        "actions": _actions(),
    }
    return render(request, "membership/journal.html", context)


@open_to(Entrance.MEMBERS, fresh=True)
@require_safe
def journal_csv(request: ActorRequest) -> StreamingHttpResponse:
    """GET /journal.csv: the same lines, all of them, as a table that a spreadsheet may open."""
    lines = _exported(request)
    header = (*VALUES, *NAMES, *(CHAIN if request.actor.organisation.is_hub else ()))
    rows = ([_cell(line[name]) for name in header] for line in lines)
    body = tables.lines(header, rows, for_spreadsheet=True)
    return _download(body, name="journal.csv", media_type=tables.MEDIA_TYPE)


@open_to(Entrance.MEMBERS, fresh=True)
@require_safe
def journal_jsonl(request: ActorRequest) -> StreamingHttpResponse:
    """GET /journal.jsonl: the same lines, each as a JSON object, as they stand in the chain."""
    lines = _exported(request)
    body = (json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    return _download(body, name="journal.jsonl", media_type=JSON_LINES)


def _exported(request: ActorRequest) -> Iterator[dict[str, object]]:
    """Every line that passes the filters, with names and, for the hub, its place in the chain."""
    filters = _read_filters(request.GET)
    for line in queries.journal_lines(filters, reader=request.actor.reader):
        told = {name: line.values[name] for name in VALUES}
        told |= dict(zip(NAMES, (line.organisation, line.person, line.key), strict=True))
        if request.actor.organisation.is_hub:
            told |= {name: getattr(line.link, name, None) for name in CHAIN}
        yield told


def _download(body: Iterator[bytes], *, name: str, media_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _row(line: Line, names: dict[str, str]) -> Row:
    details = line.values["details"]
    facts = details.items() if isinstance(details, dict) else ()
    return Row(
        line=line,
        what=words(str(line.values["action"])),
        subject_name=names.get(str(line.values["subject"]), ""),
        facts=[(name, _said(value)) for name, value in facts],
    )


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _actions() -> list[tuple[str, str | Promise]]:
    return sorted(ACTIONS.items(), key=lambda pair: str(pair[1]))


def _read_filters(query: QueryDict) -> JournalFilters:
    """The filters in `?action=&who=&from=&until=`; a value that does not exist filters nothing.

    Days are those of the reader's zone, and `until` is the last of them.
    """
    action = query.get("action", "")
    return JournalFilters(
        action=action if action in ACTIONS else "",
        who=" ".join(query.get("who", "").replace("\0", " ").split())[:LONGEST_NAME],
        since=_midnight(query.get("from", "")),
        until=_midnight(query.get("until", ""), days_later=1),
    )


def _midnight(text: str, *, days_later: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day.year not in YEARS:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days_later), time.min))


def _address(query: QueryDict, **changes: str) -> str:
    """The page with the same filters, at its beginning unless `next` says where."""
    kept = query.copy()
    kept.pop("next", None)
    kept.update(changes)
    return "?" + kept.urlencode()
