"""What is shared, and what comes back: one scene for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from minga.core.policy import Audience, Pap, Tlp
from minga.faces.cli.community.calendar import Calendar, span
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.finding import found_in, read_observable
from minga.faces.cli.community.scenes import Play, Scene
from minga.faces.cli.community.script import Revised, Revoked, Said, Seen, Told, Widened
from minga.faces.cli.community.words import fill, unwrapped
from minga.features.exchange import queries, services
from minga.features.exchange.services import Draft
from minga.store import world
from minga.store.objects.models import Contribution, Feedback
from minga.store.people.actors import Actor

ROOT = ("", "")
ANSWERED = ("indicator", "vulnerability", "attack-pattern")


@dataclass(frozen=True, slots=True)
class _Shared:
    """A contribution once it is shared, with the draft it came from.

    `objects` are the ids of what it carries, by the observables they speak of.
    """

    contribution: Contribution
    draft: Draft
    objects: dict[tuple[str, str], str] = field(default_factory=dict)

    def learn(self, *, by: Actor) -> None:
        """Look up the objects that are not known yet."""
        rows = (
            queries.objects_in(self.contribution, reader=by.reader)
            .filter(type__in=ANSWERED)
            .values_list("mentions__observable__kind", "mentions__observable__value", "stix_id")
        )
        self.objects.setdefault(ROOT, self.contribution.root_id)
        for kind, value, stix_id in rows:
            self.objects.setdefault((kind, value), stix_id)


class Teller:
    """Shares what the script says, and lets others answer it."""

    def __init__(self, company: Company, calendar: Calendar) -> None:
        self._company = company
        self._calendar = calendar
        self._shared: dict[str, _Shared] = {}

    def scenes(self, told: Told) -> Iterator[Scene]:
        """The sharing of a contribution and all that follows from it."""
        at = self._calendar.instant(told.when)
        yield Scene(at, told.name, lambda: self._share(told, at))
        follow_ups: tuple[tuple[str, Play], ...] = (
            *((seen.after, self._seen(told, seen)) for seen in told.seen),
            *((said.after, self._said(told, said)) for said in told.said),
            *((revised.after, self._revised(told, revised, at)) for revised in told.revised),
            *((widened.after, self._widened(told, widened)) for widened in told.widened),
            *((revoked.after, self._revoked(told, revoked)) for revoked in told.revoked),
        )
        for number, (after, play) in enumerate(follow_ups):
            yield Scene(at + span(after), f"{told.name} {number}", play)

    def _share(self, told: Told, at: datetime) -> None:
        draft = Draft(
            title=fill(told.title, at=at),
            text=fill(unwrapped(told.text), at=at),
            kind=Contribution.Kind[told.kind.upper()],
            audience=self._audience(told.tlp, told.to),
            pap=Pap[told.pap],
            attribution=Contribution.Attribution(told.attribution),
            observables=found_in(told, at, own=self._company.domains),
            codes=tuple(_code(text, at) for text in told.codes),
            confidence=told.confidence,
        )
        by = self._author(told)
        made = services.share(draft, by=by, door=Contribution.Door(told.door))
        self._shared[told.name] = _Shared(made, draft)

    def _author(self, told: Told) -> Actor:
        if told.door == "api":
            return self._company.machine(self._company.home_of[told.by])
        return self._company.actor(told.by)

    def _audience(self, tlp: str, to: tuple[str, ...]) -> Audience:
        named: dict[str, set[int]] = {"circle": set(), "org": set(), "person": set()}
        for each in to:
            which, _, name = each.partition(":")
            if which == "circle":
                named[which].add(self._company.circles[name].pk)
            elif which == "org":
                named[which].add(self._company.organisations[name].pk)
            elif which == "person":
                named[which].add(self._company.people[name].pk)
        return Audience(
            Tlp.read(tlp),
            public="public" in to,
            everyone="everyone" in to,
            hub="hub" in to,
            circles=frozenset(named["circle"]),
            organisations=frozenset(named["org"]),
            people=frozenset(named["person"]),
        )

    def _seen(self, told: Told, seen: Seen) -> Play:
        def play() -> None:
            now = world.now() - timedelta(minutes=3)
            by = self._company.actor(seen.by)
            services.report_sighting(
                self._object(told.name, seen.of, by=by),
                by=by,
                count=seen.count,
                first_seen_at=now - span(seen.over),
                last_seen_at=now,
                is_named=seen.named,
            )

        return play

    def _said(self, told: Told, said: Said) -> Play:
        def play() -> None:
            by = self._company.actor(said.by)
            services.give_feedback(
                self._object(told.name, said.of, by=by),
                by=by,
                verdict=Feedback.Verdict(said.verdict),
                note=said.note,
            )

        return play

    def _revised(self, told: Told, revised: Revised, at: datetime) -> Play:
        def play() -> None:
            shared = self._shared[told.name]
            again = msgspec.structs.replace(told, text=revised.text)
            draft = replace(
                shared.draft,
                title=fill(revised.title, at=at) or shared.draft.title,
                text=fill(unwrapped(revised.text), at=at),
                observables=found_in(again, at, own=self._company.domains),
                confidence=revised.confidence or shared.draft.confidence,
            )
            by = self._company.actor(told.by)
            shared.learn(by=by)  # who answers later speaks of the same objects as before
            services.revise(str(shared.contribution.uuid), draft, by=by)
            self._shared[told.name] = replace(shared, draft=draft)

        return play

    def _widened(self, told: Told, widened: Widened) -> Play:
        def play() -> None:
            shared = self._shared[told.name]
            audience = self._audience(widened.tlp, widened.to)
            by = self._company.actor(told.by)
            services.widen(str(shared.contribution.uuid), by=by, audience=audience)
            self._shared[told.name] = replace(
                shared, draft=replace(shared.draft, audience=audience)
            )

        return play

    def _revoked(self, told: Told, revoked: Revoked) -> Play:
        def play() -> None:
            by = self._company.actor(told.by)
            services.revoke(self._object(told.name, revoked.of, by=by), by=by)

        return play

    def _object(self, name: str, of: str, *, by: Actor) -> str:
        """The id of what speaks of an observable in a contribution; of its root for none."""
        shared = self._shared[name]
        sought = read_observable(fill(of, at=world.now())) if of else None
        key = (sought.kind.value, sought.key) if sought else ROOT
        if key not in shared.objects:
            shared.learn(by=by)
        return shared.objects[key]


def _code(text: str, at: datetime) -> tuple[str, str]:
    scheme, _, code = text.partition(":")
    return scheme, fill(code, at=at)
