"""Signing clauses, and what an organisation may do because of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from minga.core import agreement as core
from minga.core import policy
from minga.core.problems import Conflict, Invalid, NotFound
from minga.features.membership import jobs
from minga.features.membership.models import AgreementVersion, Ceremony, Signature
from minga.features.membership.services import seating
from minga.features.membership.services.names import read_name
from minga.store import locks, world
from minga.store.audiences import seats
from minga.store.journal import services as journal
from minga.store.objects import identities
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

State = AgreementVersion.State
Level = Signature.Level
LONGEST_WORDS = 200


@transaction.atomic
def sign(clauses: Collection[int], *, by: Actor, capacity: str = "", factor: str = "") -> Signature:
    """The organisation of a person signs clauses of the version in force, by a simple signature.

    The common clauses are signed together, optional ones with them or later, in the ceremony that
    is open for the organisation if there is one. The hub signs as who convenes. What the clauses
    grant holds at once; a sealed act follows. `capacity` is the power by which he declares to
    sign, `factor` the second factor that he just proved to be himself with. Raises Forbidden
    unless he may sign, Invalid for clauses that cannot be signed so, Conflict when all of them
    are signed already, NotFound while no version is in force.
    """
    by.require(Power.SIGN)
    if by.person is None:
        raise Invalid("A simple signature is a person's; record a paper with `minga agreement`.")
    return adhere(
        by.organisation, clauses, by=by, level=Level.SIMPLE, signer=by.person.name,
        capacity=read_words(capacity, field="capacity"), factor=factor,
    )  # fmt: skip


@transaction.atomic
def record_paper(
    organisation: Organisation, clauses: Collection[int] | None, *, by: Actor, reference: str
) -> Signature:
    """The hub notes that an organisation signed on paper; None stands for every clause.

    `reference` says where the paper is. Raises Forbidden unless `by` administers the hub, and as
    `sign` does.
    """
    by.require(Power.ADMINISTER_HUB)
    reference = read_words(reference, field="reference")
    if not reference:
        raise Invalid("Say where the paper is, such as a number and a date.", field="reference")
    if clauses is None:
        clauses = {clause.number for clause in _in_force().agreement.clauses}
    return adhere(
        organisation, clauses, by=by, level=Level.PAPER, signer=organisation.name,
        reference=reference,
    )  # fmt: skip


@transaction.atomic
def withdraw_clause(number: int, *, by: Actor) -> Organisation:
    """End an organisation's adherence to an optional clause, at once.

    Raises Forbidden unless `by` may sign, Invalid for a clause that is not optional (who does not
    want it any more leaves the agreement), NotFound when it is not signed.
    """
    by.require(Power.SIGN)
    organisation = by.organisation
    locks.hold(_lock(organisation))
    live = [each for each in signatures_of(organisation) if number in each.clauses]
    if not live:
        raise NotFound(f"Your organisation has not signed clause {number}.", field="clause")
    if number in live[0].agreement.agreement.common:
        raise Invalid(
            f"Clause {number} is common to all who adhere; leave the agreement instead.",
            field="clause",
        )
    for each in live:
        _end(each)
        if kept := [clause for clause in each.clauses if clause != number]:
            _signature_like(each, kept)
    journal.record("clause-withdrawn", by=by, subject=organisation.stix_id, clause=number)
    apply_terms(organisation, by=by)
    return organisation


def end_signatures_of(version: AgreementVersion) -> int:
    """End all that was signed of a version, and what it granted; how many signatures."""
    count = 0
    for organisation in Organisation.objects.filter(
        signatures__agreement=version, signatures__ended_at=None
    ).distinct():
        with transaction.atomic():
            locks.hold(_lock(organisation))
            for each in signatures_of(organisation):
                if each.agreement_id == version.pk:
                    _end(each)
                    count += 1
            apply_terms(organisation, by=Actor(organisation=organisation))
    return count


def signatures_of(organisation: Organisation) -> list[Signature]:
    """What an organisation has signed and nobody has ended, the newest version first."""
    live = Signature.objects.filter(organisation=organisation, ended_at=None)
    live = live.select_related("agreement")
    return list(live.order_by("-agreement__version", "signed_at", "pk"))


def apply_terms(organisation: Organisation, *, by: Actor) -> None:
    """Write down what an organisation may do by what it has signed; its doors open or close.

    The hub operates the agreement: its signature binds it, and grants it nothing.
    """
    if organisation.is_hub:
        return
    live = signatures_of(organisation)
    held = [each for each in live if each.agreement_id == live[0].agreement_id]
    signed = {number for each in held for number in each.clauses}
    terms = core.terms_of(held[0].agreement.agreement, signed) if held else core.Terms(())
    organisation.granted = " ".join(sorted(terms.powers))
    organisation.may_be_named = terms.naming is not None
    organisation.allows_logo = organisation.allows_logo and organisation.may_be_named
    organisation.save(update_fields=["granted", "may_be_named", "allows_logo"])
    ceiling = policy.NOTHING if terms.reads_up_to is None else int(terms.reads_up_to)
    seating.bring(seats.let_read_up_to(ceiling, organisation))
    seating.follow_rules(organisation, by=by)


def adhere(
    organisation: Organisation, clauses: Collection[int], *, by: Actor, level: Level, **words: str
) -> Signature:
    """The organisation signs clauses of the version in force; whoever calls has asked who may.

    `words` are those that the signature keeps.
    """
    locks.hold(_lock(organisation))
    organisation.refresh_from_db()  # it may have left, or said otherwise what it is, meanwhile
    version = _in_force()
    if organisation.left_at is not None:
        raise Invalid(f"{organisation} has left; invite it anew first.", field="organisation")
    held = {
        number
        for each in signatures_of(organisation)
        if each.agreement_id == version.pk
        for number in each.clauses
    }
    version.agreement.check_signed(frozenset(clauses) | held)
    fresh = sorted(frozenset(clauses) - held)
    if not fresh:
        raise Conflict(f"{organisation} has signed these clauses already.", field="clauses")
    if not organisation.signatures.exists():
        identities.publish_identity(organisation)  # it belongs from now on, and members may know
    signature = Signature.objects.create(
        organisation=organisation, agreement=version, clauses=fresh, level=level,
        person=by.person, ceremony=_open_ceremony(organisation, version), **words,
    )  # fmt: skip
    jobs.prepare_act.enqueue(signature=str(signature.uuid))
    _end_older(organisation, than=version)
    journal.record(
        "agreement-signed", by=by, subject=organisation.stix_id, concerns=organisation,
        version=version.version, clauses=[str(number) for number in fresh], level=str(level),
    )  # fmt: skip
    apply_terms(organisation, by=by)
    return signature


def _open_ceremony(organisation: Organisation, version: AgreementVersion) -> Ceremony | None:
    """The open ceremony that an organisation signs this version in; it stays open meanwhile."""
    invited = Ceremony.objects.filter(
        state=Ceremony.State.OPEN, agreement=version, signatories__organisation=organisation
    )
    return invited.select_for_update().order_by("-opened_at", "-pk").first()


def _end_older(organisation: Organisation, *, than: AgreementVersion) -> None:
    """Who signs a new version has moved to it."""
    for each in signatures_of(organisation):
        if each.agreement.version < than.version:
            _end(each)


def _end(signature: Signature) -> None:
    signature.ended_at = world.now()
    signature.save(update_fields=["ended_at"])


def _signature_like(signature: Signature, clauses: list[int]) -> None:
    Signature.objects.create(
        organisation=signature.organisation, agreement=signature.agreement, clauses=clauses,
        level=signature.level, person=signature.person, signer=signature.signer,
        capacity=signature.capacity, reference=signature.reference, factor=signature.factor,
        signed_at=signature.signed_at, ceremony=signature.ceremony,
        continues=signature.continues or signature,
    )  # fmt: skip


def _in_force() -> AgreementVersion:
    version = AgreementVersion.objects.filter(state=State.IN_FORCE).first()
    if version is None:
        raise NotFound("No agreement is in force yet; an administrator of the hub loads one.")
    return version


def _lock(organisation: Organisation) -> str:
    return f"adherence {organisation.pk}"


def read_words(text: str, *, field: str) -> str:
    """Declared words as they are kept; they may be empty."""
    text = text.strip()
    return read_name(text, field=field, longest=LONGEST_WORDS) if text else ""
