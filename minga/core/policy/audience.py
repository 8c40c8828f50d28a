"""Who may read: the one rule, pure. `store.audiences` says the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from minga.core.policy.tlp import Tlp
from minga.core.problems import Invalid

NOBODY: frozenset[int] = frozenset()
NOTHING = -1
"""Below every label: who signed no clause that lets him read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a person or a key of one organisation, or the public (`PUBLIC`).

    `circles` are those his organisation sits in. A key reads without a person, so what is
    addressed to people by name stays closed to it. `reads_up_to` is the strictest label under
    which groups may address him, by the clauses that his organisation signed; NOTHING when none
    lets it read. `ceiling` is the strictest label that he reads at all, whoever addressed it to
    him: a key may have one below its organisation's own sight.
    """

    organisation: int | None = None
    person: int | None = None
    circles: frozenset[int] = NOBODY
    is_hub: bool = False
    reads_up_to: int = Tlp.RED
    ceiling: int = Tlp.RED

    @property
    def has_ceiling(self) -> bool:
        """Whether any label lies above what he reads."""
        return self.ceiling < Tlp.RED


PUBLIC = Reader()


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read a thing: a TLP and whom it is addressed to.

    `everyone` is every member, the hub included; `hub` the hub alone; `public` anybody at all.
    The producer stands among `organisations` like any other reader: whoever creates a thing
    names him (`naming`), so that equal audiences of two producers to all members are one.
    """

    tlp: Tlp
    public: bool = False
    everyone: bool = False
    hub: bool = False
    circles: frozenset[int] = NOBODY
    organisations: frozenset[int] = NOBODY
    people: frozenset[int] = NOBODY

    def naming(self, organisation: int) -> Audience:
        """The same audience, readable by this organisation too, as its producer."""
        if self.everyone or self.public or organisation in self.organisations:
            return self
        return replace(self, organisations=self.organisations | {organisation})

    @property
    def is_addressed(self) -> bool:
        """Whether it reaches anybody at all."""
        return (
            self.public
            or self.everyone
            or self.hub
            or bool(self.circles or self.organisations or self.people)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """A yes or no with its reason in words; true when allowed."""

    allowed: bool
    reason: str = field(compare=False)

    def __bool__(self) -> bool:
        return self.allowed


def may_read(reader: Reader, audience: Audience) -> Decision:
    """Whether this reader may read what has this audience, and why.

    Addressing decides; the TLP has already limited what may be addressed (`check`). Two limits
    are repeated here because data outlives code: only TLP:CLEAR is ever public, and TLP:RED
    reaches those it names and nobody through a group (FIRST, TLP 2.0). What is addressed to a
    group reaches those of it who signed the clause that opens its label.

    The label of a thing is its audience's, for a ceiling too: bytes that say nothing take it from
    there, and bytes that its producer let further keep saying what they once said.
    """
    if audience.tlp > reader.ceiling:
        return Decision(allowed=False, reason=f"This key does not read {audience.tlp.label}.")
    if audience.public and audience.tlp == Tlp.CLEAR:
        return Decision(allowed=True, reason="It is public.")
    if reader.organisation is None:
        return Decision(allowed=False, reason="It is not public.")
    if reader.person is not None and reader.person in audience.people:
        return Decision(allowed=True, reason="It names you.")
    if reader.organisation in audience.organisations:
        return Decision(allowed=True, reason="It names your organisation.")
    if audience.hub and reader.is_hub:
        return Decision(allowed=True, reason="It is addressed to the hub, and you work there.")
    return _may_read_by_group(reader, audience)


def _may_read_by_group(reader: Reader, audience: Audience) -> Decision:
    if audience.tlp == Tlp.RED:
        return Decision(allowed=False, reason="TLP:RED reaches only those it names.")
    if audience.tlp > reader.reads_up_to:
        return Decision(
            allowed=False,
            reason=f"Your organisation has not signed the clause that opens {audience.tlp.label}.",
        )
    if audience.everyone:
        return Decision(allowed=True, reason="It is addressed to every member.")
    if reader.circles & audience.circles:
        return Decision(allowed=True, reason="It is addressed to a circle your organisation is in.")
    return Decision(allowed=False, reason="It is addressed to others.")


def check(audience: Audience) -> None:
    """Refuse an audience that its own TLP forbids.

    Raises Invalid with what to change. Source: FIRST, TLP 2.0: RED is for named recipients
    only; everything but CLEAR stays off public channels.
    """
    if not audience.is_addressed:
        raise Invalid(
            "The audience is empty; choose every member, a circle, an organisation or a person.",
            field="audience",
        )
    if audience.public and audience.tlp != Tlp.CLEAR:
        raise Invalid(
            f"{audience.tlp.label} cannot be public; expected TLP:CLEAR, or take the public out.",
            field="audience",
        )
    if audience.tlp == Tlp.RED and (audience.everyone or audience.circles or audience.public):
        raise Invalid(
            "TLP:RED reaches only organisations and people named one by one; take out every "
            "member and circles, or choose TLP:AMBER+STRICT.",
            field="audience",
        )


def strictest(labels: Iterable[Tlp | None], *, default: Tlp) -> Tlp:
    """The strictest of several labels; `default` stands for each that is missing.

    With no label at all it is the default.
    """
    return max((default if label is None else label for label in labels), default=default)


def is_within(narrow: Audience, wide: Audience) -> bool:
    """Whether everybody who may read by `narrow` may surely read by `wide` too.

    Judged on the words of both alone, without looking at who sits in a circle today, because
    that changes. So a circle is within every member, but two organisations that happen to be
    a whole circle are not within it.
    """
    if wide.public and wide.tlp == Tlp.CLEAR:
        return True
    if narrow.public and narrow.tlp == Tlp.CLEAR:
        return False
    if wide.everyone and wide.tlp != Tlp.RED:
        return True
    if narrow.everyone and narrow.tlp != Tlp.RED:
        return False
    return (
        _circles_that_count(narrow) <= _circles_that_count(wide)
        and (wide.hub or not narrow.hub)
        and narrow.organisations <= wide.organisations
        and narrow.people <= wide.people
    )


def _circles_that_count(audience: Audience) -> frozenset[int]:
    return NOBODY if audience.tlp == Tlp.RED else audience.circles


def may_widen(*, by: int, producer: int, before: Audience, after: Audience) -> Decision:
    """Whether organisation `by` may replace one audience of a thing by another, and why.

    Anybody's narrowing of his own is fine. Widening, by addressing or by a looser TLP, is the
    producer's alone (FIRST, TLP 2.0: only with the source's explicit permission).
    """
    if by == producer:
        return Decision(allowed=True, reason="It is yours.")
    if after.tlp < before.tlp:
        return Decision(
            allowed=False,
            reason=f"Only its producer may loosen {before.tlp.label} to {after.tlp.label}.",
        )
    if not is_within(after, before):
        return Decision(allowed=False, reason="Only its producer may let more people read it.")
    return Decision(allowed=True, reason="Nobody new could read it.")
