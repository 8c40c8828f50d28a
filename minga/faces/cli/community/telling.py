"""What is shared, and what comes back: one scene for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from minga.core import observables
from minga.core.observables import Observable
from minga.core.policy import Audience, Pap, Tlp
from minga.faces.cli.community.calendar import Calendar, span
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.scenes import Play, Scene
from minga.faces.cli.community.script import (
    Revised,
    Revoked,
    Said,
    Seen,
    Told,
    Widened,
)
from minga.faces.cli.community.words import fill, unwrapped
from minga.features.exchange import queries, services
from minga.features.exchange.services import Draft
from minga.store import world
from minga.store.objects.models import Contribution, Feedback
from minga.store.people.actors import Actor

SUBJECT = "subject:"
COMMAND = "command:"


@dataclass(frozen=True, slots=True)
class _Shared:
    """A contribution once it is shared, with the draft it came from."""

    uuid: str
    draft: Draft


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

    def observables_of(self, told: Told, at: datetime) -> tuple[Observable, ...]:
        """What the contribution carries: what its author ticked of what was found in his text."""
        if told.indicators is not None:
            return _named(told.indicators, at)
        own = {Observable(observables.Kind.DOMAIN, part.domain)
               for part in self._company.parts.values()}  # fmt: skip
        without = {*_named(told.without, at), *own}
        found = (find.observable for find in observables.extract(fill(told.text, at=at)))
        ticked = [observable for observable in found if observable not in without]
        return tuple(dict.fromkeys([*ticked, *_named(told.also, at)]))

    def _share(self, told: Told, at: datetime) -> None:
        draft = Draft(
            title=fill(told.title, at=at),
            text=unwrapped(fill(told.text, at=at)),
            kind=Contribution.Kind[told.kind.upper()],
            audience=self._audience(told.tlp, told.to),
            pap=Pap[told.pap],
            attribution=Contribution.Attribution(told.attribution),
            observables=self.observables_of(told, at),
            codes=tuple(_code(text, at) for text in told.codes),
            confidence=told.confidence,
        )
        by = self._author(told)
        made = services.share(draft, by=by, door=Contribution.Door(told.door))
        self._shared[told.name] = _Shared(str(made.uuid), draft)

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
                text=unwrapped(fill(revised.text, at=at)),
                observables=self.observables_of(again, at),
            )
            services.revise(shared.uuid, draft, by=self._company.actor(revised.by or told.by))
            self._shared[told.name] = replace(shared, draft=draft)

        return play

    def _widened(self, told: Told, widened: Widened) -> Play:
        def play() -> None:
            shared = self._shared[told.name]
            audience = self._audience(widened.tlp, widened.to)
            by = self._company.actor(widened.by or told.by)
            services.widen(shared.uuid, by=by, audience=audience)
            self._shared[told.name] = replace(
                shared, draft=replace(shared.draft, audience=audience)
            )

        return play

    def _revoked(self, told: Told, revoked: Revoked) -> Play:
        def play() -> None:
            by = self._company.actor(revoked.by or told.by)
            services.revoke(self._object(told.name, revoked.of, by=by), by=by)

        return play

    def _object(self, name: str, of: str, *, by: Actor) -> str:
        """The id of what speaks of an observable in a contribution; of its root for none."""
        contribution = queries.contribution(self._shared[name].uuid, reader=by.reader)
        if not of:
            return contribution.root_id
        sought = read_observable(fill(of, at=world.now()))
        found = queries.objects_in(contribution, reader=by.reader).filter(
            type__in=["indicator", "vulnerability", "attack-pattern"],
            mentions__observable__kind=sought.kind.value,
            mentions__observable__value=sought.key,
        )
        stix_id: str = found.values_list("stix_id", flat=True)[0]
        return stix_id


def read_observable(text: str) -> Observable:
    """An observable as the script writes it; `subject:` and `command:` tell what no form shows.

    Raises ValueError when it is none.
    """
    kinds = {SUBJECT: observables.Kind.EMAIL_SUBJECT, COMMAND: observables.Kind.COMMAND_LINE}
    for prefix, kind in kinds.items():
        if text.startswith(prefix):
            return Observable(kind, observables.canonical(kind, text.removeprefix(prefix)))
    found = observables.recognise(text)
    if found is None:
        raise ValueError(f"{text!r} is no observable.")
    return found


def _named(texts: tuple[str, ...], at: datetime) -> tuple[Observable, ...]:
    return tuple(read_observable(fill(text, at=at)) for text in texts)


def _code(text: str, at: datetime) -> tuple[str, str]:
    scheme, _, code = text.partition(":")
    return scheme, fill(code, at=at)
