"""Reading the text of an agreement: a TOML file that lawyers change, no code of ours.

A clause has a number, its words in every language, and its effects. A clause that is optional may
be left unsigned; all others are signed together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from minga.core.policy import OF_CLAUSES, Power, Tlp
from minga.core.problems import Invalid, Malformed

LANGUAGES = ("es", "en")
LONGEST_TEXT = 20_000
DAYS_AT_MOST = 3_650


class Exit(StrEnum):
    """What becomes of an organisation's contributions when it leaves."""

    STAY = "stay"
    ANONYMISE = "anonymise"
    WITHDRAW = "withdraw"


class Attribution(StrEnum):
    """Whether who contributed may be named outside (FIRST, Information Exchange Policy 2.0)."""

    MAY = "may"
    MUST = "must"
    MUST_NOT = "must-not"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in every language, in Markdown of paragraphs, lists and bold."""

    es: str
    en: str

    def in_(self, language: str) -> str:
        """These words in a language; in Spanish, the language that is signed, for any other."""
        return self.en if language == "en" else self.es


class Effects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a clause decides; what it leaves open is None or empty.

    `reads_up_to` is the strictest TLP that groups may address the signatory under. Days are
    calendar days.
    """

    powers: tuple[Power, ...] = ()
    reads_up_to: str | None = None
    default_tlp: str | None = None
    onward_to_clients: bool | None = None
    allowed_uses: tuple[str, ...] | None = None
    attribution: Attribution | None = None
    notice_days: int | None = None
    objection_days: int | None = None
    retention_after_exit_days: int | None = None
    contributions_after_exit: Exit | None = None

    @property
    def ceiling(self) -> Tlp | None:
        """`reads_up_to` as a label."""
        return None if self.reads_up_to is None else Tlp.read(self.reads_up_to)


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One numbered clause."""

    number: int
    title: Text
    text: Text
    optional: bool = False
    effects: Effects = Effects()


class Annex(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed along with the clauses and decides nothing by itself."""

    title: Text
    text: Text


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of an agreement. `notice` is a banner, such as that it is only a model."""

    slug: str
    version: int
    title: Text
    preamble: Text
    clauses: tuple[Clause, ...]
    annexes: tuple[Annex, ...] = ()
    notice: Text | None = None

    def clause(self, number: int) -> Clause | None:
        """The clause of this number, if there is one."""
        return next((clause for clause in self.clauses if clause.number == number), None)

    @property
    def common(self) -> frozenset[int]:
        """The clauses that every signatory signs."""
        return frozenset(clause.number for clause in self.clauses if not clause.optional)

    def check_signed(self, numbers: frozenset[int]) -> None:
        """Raise Invalid unless these are the common clauses and perhaps optional ones."""
        unknown = sorted(n for n in numbers if self.clause(n) is None)
        if unknown:
            raise Invalid(
                f"There is no clause {unknown[0]}; expected 1 to {len(self.clauses)}.",
                field="clauses",
            )
        missing = sorted(self.common - numbers)
        if missing:
            raise Invalid(
                f"Clause {_listed(missing)} is not among those signed; only "
                f"{_listed(sorted({c.number for c in self.clauses} - self.common)) or 'none'} "
                "may be left out.",
                field="clauses",
            )


# Effects that add up over clauses; each other one is decided by one clause alone.
_ADDING_UP = {"powers", "reads_up_to"}


def read(source: str) -> Agreement:
    """The agreement that this TOML text says.

    Raises Malformed for what is no TOML, Invalid for what is no agreement: a missing language, an
    unknown effect, clauses not numbered 1, 2, 3…, two clauses that decide the same.
    """
    try:
        agreement = msgspec.toml.decode(source, type=Agreement)
    except msgspec.ValidationError as error:
        raise Invalid(f"The agreement cannot be read: {error}.", field="agreement") from error
    except ValueError as error:
        raise Malformed(f"The agreement is no TOML: {error}.", field="agreement") from error
    for fault in _faults(agreement):
        raise Invalid(fault, field="agreement")
    return agreement


def _faults(agreement: Agreement) -> Iterator[str]:
    numbers = [clause.number for clause in agreement.clauses]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield f"Clauses are numbered {_listed(numbers) or 'nowhere'}; expected 1, 2, 3 and so on."
    if agreement.version < 1:
        yield f"The version is {agreement.version}; expected 1 or more."
    for place, text in _texts(agreement):
        for language in LANGUAGES:
            length = len(text.in_(language).strip())
            if not 1 <= length <= LONGEST_TEXT:
                yield f"{place}.{language} has {length} characters; expected 1 to {LONGEST_TEXT}."
    for clause in agreement.clauses:
        yield from _faults_of(clause)
    yield from _contradictions(agreement)


def _texts(agreement: Agreement) -> Iterator[tuple[str, Text]]:
    yield "title", agreement.title
    yield "preamble", agreement.preamble
    for clause in agreement.clauses:
        yield f"clauses[{clause.number}].title", clause.title
        yield f"clauses[{clause.number}].text", clause.text
    for position, annex in enumerate(agreement.annexes, start=1):
        yield f"annexes[{position}].title", annex.title
        yield f"annexes[{position}].text", annex.text


def _faults_of(clause: Clause) -> Iterator[str]:
    for power in sorted(set(clause.effects.powers) - OF_CLAUSES):
        yield f"Clause {clause.number}: the power {power.value!r} comes with a role, not a clause."
    for name in ("reads_up_to", "default_tlp"):
        label = getattr(clause.effects, name)
        try:
            Tlp.read(label or "TLP:CLEAR")
        except Invalid as problem:
            yield f"Clause {clause.number}, {name}: {problem.message}"
    for name in ("notice_days", "objection_days", "retention_after_exit_days"):
        days = getattr(clause.effects, name)
        if days is not None and not 0 <= days <= DAYS_AT_MOST:
            yield f"Clause {clause.number}, {name}: {days} days; expected 0 to {DAYS_AT_MOST}."


def _contradictions(agreement: Agreement) -> Iterator[str]:
    """Two clauses that decide the same effect leave nobody sure which of them holds."""
    deciding: dict[str, list[int]] = defaultdict(list)
    for clause in agreement.clauses:
        for name in Effects.__struct_fields__:
            if name not in _ADDING_UP and getattr(clause.effects, name) is not None:
                deciding[name].append(clause.number)
    for name, numbers in deciding.items():
        if len(numbers) > 1:
            yield f"Clauses {_listed(numbers)} both decide {name}; expected one clause to."


def _listed(numbers: list[int]) -> str:
    *before, last = [str(number) for number in numbers] or [""]
    return f"{', '.join(before)} and {last}" if before else last
