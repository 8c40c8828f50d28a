"""What may be sent: every property named and bounded, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from minga.core.observables import Kind as ObservableKind
from minga.core.observables.identifiers import LONGEST_TEXT
from minga.core.policy import Pap, Tlp
from minga.core.problems import Invalid
from minga.core.stix.forms import TIMESTAMP, microseconds
from minga.features.exchange.queries import MOST_AT_ONCE
from minga.features.exchange.queries.answers.history import MOST_DAYS
from minga.features.exchange.services.answering import MAX_COUNT, NOTE_LENGTH
from minga.features.exchange.services.drafts import MOST_OBSERVABLES, TEXT_LENGTH, TITLE_LENGTH
from minga.store.objects.models import Contribution, Feedback

OUR_TIME = range(1990, 2200)
MOST_PER_PAGE = 1_000
MOST_ADDRESSED = 1_000


def _known(word: object, words: Sequence[str], field: str) -> str:
    if not isinstance(word, str) or word not in words:
        found = repr(word[:40]) if isinstance(word, str) else "no text"
        raise Invalid(f"{field} is {found}; expected one of {', '.join(words)}.", field=field)
    return word


def _enumerated(read: Callable[[object], Any], words: Sequence[str]) -> tuple[Any, Any]:
    return BeforeValidator(read), WithJsonSchema({"type": "string", "enum": list(words)})


def _tlp(word: object) -> Tlp:
    """Also as `TLP:AMBER STRICT`: a plus sign in a query string is a blank."""
    spelled = word.replace("AMBER STRICT", "AMBER+STRICT") if isinstance(word, str) else word
    return Tlp.read(_known(spelled, [tlp.label for tlp in Tlp], "tlp"))


def _instant(text: object) -> int:
    if not isinstance(text, str) or not TIMESTAMP.holds(text):
        raise Invalid(f"added_after is not {TIMESTAMP.expected}.", field="added_after")
    return microseconds(text)


def _in_our_time(instant: datetime) -> datetime:
    """In UTC. At the ends of the calendar a zone leads out of it."""
    if instant.year not in OUR_TIME:
        raise ValueError(f"expected a year from {OUR_TIME[0]} to {OUR_TIME[-1]}")
    return instant.astimezone(UTC)


_kinds = {kind.label: kind for kind in Contribution.Kind}
_paps = {pap.label: pap for pap in Pap}
_labels = [tlp.label for tlp in Tlp]

KindName = Annotated[
    Contribution.Kind,
    *_enumerated(lambda word: _kinds[_known(word, list(_kinds), "kind")], list(_kinds)),
]
TlpLabel = Annotated[Tlp, *_enumerated(_tlp, _labels)]
PapLabel = Annotated[
    Pap, *_enumerated(lambda word: _paps[_known(word, list(_paps), "pap")], list(_paps))
]
Instant = Annotated[
    int, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A UTC timestamp, as microseconds since 1970."""

PastInstant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]
_NAME = r"[^\x00-\x20\x7f@]"
Address = Annotated[str, StringConstraints(pattern=rf"^{_NAME}{{1,64}}@{_NAME}{{1,189}}$")]
StixId = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,80}--[0-9a-fA-F-]{36}$", max_length=160)
]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,59}$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,200}$")]
Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Flag = Annotated[bool, Field(strict=True)]
RequestKey = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]


class Strict(BaseModel):
    """Refuses what it does not name."""

    model_config = ConfigDict(extra="forbid")


class Audience(Strict):
    """Who shall read: a label, and whom it is addressed to. You always read what you share."""

    tlp: TlpLabel
    public: Flag = False
    everyone: Flag = Field(default=False, description="Every member.")
    hub: Flag = Field(default=False, description="The hub alone.")
    circles: Annotated[list[Slug], Field(max_length=MOST_ADDRESSED)] = []
    organisations: Annotated[list[Slug], Field(max_length=MOST_ADDRESSED)] = []
    people: Annotated[list[Address], Field(max_length=MOST_ADDRESSED)] = []


class Code(Strict):
    """The number that somebody else gave to the same thing."""

    scheme: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    code: Annotated[str, StringConstraints(min_length=1, max_length=200)]


PastedValue = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


class TypedObservable(Strict):
    """An observable whose kind its look does not tell, such as a mutex."""

    kind: ObservableKind
    value: PastedValue


class Wording(Strict):
    """What a contribution says and carries."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    text: Annotated[str, StringConstraints(max_length=TEXT_LENGTH)] = ""
    kind: KindName
    pap: PapLabel = Pap.CLEAR
    observables: Annotated[
        list[PastedValue | TypedObservable], Field(max_length=MOST_OBSERVABLES)
    ] = []
    codes: Annotated[list[Code], Field(max_length=50)] = []
    confidence: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None


class Revision(Wording):
    """A contribution said again, better. Its audience stays; see widen."""


class Draft(Wording):
    """A contribution to share. `vouched` lets the hub speak for it without naming you."""

    audience: Audience
    vouched: Flag = False


class Widening(Strict):
    """The audience that takes the place of a narrower one."""

    audience: Audience


class Lookup(Strict):
    """Values to look up, one observable each, defanged or not."""

    values: Annotated[list[str], Field(min_length=1, max_length=MOST_AT_ONCE)]


class SightingReport(Strict):
    """An object was seen at work."""

    object_id: StixId
    count: Annotated[int, Field(strict=True, ge=1, le=MAX_COUNT)] = 1
    first_seen_at: PastInstant
    last_seen_at: PastInstant
    named: Flag = Field(default=False, description="Whether others learn that it was you.")


class FeedbackGiven(Strict):
    """What became of an object, told to its producer."""

    object_id: StixId
    verdict: Feedback.Verdict
    note: Annotated[str, StringConstraints(max_length=NOTE_LENGTH)] = ""


class Paging(Strict):
    """Which page of a list, and whether a spreadsheet will open it."""

    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 100
    cursor: Cursor = ""
    spreadsheet: bool = Field(
        default=False, description="CSV only: disarm cells that a spreadsheet would calculate."
    )


class ContributionsAsked(Paging):
    """Which contributions. `q` is words that must all occur."""

    kind: KindName | None = None
    tlp: TlpLabel | None = None
    q: Words = ""
    own: bool = False


class SearchAsked(Paging):
    """Words that must all occur, in any order."""

    q: Annotated[Words, StringConstraints(min_length=1)]


class ObjectsAsked(Paging):
    """Which objects: those of a collection, added after an instant, of a type, all versions."""

    collection: Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,80}$")] = "everything"
    added_after: Instant | None = None
    type: TypeName | None = None
    every_version: bool = False


class ObservableAsked(Strict):
    """One observable, and how many days of its history."""

    value: PastedValue
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 30


class LookupAsked(Strict):
    """Values to look up by an address that can be passed on; nothing in it is kept."""

    q: Annotated[list[PastedValue], Field(min_length=1, max_length=100)]
    spreadsheet: bool = False


class Addressed(Strict):
    """The circle that a bundle is for, by its short name; every member without one."""

    circle: Slug | None = None
