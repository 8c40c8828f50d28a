"""Is this known? What the exchange answers about observables, and to whom.

Nothing is written down of what was asked. `lookup` answers up to 10,000 pasted values, `observable`
one with its history.
"""

from minga.features.exchange.queries.answers.answer import (
    Answer,
    Day,
    Dossier,
    Hit,
    Nearby,
    Relation,
    Source,
    Verdict,
)
from minga.features.exchange.queries.answers.history import observable
from minga.features.exchange.queries.answers.lookup import MOST_AT_ONCE, NEARBY_UP_TO, lookup

__all__ = [
    "MOST_AT_ONCE",
    "NEARBY_UP_TO",
    "Answer",
    "Day",
    "Dossier",
    "Hit",
    "Nearby",
    "Relation",
    "Source",
    "Verdict",
    "lookup",
    "observable",
]
