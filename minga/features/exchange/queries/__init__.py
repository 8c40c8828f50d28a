"""What can be read in the exchange, and by whom."""

from minga.features.exchange.queries.feed import (
    INBOX,
    Collection,
    FeedPage,
    Filters,
    collection,
    collections,
    holds,
    page,
    selection,
)
from minga.store.objects.reading import Row, Which

__all__ = [
    "INBOX",
    "Collection",
    "FeedPage",
    "Filters",
    "Row",
    "Which",
    "collection",
    "collections",
    "holds",
    "page",
    "selection",
]
