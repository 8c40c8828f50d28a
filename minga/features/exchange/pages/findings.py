"""What a pasted text holds, offered for sharing: ticked, or left out with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from minga.core.observables import Kind, Observable, extract
from minga.core.observables.urls import host_of
from minga.features.exchange.queries.answers import Answer, Verdict
from minga.features.exchange.queries.answers.lookup import answers_to
from minga.store.people.actors import Actor

MOST = 2_000
# Inside somebody's own walls an address means another machine in each network (RFC 1918, 3927,
# 4193, 4291, 6598). Documentation ranges are left: exercises and examples are made of them.
INSIDE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """An observable of the text: whether it goes along, and what is known of it."""

    observable: Observable
    is_ticked: bool
    note: str | Promise
    tone: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.observable)


@dataclass(frozen=True, slots=True)
class Findings:
    """All of a text's. `of_text` tells whether a text is still the one they were found in."""

    rows: tuple[Finding, ...]
    of_text: str
    more: int = 0

    @property
    def ticked(self) -> tuple[Observable, ...]:
        """What goes along."""
        return tuple(row.observable for row in self.rows if row.is_ticked)


def find(
    text: str, *, by: Actor, typed: QueryDict | None = None, standing: Iterable[Observable] = ()
) -> Findings:
    """What the text holds, with what the actor already ticked or left out in `typed`.

    Only what stands in the text, or in `standing` (what a contribution carries already), can be
    ticked: a form cannot bring in anything else. At most 2,000 are offered; `more` counts the
    rest, which a bundle can carry.
    """
    kept = dict.fromkeys(standing)
    every = dict.fromkeys([*kept, *(find.observable for find in extract(text))])
    offered = list(every)[:MOST]
    answers = answers_to([o.value for o in offered], offered, reader=by.reader) if offered else []
    seen_before = set(typed.getlist("offered")) if typed else set()
    ticked_before = set(typed.getlist("include")) if typed else set()
    rows = []
    for observable, answer in zip(offered, answers, strict=True):
        noise = _noise(observable, by)
        is_ticked = observable in kept or noise is None
        if str(observable) in seen_before:
            is_ticked = str(observable) in ticked_before
        note, tone = (noise, "todo") if noise else _known(answer)
        rows.append(Finding(observable, is_ticked, note, tone))
    return Findings(tuple(rows), fingerprint(text), more=len(every) - len(offered))


def fingerprint(text: str) -> str:
    """A short mark of a text, to tell whether it was changed; browsers send lines their own way."""
    return hashlib.blake2b("\n".join(text.split()).encode(), digest_size=12).hexdigest()


def _noise(observable: Observable, by: Actor) -> Promise | None:
    """Why this observable is left out unless somebody ticks it, or None."""
    if _is_inside(observable):
        return _("Internal address")
    mail = by.person.email.rpartition("@")[2] if by.person else ""
    if mail and f".{_host(observable)}".endswith(f".{mail}"):
        return _("It is your own domain")
    return None


def _is_inside(observable: Observable) -> bool:
    if observable.kind not in {Kind.IPV4, Kind.IPV6, Kind.CIDR}:
        return False
    found = ip_network(observable.value)
    return any(found.version == net.version and found.subnet_of(net) for net in INSIDE)  # type: ignore[arg-type] # the versions are the same


def _host(observable: Observable) -> str:
    if observable.kind is Kind.URL:
        return host_of(observable.value)
    if observable.kind is Kind.EMAIL:
        return observable.value.rpartition("@")[2]
    return observable.value if observable.kind is Kind.DOMAIN else ""


def _known(answer: Answer) -> tuple[str | Promise, str]:
    """What the exchange says of it, and in which tone."""
    if answer.verdict is Verdict.KNOWN and answer.sightings.organisations:
        count = answer.sightings.organisations
        words = ngettext(
            "Already here: seen by %(count)d organisation",
            "Already here: seen by %(count)d organisations",
            count,
        )
        return words % {"count": count}, "doing"
    return {
        Verdict.KNOWN: (_("Already here"), "doing"),
        Verdict.EXPIRED: (_("Was here and expired"), "off"),
        Verdict.REVOKED: (_("Was here and was withdrawn"), "todo"),
    }.get(answer.verdict, (_("New"), "off"))
