"""Sharing on a page or by the API: the same STIX that a bundle would bring."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from django.db import transaction
from django.db.models import Q

from minga.core import policy
from minga.core.problems import Forbidden, Invalid
from minga.core.stix import read_envelope
from minga.features.exchange.services import drafts, parts, placing
from minga.features.exchange.services.drafts import Author, Draft
from minga.features.exchange.services.incoming import Incoming, prepare
from minga.features.exchange.services.placing import Shown
from minga.store import world
from minga.store.audiences import seats
from minga.store.journal import services as journal
from minga.store.objects import publishing, queries
from minga.store.objects.keeping import Fate, hold, keep
from minga.store.objects.models import Contribution, Publication, Version
from minga.store.objects.publishing import Placement
from minga.store.objects.words import searchable
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation


@transaction.atomic
def share(draft: Draft, *, by: Actor, door: Contribution.Door) -> Contribution:
    """Share a draft with its audience, now.

    The producer always reads what he shares. The same `request_key` again is the same
    contribution, also when the words differ. Raises Forbidden unless the actor may share, and
    Invalid, with the field, for a draft that breaks a rule.
    """
    by.require(Power.SHARE)
    draft.check()
    hold(by.organisation)
    known = _shared_before(draft, by)
    if known is not None:
        return known
    rule = draft.audience.naming(by.organisation.pk)
    _require_seats(rule, by)
    incoming = _incoming(draft, rule, by=by)
    contribution = Contribution.objects.create(
        producer=by.organisation,
        person=by.person,
        key=by.key,
        door=door,
        kind=draft.kind,
        audience=seats.intern(rule),
        attribution=draft.attribution,
        root_id=incoming[0].document.id,
        request_key=draft.request_key,
        created_at=world.now(),
        **_words(draft),
    )
    journal.record("contribution-shared", by=by, subject=str(contribution.uuid),
                   tlp=rule.tlp.label, objects=len(incoming))  # fmt: skip
    _show(contribution, incoming)
    return contribution


@transaction.atomic
def revise(uuid: str, draft: Draft, *, by: Actor) -> Contribution:
    """Say it again, better: a new version of the contribution's root, and what it now carries.

    Objects that are no longer named stay with those who have them; revoke them to end them.
    Raises NotFound when it is out of sight, Forbidden when it is another's, and Invalid as
    `share`, also when the audience differs (see `widen`) and when it was withdrawn: STIX 2.1,
    section 3.2, lets no version follow a revoked one.
    """
    by.require(Power.SHARE)
    hold(by.organisation)
    contribution = _own(uuid, by=by)
    draft.check()
    rule = seats.rule_of(contribution.audience)
    if draft.audience.naming(by.organisation.pk) != rule:
        raise Invalid(
            "A revision keeps its audience; widen the contribution first.", field="audience"
        )
    if contribution.root_id == "":
        raise Invalid("Loose objects have no words to revise; send a later version of each.")
    incoming = _incoming(draft, rule, by=by, revises=contribution)
    Contribution.objects.filter(pk=contribution.pk).update(kind=draft.kind, **_words(draft))
    journal.record("contribution-revised", by=by, subject=str(contribution.uuid))
    _show(contribution, incoming)
    contribution.refresh_from_db()
    return contribution


@transaction.atomic
def widen(uuid: str, *, by: Actor, audience: policy.Audience) -> Contribution:
    """Let more people read a contribution: to them it is newly added, to the others unchanged.

    Raises NotFound when it is out of sight, Forbidden when it is another's, and Invalid when
    somebody who reads it now would no longer.
    """
    by.require(Power.SHARE)
    hold(by.organisation)
    contribution = _own(uuid, by=by)
    before = seats.rule_of(contribution.audience)
    after = audience.naming(by.organisation.pk)
    policy.check(after)
    _require_seats(after, by)
    if not policy.is_within(before, after):
        raise Invalid(
            "Somebody who reads it now would not any more; choose an audience that holds everybody "
            "of before.",
            field="audience",
        )
    row = seats.intern(after)
    Contribution.objects.filter(pk=contribution.pk).update(audience=row, updated_at=world.now())
    journal.record("contribution-widened", by=by, subject=str(contribution.uuid),
                   before=before.tlp.label, after=after.tlp.label)  # fmt: skip
    _republish(contribution, row.pk, by=by)
    contribution.refresh_from_db()
    return contribution


def _own(uuid: str, *, by: Actor) -> Contribution:
    contribution = queries.contribution(uuid, reader=by.reader)
    if contribution.producer_id != by.organisation.pk:
        raise Forbidden("Only the organisation that shared this can change it.")
    return contribution


def _shared_before(draft: Draft, by: Actor) -> Contribution | None:
    if not draft.request_key:
        return None
    known = Contribution.objects.filter(
        producer=by.organisation, request_key=draft.request_key
    ).first()
    if known is None or (by.key is not None and known.key_id == by.key.pk):
        return known  # what a key said itself it may hear again, also above its ceiling
    return queries.contribution(str(known.uuid), reader=by.reader)


def _require_seats(rule: policy.Audience, by: Actor) -> None:
    """A circle is chosen by those who sit in it; others do not even know that it exists."""
    if not rule.circles <= by.reader.circles:
        raise Invalid("A circle is not one of yours; choose among your circles.", field="audience")


def _words(draft: Draft) -> dict[str, object]:
    return {
        "title": draft.title.strip(),
        "text": draft.text.strip(),
        "found_by": searchable(draft.title, draft.text, *(code for _, code in draft.codes)),
        "pap": draft.pap,
        "codes": [list(pair) for pair in draft.codes],
        "updated_at": world.now(),
    }


def _incoming(
    draft: Draft, rule: policy.Audience, *, by: Actor, revises: Contribution | None = None
) -> list[Incoming]:
    """The draft as documents, through the same reading that a bundle goes through."""
    hub = draft.attribution == Contribution.Attribution.HUB
    speaker = Organisation.objects.get(role=Organisation.Role.HUB) if hub else by.organisation
    author = Author(speaker.stix_id, world.now(), rule.tlp, draft.confidence)
    if revises is None:
        objects = drafts.write(draft, replace(author, root=drafts.new_root(draft.kind)))
    else:
        objects = _continued(draft, author, revises, by=by)
    reading = read_envelope(drafts.encode(objects))
    accepted, faults = prepare(reading.documents, by=by, address=lambda _: rule)
    accepted, narrower = parts.without_leaks(accepted, by=by)
    for fault in (*(refused.message for refused in reading.refused),
                  *(outcome.message for outcome in (*faults, *narrower))):  # fmt: skip
        raise Invalid(fault, field="text")
    return accepted


def _continued(
    draft: Draft, author: Author, contribution: Contribution, *, by: Actor
) -> list[drafts.Properties]:
    """The next version of a contribution's root, and those of its parts that are new."""
    own = Version.objects.filter(producer=by.organisation)
    before = own.filter(stix_id=contribution.root_id).latest("modified_us")
    if before.revoked:
        raise Invalid("It was withdrawn, for good; share it anew.", field="revoked")
    if drafts.new_root(draft.kind).partition("--")[0] != before.type:
        raise Invalid("The kind cannot change so much; share it anew.", field="kind")
    carried = own.filter(carriers__contribution=contribution)
    ended = frozenset(carried.filter(revoked=True).values_list("stix_id", flat=True))
    root, *parts = drafts.write(draft, replace(author, root=before.stix_id, ended=ended))
    root["created"] = msgspec.json.decode(bytes(before.raw))["created"]
    root["modified"] = drafts.modified_after(before.modified_us)
    standing = set(carried.values_list("stix_id", flat=True))
    return [root, *(part for part in parts if part["id"] not in standing)]


def _show(contribution: Contribution, incoming: list[Incoming]) -> None:
    kept = keep([each.version for each in incoming], producer=contribution.producer)
    placing.carry(contribution, [k.pk for k in kept])
    placing.place(
        [
            (contribution, Shown(each, k.pk, k.fate is Fate.NEW), contribution.audience_id)
            for each, k in zip(incoming, kept, strict=True)
            if k.fate is not Fate.CONFLICT
        ],
        producer=contribution.producer,
    )


def _republish(contribution: Contribution, audience: int, *, by: Actor) -> None:
    """Show what the contribution carries, and what travelled with it, to the new audience.

    In the order in which the old audience met it: row numbers would tell of what came before.
    """
    before = Publication.objects.filter(audience=contribution.audience_id, kind=contribution.kind)
    carried = Q(version__carriers__contribution=contribution, version__producer=by.organisation)
    travels = Q(type__in=["identity", "marking-definition"])
    placements = [
        Placement.of(each.version, audience=audience, kind=contribution.kind)
        for each in before.filter(carried | travels).select_related("version").order_by("added_at")
    ]
    publishing.publish(publishing.missing(placements))
