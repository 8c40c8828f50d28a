"""What a list is narrowed to, read from its address."""

from __future__ import annotations

from django.http import QueryDict

from minga.core.policy import Tlp
from minga.features.exchange.forms.audience import LABELS
from minga.features.exchange.queries import ListFilters
from minga.store.objects.models import Contribution

KIND_NAMES = {kind.label: kind for kind in Contribution.Kind}


def read_filters(query: QueryDict) -> ListFilters:
    """The filters in `?kind=&tlp=&text=&own=`; a value that does not exist filters nothing."""
    return ListFilters(
        kind=KIND_NAMES.get(query.get("kind", "")),
        tlp=_tlp(query.get("tlp", "")),
        text=" ".join(query.get("text", "").split()),
        own=query.get("own") == "1",
    )


def _tlp(name: str) -> Tlp | None:
    found = LABELS.get(name)
    return found[0] if found else None
