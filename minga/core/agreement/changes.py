"""What one version of an agreement changes of another: clause by clause, in words and effects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from minga.core.agreement.prose import without_marks
from minga.core.agreement.text import Agreement, Clause, Effects


class Mark(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    GONE = "del"
    NEW = "ins"


@dataclass(frozen=True, slots=True)
class EffectChange:
    """An effect that a clause decides otherwise; None on a side is that it left it open there."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that is not as it was: changed, new (`before` is None) or gone (`after` is)."""

    number: int
    before: Clause | None
    after: Clause | None

    @property
    def clause(self) -> Clause:
        """The clause as it stands now, or as it stood."""
        clause = self.after or self.before
        if clause is None:
            raise ValueError(f"Change {self.number} is of no clause.")
        return clause

    @property
    def effects(self) -> list[EffectChange]:
        """The effects that it decides otherwise, and whether it may be left unsigned."""
        sides = [(each, "optional") for each in (self.before, self.after)]
        was, is_ = (getattr(clause, name) if clause else None for clause, name in sides)
        optional = [EffectChange("optional", was, is_)] if was != is_ and self.is_in_both else []
        return optional + [
            EffectChange(name, before, after)
            for name in Effects.__struct_fields__
            if (before := _effect(self.before, name)) != (after := _effect(self.after, name))
        ]

    @property
    def is_in_both(self) -> bool:
        """Whether the clause was there before and still is."""
        return self.before is not None and self.after is not None

    def words(self, language: str) -> list[tuple[Mark, str]]:
        """Its paragraphs in a language, the title first, each with what became of it."""
        before, after = (_paragraphs(each, language) for each in (self.before, self.after))
        told: list[tuple[Mark, str]] = []
        for tag, i1, i2, j1, j2 in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            if tag == "equal":
                told += [(Mark.SAME, each) for each in before[i1:i2]]
            else:
                told += [(Mark.GONE, each) for each in before[i1:i2]]
                told += [(Mark.NEW, each) for each in after[j1:j2]]
        return told


def changes(before: Agreement, after: Agreement) -> list[Change]:
    """The clauses that are not as they were, by their numbers."""
    return list(_changes(before, after))


def _changes(before: Agreement, after: Agreement) -> Iterator[Change]:
    numbers = {clause.number for version in (before, after) for clause in version.clauses}
    for number in sorted(numbers):
        was, is_ = before.clause(number), after.clause(number)
        if was != is_:
            yield Change(number, was, is_)


def _effect(clause: Clause | None, name: str) -> object:
    value = getattr(clause.effects, name) if clause else None
    return None if value == () else value


def _paragraphs(clause: Clause | None, language: str) -> list[str]:
    if clause is None:
        return []
    text = without_marks(clause.text.in_(language))
    lines = (line.strip().removeprefix("- ") for line in text.splitlines())
    return [without_marks(clause.title.in_(language)), *(line for line in lines if line)]
