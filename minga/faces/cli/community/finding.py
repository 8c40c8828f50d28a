"""What a contribution carries: found in its words, as the page for sharing finds it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from urllib.parse import urlsplit

from minga.core import observables
from minga.core.observables import Kind, Observable
from minga.faces.cli.community.script import Told
from minga.faces.cli.community.words import fill

SUBJECT = "subject:"


def found_in(told: Told, at: datetime, *, own: AbstractSet[str]) -> tuple[Observable, ...]:
    """What its author ticked of what was found in his text, and what he added by hand.

    What belongs to a domain of `own` is nobody's indicator.
    """
    if told.indicators is not None:
        return _named(told.indicators, at)
    without = set(_named(told.without, at))
    found = (find.observable for find in observables.extract(fill(told.text, at=at)))
    ticked = [each for each in found if each not in without and not _is_of(each, own)]
    return tuple(dict.fromkeys([*ticked, *_named(told.also, at)]))


def read_observable(text: str) -> Observable:
    """An observable as the script writes it; `subject:` tells the subject of a mail.

    Raises ValueError when it is none.
    """
    if text.startswith(SUBJECT):
        kind = Kind.EMAIL_SUBJECT
        return Observable(kind, observables.canonical(kind, text.removeprefix(SUBJECT)))
    found = observables.recognise(text)
    if found is None:
        raise ValueError(f"{text!r} is no observable.")
    return found


def written(observable: Observable) -> str:
    """An observable as the script writes it."""
    prefix = SUBJECT if observable.kind is Kind.EMAIL_SUBJECT else ""
    return prefix + observable.value


def host_of(observable: Observable) -> str:
    """The host that an observable speaks of; empty when it speaks of none."""
    if observable.kind is Kind.URL:
        return urlsplit(observable.value).hostname or ""
    if observable.kind in {Kind.DOMAIN, Kind.EMAIL}:
        return observable.value.rpartition("@")[2]
    return ""


def _is_of(observable: Observable, domains: AbstractSet[str]) -> bool:
    host = host_of(observable)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _named(texts: tuple[str, ...], at: datetime) -> tuple[Observable, ...]:
    return tuple(read_observable(fill(text, at=at)) for text in texts)
