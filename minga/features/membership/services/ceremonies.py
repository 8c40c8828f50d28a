"""Ceremonies: convened by the hub, opened, signed in one by one, and closed with an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from minga.core.problems import Conflict, Invalid, NotFound
from minga.features.membership import jobs, queries
from minga.features.membership.models import AgreementVersion, Ceremony, Signatory
from minga.features.membership.services.documents import keep_document
from minga.features.membership.services.names import read_name
from minga.store import locks, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

State = Ceremony.State
LONGEST_NAME, LONGEST_WORDS, LONGEST_LINK = 120, 200, 300
MOST_SIGNATORIES = 1_000


@dataclass(frozen=True, slots=True)
class NewCeremony:
    """What is known of a ceremony when it is convened.

    `convened_by` names who convenes for the hub and in what capacity. `link` is an https address
    where the signatories see each other; it may be empty.
    """

    title: str
    held_at: datetime
    convened_by: str = ""
    link: str = ""


@transaction.atomic
def convene(draft: NewCeremony, *, by: Actor) -> Ceremony:
    """Plan a ceremony for the version in force; the hub is its first signatory.

    Raises Forbidden unless `by` administers the hub, Invalid for words or a link that cannot be,
    NotFound while no version is in force.
    """
    by.require(Power.ADMINISTER_HUB)
    version, _ = queries.agreement_in_force(reader=by.reader)
    ceremony = Ceremony.objects.create(
        title=read_name(draft.title, field="title"),
        agreement=version,
        convener=by.organisation,
        convened_by=_words(draft.convened_by, field="convened_by", longest=LONGEST_WORDS),
        held_at=draft.held_at,
        link=_read_link(draft.link),
    )
    Signatory.objects.create(ceremony=ceremony, organisation=by.organisation)
    journal.record("ceremony-convened", by=by, subject=str(ceremony.uuid), title=ceremony.title)
    return ceremony


@transaction.atomic
def invite_to_ceremony(
    ceremony: UUID, organisation: Organisation, *, by: Actor, signer: str = "", capacity: str = ""
) -> Signatory:
    """Call an organisation to sign in a ceremony, or say anew who is to sign for it.

    `signer` and `capacity` are what the organisation declared: who signs, by what power. Raises
    Forbidden unless `by` administers the hub, NotFound, Conflict once the ceremony is closed,
    Invalid beyond 1000 signatories.
    """
    by.require(Power.ADMINISTER_HUB)
    found = _held(ceremony)
    if found.state == State.CLOSED:
        raise Conflict("The ceremony is closed; convene another.")
    if found.signatories.count() >= MOST_SIGNATORIES:
        raise Invalid(f"A ceremony has {MOST_SIGNATORIES} signatories at most; convene another.")
    invited, _ = Signatory.objects.update_or_create(
        ceremony=found,
        organisation=organisation,
        defaults={
            "signer": _words(signer, field="signer", longest=LONGEST_NAME),
            "capacity": _words(capacity, field="capacity", longest=LONGEST_WORDS),
        },
    )
    journal.record(
        "ceremony-invited",
        by=by,
        subject=organisation.stix_id,
        concerns=organisation,
        ceremony=str(found.uuid),
    )
    return invited


@transaction.atomic
def open_ceremony(ceremony: UUID, *, by: Actor) -> Ceremony:
    """From now on its signatories sign in it. Raises Forbidden unless `by` administers the hub,
    NotFound, Conflict unless it is planned and its version is in force.
    """
    by.require(Power.ADMINISTER_HUB)
    found = _held(ceremony)
    if found.state != State.PLANNED:
        raise Conflict(f"The ceremony is {found.state} already.")
    if found.agreement.state != AgreementVersion.State.IN_FORCE:
        raise Conflict(f"{found.agreement} is not in force any more; convene another ceremony.")
    found.state, found.opened_at = State.OPEN, world.now()
    found.save(update_fields=["state", "opened_at"])
    journal.record("ceremony-opened", by=by, subject=str(found.uuid), title=found.title)
    return found


@transaction.atomic
def close_ceremony(ceremony: UUID, *, by: Actor) -> Ceremony:
    """Nobody signs in it any more; a sealed act of it all follows, with who did not sign.

    Who has not signed may sign without it. Raises Forbidden unless `by` administers the hub,
    NotFound, Conflict unless it is open.
    """
    by.require(Power.ADMINISTER_HUB)
    found = _held(ceremony)
    if found.state != State.OPEN:
        raise Conflict(f"The ceremony is {found.state}; only an open one is closed.")
    found.state, found.closed_at = State.CLOSED, world.now()
    found.save(update_fields=["state", "closed_at"])
    jobs.prepare_ceremony_act.enqueue(ceremony=str(found.uuid))
    journal.record("ceremony-closed", by=by, subject=str(found.uuid), title=found.title)
    return found


def prepare_ceremony_act(ceremony: UUID) -> bool:
    """Make and keep the act of a closed ceremony; whether that was still to be done."""
    closed = Ceremony.objects.select_related("agreement", "convener").get(uuid=ceremony)
    if closed.act_id is not None:
        return False
    from minga.features.membership.documents.ceremonies import act_of  # pyHanko loads for a second

    hub = Actor(organisation=closed.convener)
    pdf = act_of(closed, queries.roll(closed, reader=hub.reader))
    with transaction.atomic():
        locks.hold(f"act of ceremony {closed.pk}")
        without = Ceremony.objects.filter(pk=closed.pk, act=None)
        return without.exists() and bool(without.update(act=keep_document(pdf)))


def _held(ceremony: UUID) -> Ceremony:
    """The ceremony, with nobody signing in it until this transaction ends."""
    found = Ceremony.objects.select_for_update().filter(uuid=ceremony).first()
    if found is None:
        raise NotFound(f"There is no ceremony {ceremony}; `minga ceremony list` shows them.")
    return found


def _words(text: str, *, field: str, longest: int) -> str:
    text = text.strip()
    return read_name(text, field=field, longest=longest) if text else ""


def _read_link(link: str) -> str:
    link = link.strip()
    parts = urlsplit(link) if len(link) <= LONGEST_LINK else None
    is_address = parts is not None and parts.scheme == "https" and bool(parts.hostname)
    if link and not (is_address and link.isprintable() and " " not in link):
        raise Invalid(
            f"The link is {link[:80]!r}; expected an https:// address of at most {LONGEST_LINK} "
            "characters.",
            field="link",
        )
    return link
