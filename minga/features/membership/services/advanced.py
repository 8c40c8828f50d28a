"""Advanced signatures (Ley 19.799 art. 2 g): an act is issued, signed outside, and comes back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from minga.core.problems import Conflict, Invalid, NotFound, Problem, TooLarge
from minga.features.membership import queries
from minga.features.membership.documents.verification import (
    MOST_BYTES,
    Fault,
    Verdict,
    look_at,
    read_roots,
)
from minga.features.membership.models import AgreementVersion, IssuedAct, ReturnedAct, Signature
from minga.features.membership.services import adherence
from minga.features.membership.services.documents import keep_document
from minga.features.membership.services.names import read_name
from minga.store import turns, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Person

MOST_A_DAY = 20
AT_ONCE = 2
"""How many files the whole hub looks at together; each takes a process, and seconds of it."""
TURN_SECONDS = 60
"""Longer than a look takes, so that only a worker that died loses its turn."""
DAY = timedelta(days=1)


def issue_act(clauses: Collection[int], *, by: Actor, signer: str, capacity: str = "") -> IssuedAct:
    """An act with the words of these clauses, for `signer` to sign outside.

    The clauses are those that `sign` would take. Raises Forbidden unless a person who may sign
    acts, Invalid while the hub trusts no authority, for clauses that cannot be signed so and
    beyond 20 acts a day, Conflict when all of them are signed already.
    """
    by.require(Power.SIGN)
    roots_folder()
    if by.person is None:
        raise Invalid("Acts are issued to people; sign in to have one.")
    version, text = queries.agreement_in_force(reader=by.reader)
    held = queries.adherence_of(by.organisation, reader=by.reader)
    signed = frozenset(held.signed) if held.version == version else frozenset()
    text.check_signed(frozenset(clauses) | signed)
    fresh = sorted(frozenset(clauses) - signed)
    if not fresh:
        raise Conflict(f"{by.organisation} has signed these clauses already.", field="clauses")
    _refuse_many(IssuedAct.objects.filter(organisation=by.organisation, issued_at__gt=_yesterday()))
    issued = IssuedAct(
        organisation=by.organisation,
        agreement=version,
        clauses=fresh,
        signer=read_name(signer, field="signer"),
        capacity=adherence.read_words(capacity, field="capacity"),
        person=by.person,
    )
    from minga.features.membership.documents.acts import to_be_signed  # pyHanko loads for a second

    pdf = to_be_signed(issued)
    with transaction.atomic():
        issued.document = keep_document(pdf)
        issued.save()
        journal.record("act-issued", by=by, subject=str(issued.uuid), version=version.version)
    return issued


def return_act(issued: UUID, pdf: bytes, *, by: Actor) -> ReturnedAct:
    """Take in what came back for an issued act: a signature, or a file kept aside with its fault.

    It is looked at in a process of its own for two seconds, half a minute at most: one file of an
    organisation at a time, and two of the whole hub. A file with a fault grants nothing. Raises
    Forbidden unless a person who may sign acts, NotFound for another organisation's act, TooLarge
    over 5 MB, Busy, Invalid while the hub trusts no authority and beyond 20 files a day.
    """
    by.require(Power.SIGN)
    found = queries.issued_act(issued, reader=by.reader)
    if by.person is None or found.organisation_id != by.organisation.pk or found.document is None:
        raise NotFound(f"No act {issued} was issued to you.")
    if len(pdf) > MOST_BYTES:
        raise TooLarge(
            f"The file has {len(pdf)} bytes; expected {MOST_BYTES} at most.", field="pdf"
        )
    roots, now = roots_folder(), world.now()
    with (
        turns.turn(f"look of {by.organisation.uuid}", seconds=TURN_SECONDS, field="pdf"),
        turns.turn("look", seconds=TURN_SECONDS, most=AT_ONCE, field="pdf"),
    ):
        recent = ReturnedAct.objects.filter(
            issued__organisation=by.organisation, received_at__gt=_yesterday()
        )
        _refuse_many(recent)
        verdict = look_at(pdf, issued=bytes(found.document.content), roots=roots, at=now)
        with transaction.atomic():
            return _take_in(found, pdf, verdict, by=by, person=by.person)


def roots_folder() -> Path:
    """The folder of authorities that the hub trusts. Raises Invalid while there is none in it."""
    folder = Path(settings.SIGNATURE_ROOTS) if settings.SIGNATURE_ROOTS else None
    if folder is None or not folder.is_dir() or not read_roots(folder):
        raise Invalid(
            "This hub trusts no authority for advanced signatures yet; its operator names them in "
            "MINGA_SIGNATURE_ROOTS. Sign here by a simple signature, or on paper."
        )
    return folder


def takes_advanced_signatures() -> bool:
    """Whether the hub trusts any authority."""
    try:
        roots_folder()
    except Invalid:
        return False
    return True


def _take_in(
    found: IssuedAct, pdf: bytes, verdict: Verdict, *, by: Actor, person: Person
) -> ReturnedAct:
    document = keep_document(pdf)
    fault, signature = verdict.fault, None
    if fault is Fault.NONE:
        try:
            with transaction.atomic():
                signature = _sign(found, verdict, by=by)
        except Problem:  # the version was replaced meanwhile, or its clauses signed otherwise
            fault = Fault.OUTDATED
    if signature is not None:
        signature.signed_document = document
        signature.save(update_fields=["signed_document"])
    else:
        journal.record("act-kept-aside", by=by, subject=str(found.uuid), fault=str(fault))
    return ReturnedAct.objects.create(
        issued=found, document=document, person=person, fault=str(fault),
        subject=verdict.subject, signature=signature,
    )  # fmt: skip


def _sign(found: IssuedAct, verdict: Verdict, *, by: Actor) -> Signature:
    if found.agreement.state != AgreementVersion.State.IN_FORCE:
        raise Conflict(f"{found.agreement} is not in force any more.")
    return adherence.adhere(
        found.organisation, found.clauses, by=by, level=Signature.Level.ADVANCED,
        signer=found.signer, capacity=found.capacity, certificate=verdict.subject,
    )  # fmt: skip


def _refuse_many(recent: QuerySet[Any]) -> None:
    if recent.count() >= MOST_A_DAY:
        raise Invalid(f"There were {MOST_A_DAY} within a day; go on tomorrow, or ask the hub.")


def _yesterday() -> datetime:
    return world.now() - DAY
