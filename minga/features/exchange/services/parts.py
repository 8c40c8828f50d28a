"""A whole is never read by more than each of its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from minga.core import policy
from minga.core.stix import Document
from minga.features.exchange.services.incoming import Incoming
from minga.features.exchange.services.outcomes import Outcome
from minga.store import bulk
from minga.store.audiences import seats
from minga.store.audiences.models import Audience
from minga.store.objects import queries
from minga.store.objects.keeping import NOBODYS
from minga.store.objects.models import Publication
from minga.store.people.actors import Actor

TRAVELLERS = ("identity--", "marking-definition--", "extension-definition--")
NARROWER = (
    "{place} is for more readers than what it refers to: {parts}. Widen those, or narrow this."
)


def without_leaks(
    incoming: Sequence[Incoming], *, by: Actor
) -> tuple[list[Incoming], list[Outcome]]:
    """Those whose every part reaches all their readers, and refusals that name the other parts.

    A part is what the producer shared, or can read, here: a reference to what he cannot see is
    like one to an unknown id. Identities and markings travel with what refers to them, and an
    observable that somebody else shared is nobody's secret to one who names it by himself.
    """
    parts = {each.document.id: _parts(each.document) for each in incoming}
    rules = _rules_of_parts(incoming, parts, by=by)
    accepted, refused = [], []
    for each in incoming:
        narrower = [
            f"{part} ({', '.join(sorted({rule.tlp.label for rule in rules[part]}))})"
            for part in parts[each.document.id]
            if rules.get(part) and not any(policy.is_within(each.rule, r) for r in rules[part])
        ]
        if narrower:
            message = NARROWER.format(place=each.document.place, parts=", ".join(narrower))
            refused.append(Outcome(each.document.id, each.document.version, message))
        else:
            accepted.append(each)
    return accepted, refused


def _parts(document: Document) -> tuple[str, ...]:
    found = dict.fromkeys(target for _, target in document.references())
    return tuple(target for target in found if not target.startswith(TRAVELLERS))


def _rules_of_parts(
    incoming: Sequence[Incoming], parts: dict[str, tuple[str, ...]], *, by: Actor
) -> dict[str, list[policy.Audience]]:
    """Who may read each part: as it comes in this batch, and as it stands already."""
    rules: dict[str, list[policy.Audience]] = defaultdict(list)
    for each in incoming:
        rules[each.document.id].append(each.rule)
    inside = {each.rule for each in incoming}
    wanted = {part for own in parts.values() for part in own}
    if len(inside) == 1:
        wanted -= rules.keys()  # all in one audience: only what stands already can be narrower
    standing: dict[int, policy.Audience] = {}
    own = Q(version__producer=by.organisation)
    others = Q(audience__in=queries.audiences(reader=by.whole_reader)) & ~Q(lineage=NOBODYS)
    for ids in bulk.chunks(sorted(wanted)):
        rows = Publication.objects.filter(own | others, stix_id__in=ids)
        for stix_id, audience in rows.values_list("stix_id", "audience_id").distinct():
            if audience not in standing:
                standing[audience] = seats.rule_of(Audience.objects.get(pk=audience))
            rules[stix_id].append(standing[audience])
    return rules
