"""Where the same can be had as a table: addresses of the API, which are a public contract."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from minga.features.exchange.queries import ListFilters
from minga.store.objects.models import Contribution

API = "/api/v1"
MOST_VALUES = 100
LONGEST_ADDRESS = 4_000
FOR_A_SPREADSHEET = ("spreadsheet", "true")


def of_list(filters: ListFilters) -> str:
    """The list with the same filters, as CSV that a spreadsheet may open."""
    asked = [FOR_A_SPREADSHEET, ("limit", "1000")]
    if filters.kind is not None:
        asked.append(("kind", Contribution.Kind(filters.kind).label))
    if filters.tlp is not None:
        asked.append(("tlp", filters.tlp.label))
    if filters.text:
        asked.append(("q", filters.text))
    if filters.own:
        asked.append(("own", "true"))
    return f"{API}/contributions.csv?{urlencode(asked)}"


def of_contribution(uuid: UUID) -> str:
    """What a contribution carries, as CSV that a spreadsheet may open."""
    asked = [FOR_A_SPREADSHEET, ("limit", "1000")]
    return f"{API}/contributions/{uuid}/objects.csv?{urlencode(asked)}"


def of_lookup(values: Sequence[str]) -> str:
    """The same answers as CSV; nothing where there are too many for an address."""
    asked = [FOR_A_SPREADSHEET, *(("q", value) for value in values)]
    address = f"{API}/lookup.csv?{urlencode(asked)}"
    fits = 0 < len(values) <= MOST_VALUES and len(address) <= LONGEST_ADDRESS
    return address if fits else ""
