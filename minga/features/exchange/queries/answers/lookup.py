"""From pasted values to answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from minga.core.observables import Kind, Observable, parents, recognise, recognise_many
from minga.core.observables.urls import host_of
from minga.core.policy import Reader
from minga.core.problems import Invalid, TooLarge
from minga.features.exchange.queries.answers.answer import (
    Answer,
    Hit,
    Nearby,
    Relation,
    Verdict,
)
from minga.features.exchange.queries.answers.evidence import Evidence, Key, evidence_of
from minga.features.exchange.queries.given_back import NEVER_SEEN
from minga.store import world
from minga.store.objects.keeping import match_key

MOST_AT_ONCE = 10_000
UNKNOWN, UNREADABLE = Verdict.UNKNOWN, Verdict.UNREADABLE
NEARBY_UP_TO = 100
WIDEST = {4: 8, 6: 16}
"""The shortest prefix by version of IP: to stand in a wider range says nothing of an address."""


def lookup(texts: Sequence[str], *, reader: Reader) -> list[Answer]:
    """What this reader may know of each pasted value, in order.

    Takes 1 to 10,000 values, defanged or not; one that is no observable is answered as
    unreadable. What is known beside a value (see `Nearby`) comes with up to 100 values. Nothing
    is written: nobody learns what was looked up.

    Raises Invalid for no values and TooLarge for too many.
    """
    if not texts:
        raise Invalid("There is nothing to look up; send at least one value.", field="values")
    if len(texts) > MOST_AT_ONCE:
        raise TooLarge(
            f"There are {len(texts)} values; at most {MOST_AT_ONCE} at once. Send them in parts.",
            field="values",
        )
    return answers_to(texts, recognise_many(texts), reader=reader)


def answers_to(
    texts: Sequence[str], observables: Sequence[Observable | None], *, reader: Reader
) -> list[Answer]:
    """The answers about these observables, which stand for these texts."""
    keys = [match_key(each) if each else None for each in observables]
    few = len(texts) <= NEARBY_UP_TO
    beside = [_beside(each) for each in observables] if few else [()] * len(texts)
    wanted = {key for key in keys if key} | {near.key for some in beside for near in some}
    judge = _Judge(evidence_of(wanted, reader=reader), world.now_us())
    return list(map(judge.answer, texts, observables, keys, beside))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Answers from what is known at one instant."""

    evidence: dict[Key, Evidence]
    now_us: int

    def answer(
        self,
        text: str,
        observable: Observable | None,
        key: Key | None,
        beside: Sequence[_Beside],
    ) -> Answer:
        """The answer about one value."""
        if observable is None or key is None:
            return Answer(text, None, UNREADABLE)
        nearby = self._nearby(beside) if beside else ()
        found = self.evidence.get(key)
        if found is None:
            return Answer(text, observable, UNKNOWN, (), NEVER_SEEN, nearby)
        verdict = verdict_of(found.hits, at_us=self.now_us)
        return Answer(text, observable, verdict, found.hits, found.sightings, nearby)

    def _nearby(self, beside: Sequence[_Beside]) -> tuple[Nearby, ...]:
        """Those of which something is known."""
        known = [
            (near, self.evidence[near.key].hits) for near in beside if near.key in self.evidence
        ]
        return tuple(
            Nearby(near.relation, near.observable, verdict_of(hits, at_us=self.now_us), hits)
            for near, hits in known
        )


def verdict_of(hits: Sequence[Hit], *, at_us: int) -> Verdict:
    """What these hits say together at an instant.

    Indicators decide where there are any: the observable object that came along with an
    indicator does not outlive it.
    """
    deciding = [hit for hit in hits if hit.type == "indicator"] or hits
    if any(not hit.revoked and not hit.is_over_at(at_us) for hit in deciding):
        return Verdict.KNOWN
    if any(not hit.revoked for hit in deciding):
        return Verdict.EXPIRED
    return Verdict.REVOKED if deciding else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Beside:
    """An observable to look up beside another, because it would explain it."""

    relation: Relation
    observable: Observable
    key: Key


def _beside(observable: Observable | None) -> tuple[_Beside, ...]:
    """Where else to look: what is above, before or around this observable, the nearest first."""
    if observable is None:
        return ()
    return tuple(
        _Beside(relation, near, match_key(near)) for relation, near in _related(observable)
    )


def _related(observable: Observable) -> Iterator[tuple[Relation, Observable]]:
    kind, value = observable.kind, observable.value
    if kind is Kind.URL:
        yield from _host(host_of(value))
    elif kind is Kind.EMAIL:
        yield from _host(value.rpartition("@")[2])
    elif kind is Kind.DOMAIN:
        for parent in parents(value)[1:]:
            yield Relation.PARENT, Observable(Kind.DOMAIN, parent)
    elif kind in {Kind.IPV4, Kind.IPV6, Kind.CIDR}:
        for wider in _ranges_around(value):
            yield Relation.RANGE, Observable(Kind.CIDR, wider)


def _host(name: str) -> Iterator[tuple[Relation, Observable]]:
    host = recognise(name)
    if host is not None:
        yield Relation.HOST, host
        yield from _related(host)


def _ranges_around(value: str) -> Iterator[str]:
    """The ranges that hold an address or a range, the narrowest first."""
    inner = ip_network(value)
    for length in range(inner.prefixlen - 1, WIDEST[inner.version] - 1, -1):
        yield str(inner.supernet(new_prefix=length))
