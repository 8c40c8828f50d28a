"""From documents that somebody handed in to versions that could be put away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from minga.core import policy
from minga.core.observables import Observable
from minga.core.policy import Tlp
from minga.core.stix import Document, effective_tlp
from minga.core.stix.forms import microseconds
from minga.core.stix.objects import StixObject
from minga.core.stix.objects.relationships import Sighting
from minga.features.exchange.services.mentions import mentions_of, read_pattern
from minga.features.exchange.services.outcomes import Outcome
from minga.store.objects.keeping import NOBODYS, NewVersion, SeenAtWork
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation

OWNERLESS = frozenset({"identity", "marking-definition", "extension-definition"})
NAME_LENGTH = 300


class Incoming(NamedTuple):
    """A document on its way in, with who may read it."""

    document: Document
    version: NewVersion
    rule: policy.Audience


def prepare(
    documents: Sequence[Document], *, by: Actor, address: Callable[[Tlp], policy.Audience]
) -> tuple[list[Incoming], list[Outcome]]:
    """Those that may go in, and an outcome for each of the others.

    `address` says who may read what carries a label; what carries none takes the hub's default.
    """
    definitions = {d.id: d for d in documents if d.type == "marking-definition"}
    rules: dict[Tlp, policy.Audience] = {}
    accepted, refused = [], []
    for document in documents:
        tlp = effective_tlp(document, definitions=definitions)
        tlp = settings.DEFAULT_TLP if tlp is None else tlp
        problem, mentions = (
            read_pattern(document)
            if document.type == "indicator"
            else (None, mentions_of(document))
        )
        if problem is not None:
            message = f"{document.place}.pattern: found {problem}"
            refused.append(Outcome(document.id, document.version, message))
            continue
        if tlp not in rules:
            rules[tlp] = address(tlp)
        version = _version(document, tlp=tlp, mentions=mentions, by=by)
        accepted.append(Incoming(document, version, rules[tlp]))
    return accepted, refused


def _version(
    document: Document, *, tlp: Tlp, mentions: tuple[Observable, ...], by: Actor
) -> NewVersion:
    return NewVersion(
        stix_id=document.id,
        modified_us=document.modified_us,
        version=document.version,
        type=document.type,
        raw=document.raw,
        digest=hashlib.blake2b(document.raw, digest_size=16).digest(),
        lineage=lineage_of(document, producer=by.organisation),
        tlp=tlp,
        created_by_ref=document.created_by_ref or "",
        name=(document.name or "")[:NAME_LENGTH],
        revoked=document.revoked,
        confidence=document.confidence,
        valid_from_us=document.valid_from_us,
        valid_until_us=document.valid_until_us,
        mentions=mentions,
        sighting=_sighting(document),
    )


def lineage_of(document: Document, *, producer: Organisation) -> int:
    """A number for the author of an object: versions of one author follow each other.

    The author is who created it, else who brought it. Observables, markings and identities that
    name no creator belong to nobody: many bring the same one.
    """
    author = document.created_by_ref
    if not author:
        if not document.modified_us or document.type in OWNERLESS:
            return NOBODYS
        author = producer.stix_id
    return author_number(author)


@lru_cache(maxsize=1_000)
def author_number(author: str) -> int:
    """The lineage of what this identity created."""
    return int.from_bytes(hashlib.blake2b(author.encode(), digest_size=8).digest(), signed=True)


def _sighting(document: Document) -> SeenAtWork | None:
    """What a sighting says. One of zero events, or taken back, is kept and counts for nothing."""
    seen = document.object
    if not isinstance(seen, Sighting) or seen.count == 0 or document.revoked:
        return None
    first = _us(seen, "first_seen") or document.created_us
    last = _us(seen, "last_seen") or first
    return SeenAtWork(seen.sighting_of_ref, seen.count or 1, first, max(first, last))


def _us(thing: StixObject, name: str) -> int:
    text = getattr(thing, name, None)
    return microseconds(text) if isinstance(text, str) else 0
