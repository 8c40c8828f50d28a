"""The many who answer: sightings and verdicts besides those that the script tells one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from minga.core.observables import Kind, Observable
from minga.faces.cli.community import script
from minga.faces.cli.community.calendar import Calendar
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.finding import found_in, written
from minga.faces.cli.community.script import Said, Seen, Told, Verdict
from minga.faces.cli.community.seeded import chance

MAY_ANSWER = {"counterpart", "analyst", "manager"}
NOT_SEEN_AT_WORK = {Kind.CVE, Kind.TECHNIQUE, Kind.ASN, Kind.CIDR}
HOW_MANY_SAW = (0, 0, 0, 1, 1, 2)
HOW_MANY_SAID = (0, 0, 1, 1, 2)
NAMED = 0.35
HELPED = 0.45
NOTED = 0.6
USUAL_DELAY_MINUTES = 300


@dataclass(frozen=True, slots=True)
class _Notes:
    """What may be said with each verdict, about traffic and about a vulnerability."""

    mitigated: list[str]
    not_affected: list[str]

    def of(self, verdict: str) -> list[str]:
        return self.mitigated if verdict == "mitigated" else self.not_affected


class Crowd:
    """Adds answers to contributions, by chance and within what each organisation may see."""

    def __init__(self, company: Company, calendar: Calendar, *, seed: int) -> None:
        self._company = company
        self._calendar = calendar
        self._seed = seed
        shuffled = chance(seed, "notes")
        notes = script.notes()
        for bag in notes.values():
            shuffled.shuffle(bag)
        self._on_traffic = _Notes(notes["blocked"], notes["unseen"])
        self._on_products = _Notes(notes["patched"], notes["unused"])

    def answering(self, told: Told) -> Told:
        """The same contribution with more answers; as it is, when the script wants it quiet."""
        if told.quiet:
            return told
        source = chance(self._seed, f"crowd {told.name}")
        at = self._calendar.instant(told.when)
        answering = self._who_may_answer(told, at)
        source.shuffle(answering)
        found = found_in(told, at, own=self._company.domains)
        seen = tuple(_sightings(told, found, answering, source))
        said = tuple(self._verdicts(told, found, answering[len(seen) :], source))
        return msgspec.structs.replace(told, seen=told.seen + seen, said=told.said + said)

    def _who_may_answer(self, told: Told, at: datetime) -> list[str]:
        """One person of each other organisation that reads it and stays to the end.

        Who has not signed every clause says nothing: he may not read it.
        """
        own = self._company.home_of[told.by]
        spoke = {self._company.home_of[key] for key in _who_spoke(told)}
        readers = {slug for to in told.to for slug in self._reached(to, at)} - {own} - spoke
        staying = sorted(
            slug
            for slug in readers
            if self._company.belongs(slug, at)
            and self._company.belongs(slug, self._calendar.until)
            and self._company.parts[slug].clauses is None
        )
        return [self._spokesperson(slug) for slug in staying]

    def _reached(self, to: str, at: datetime) -> set[str]:
        which, _, name = to.partition(":")
        if which == "circle":
            return self._company.seated(name, at)
        if which == "org":
            return {name}
        return set(self._company.parts) if which in {"everyone", "public"} else set()

    def _spokesperson(self, slug: str) -> str:
        """Who answers for an organisation: an analyst when it has one."""
        people = self._company.parts[slug].people
        able = [p for p in people if p.role in MAY_ANSWER and not p.closed]
        return min(able, key=lambda person: person.role).key

    def _verdicts(
        self,
        told: Told,
        found: tuple[Observable, ...],
        people: list[str],
        source: random.Random,
    ) -> Iterator[Said]:
        if told.kind not in {"alert", "threat", "indicators"} or not found:
            return
        is_product = any(observable.kind is Kind.CVE for observable in found)
        notes = self._on_products if is_product else self._on_traffic
        for person in people[: source.choice(HOW_MANY_SAID)]:
            verdict: Verdict = "mitigated" if source.random() < HELPED else "not-affected"
            bag = notes.of(verdict)
            note = bag.pop() if bag and source.random() < NOTED else ""
            yield Said(after=_delay(source), by=person, verdict=verdict, note=note)


def _who_spoke(told: Told) -> set[str]:
    return {seen.by for seen in told.seen} | {said.by for said in told.said}


def _sightings(
    told: Told, found: tuple[Observable, ...], people: list[str], source: random.Random
) -> Iterator[Seen]:
    over = {each.of for each in told.revoked}
    visible = [
        observable
        for observable in found
        if observable.kind not in NOT_SEEN_AT_WORK and observable.value not in over
    ]
    if not visible:
        return
    for person in people[: source.choice(HOW_MANY_SAW)]:
        yield Seen(
            after=_delay(source),
            by=person,
            of=written(source.choice(visible)),
            count=max(1, int(source.lognormvariate(1.2, 1.1))),
            over=f"{source.randint(1, 600)}m",
            named=source.random() < NAMED,
        )


def _delay(source: random.Random) -> str:
    minutes = source.lognormvariate(0, 1) * USUAL_DELAY_MINUTES
    return f"{max(12, int(minutes))}m"
