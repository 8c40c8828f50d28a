"""Who may say what about an object.

Rule 2 of the house: a member relays what others made, but nobody versions, or speaks as, another
member of this hub. Rule 3: only its producer lets more people read a thing. What the sender cannot
see never changes the answer, so nobody can probe for an id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from minga.core import policy
from minga.features.exchange.services.incoming import Incoming
from minga.features.exchange.services.outcomes import Outcome
from minga.store import bulk
from minga.store.audiences import seats
from minga.store.audiences.models import Audience
from minga.store.objects import queries
from minga.store.objects.keeping import NOBODYS
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation

SPEAKS_AS_ANOTHER = (
    "{place}.created_by_ref: found {identity}, another member of this hub; expected your own "
    "identity {own} or one from outside."
)
IS_ANOTHERS = (
    "{place}.id: found {id}, which another producer shared with you; expected an object of "
    "your own. To add to it, send a note, an opinion or a sighting that refers to it."
)
WOULD_WIDEN = (
    "{place}: you read this object here, and sending it to this audience would let more people "
    "read it. Ask its producer to widen it."
)
REPEATED = "You can read this object here already; nothing was added."


@dataclass(frozen=True, slots=True)
class Copy:
    """A version of somebody else that the sender can read here."""

    version: int
    modified_us: int
    digest: bytes
    lineage: int
    audience: int


@dataclass(slots=True)
class Claims:
    """What was handed in, sorted by whether its sender may say it.

    `echoes` maps objects he only repeats to the version that stands already.
    """

    accepted: list[Incoming] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)
    repeated: list[Outcome] = field(default_factory=list)
    echoes: dict[str, int] = field(default_factory=dict)


def sort(incoming: Sequence[Incoming], *, by: Actor) -> Claims:
    """Decide on each object whether this sender may say it."""
    judge = _Judge(incoming, by=by)
    claims = Claims()
    for each in incoming:
        outcome = Outcome(each.document.id, each.document.version, "")
        echo = judge.echo_of(each)
        fault = judge.fault_of(each, echo)
        if fault:
            claims.refused.append(outcome.saying(fault))
        elif echo:
            claims.repeated.append(outcome.saying(REPEATED))
            claims.echoes[each.document.id] = echo.version
        else:
            claims.accepted.append(each)
    return claims


class _Judge:
    """Knows the members named by a batch and the copies of its objects that the sender reads."""

    def __init__(self, incoming: Sequence[Incoming], *, by: Actor) -> None:
        self.own = by.organisation.stix_id
        self.members = _members_named(incoming)
        self.copies = _copies(incoming, by=by)
        self.rules: dict[int, policy.Audience] = {}

    def echo_of(self, each: Incoming) -> Copy | None:
        """Somebody else's copy of just this version, byte for byte, that the sender reads."""
        if each.version.lineage == NOBODYS and each.document.id not in self.members:
            return None
        for copy in self.copies.get(each.document.id, ()):
            same = copy.modified_us == each.version.modified_us
            if same and copy.digest == each.version.digest:
                return copy
        return None

    def fault_of(self, each: Incoming, echo: Copy | None) -> str:
        """Why the sender may not say this, or nothing."""
        place = each.document.place
        if echo is not None:
            within = policy.is_within(each.rule, self._rule(echo.audience))
            return "" if within else WOULD_WIDEN.format(place=place)
        speaks_as = {each.version.created_by_ref, each.document.id} & self.members - {self.own}
        if speaks_as:
            return SPEAKS_AS_ANOTHER.format(place=place, identity=min(speaks_as), own=self.own)
        copies = self.copies.get(each.document.id, ())
        if any(copy.lineage != each.version.lineage for copy in copies):
            return IS_ANOTHERS.format(place=place, id=each.document.id)
        return ""

    def _rule(self, audience: int) -> policy.Audience:
        if audience not in self.rules:
            self.rules[audience] = seats.rule_of(Audience.objects.get(pk=audience))
        return self.rules[audience]


def _members_named(incoming: Sequence[Incoming]) -> set[str]:
    """The identities of members of this hub that a batch speaks of as author or object."""
    named = {e.version.created_by_ref for e in incoming if e.version.created_by_ref}
    named |= {e.document.id for e in incoming if e.document.type == "identity"}
    if not named:
        return set()
    return {organisation.stix_id for organisation in Organisation.objects.all()} & named


def _copies(incoming: Sequence[Incoming], *, by: Actor) -> dict[str, list[Copy]]:
    """Copies by other producers of these objects, as far as the sender's organisation reads."""
    copies: dict[str, list[Copy]] = defaultdict(list)
    shown = queries.publications(reader=by.whole_reader)
    for ids in bulk.chunks(list({each.document.id for each in incoming})):
        rows = (
            shown.filter(stix_id__in=ids)
            .exclude(version__producer=by.organisation)
            .values_list(
                "stix_id", "version_id", "modified_us", "version__digest", "lineage", "audience_id"
            )
        )
        for stix_id, version, modified_us, digest, lineage, audience in rows:
            copies[stix_id].append(Copy(version, modified_us, bytes(digest), lineage, audience))
    return copies
