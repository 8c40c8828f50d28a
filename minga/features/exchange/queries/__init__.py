"""What can be read in the exchange, and by whom."""

from minga.features.exchange.queries.contributions import (
    ListFilters,
    contribution,
    contributions,
    contributions_with,
    last_change_us,
    object_version,
    objects_in,
    speaker,
    submission,
    versions_of,
)
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
from minga.features.exchange.queries.given_back import (
    NEVER_SEEN,
    FeedbackSummary,
    SightingSummary,
    feedback_on,
    sightings_of,
)
from minga.features.exchange.queries.readership import Readership, readership, readership_of
from minga.store.objects.reading import Row, Which

__all__ = [
    "INBOX",
    "NEVER_SEEN",
    "Collection",
    "FeedPage",
    "FeedbackSummary",
    "Filters",
    "ListFilters",
    "Readership",
    "Row",
    "SightingSummary",
    "Which",
    "collection",
    "collections",
    "contribution",
    "contributions",
    "contributions_with",
    "feedback_on",
    "holds",
    "last_change_us",
    "object_version",
    "objects_in",
    "page",
    "readership",
    "readership_of",
    "selection",
    "sightings_of",
    "speaker",
    "submission",
    "versions_of",
]
