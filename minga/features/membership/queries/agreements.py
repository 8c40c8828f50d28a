"""The agreement, and what an organisation may do by what it signed.

Everybody in the hub reads the text. Who signed which clause is known to the organisation itself
and to the hub.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from minga.core import agreement as core
from minga.core.agreement import Agreement, Clause, Terms
from minga.core.policy import Power, Reader
from minga.core.problems import NotFound
from minga.features.membership.models import AgreementVersion, Signature
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, Person

__all__ = [
    "Adherence",
    "Moving",
    "Signature",
    "adherence_of",
    "agreement_in_force",
    "naming_clause",
    "signatories",
    "version_of",
    "versions",
    "who_can_sign",
    "who_moved",
]
State = AgreementVersion.State


@dataclass(frozen=True, slots=True)
class Adherence:
    """What one organisation has signed. `version` is None when that is nothing.

    `signed` maps the number of each clause to the signature that holds for it.
    """

    organisation: Organisation
    version: AgreementVersion | None
    signed: dict[int, Signature]

    @property
    def terms(self) -> Terms:
        """What follows from it."""
        if self.version is None:
            return Terms(())
        return core.terms_of(self.version.agreement, self.signed)

    def why(self, clause: Clause) -> Signature:
        """The signature by which a clause holds."""
        return self.signed[clause.number]


def versions(*, reader: Reader) -> QuerySet[AgreementVersion]:
    """Every version, the newest first; nothing for the public."""
    if reader.organisation is None:
        return AgreementVersion.objects.none()
    return AgreementVersion.objects.order_by("-version")


def agreement_in_force(*, reader: Reader) -> tuple[AgreementVersion, Agreement]:
    """The version that is to be signed. Raises NotFound while there is none."""
    version = versions(reader=reader).filter(state=State.IN_FORCE).first()
    if version is None:
        raise NotFound("No agreement is in force yet; an administrator of the hub loads one.")
    return version, version.agreement


def naming_clause(*, reader: Reader) -> Clause | None:
    """The clause of the version in force by which a member may be named in public, if any is."""
    version = versions(reader=reader).filter(state=State.IN_FORCE).first()
    return Terms(version.agreement.clauses).naming if version else None


def version_of(number: int, *, reader: Reader) -> AgreementVersion:
    """One version of the agreement. Raises NotFound."""
    found = versions(reader=reader).filter(version=number).first()
    if found is None:
        raise NotFound(f"There is no version {number} of the agreement.")
    return found


@dataclass(frozen=True, slots=True)
class Moving:
    """Which version an organisation adheres to today; None is that it has signed nothing."""

    organisation: Organisation
    version: int | None


def who_moved(*, reader: Reader) -> list[Moving]:
    """Which version each member adheres to, for the hub; for a member, its own line."""
    members = Organisation.objects.filter(left_at=None, role=Organisation.Role.MEMBER)
    mine = members if reader.is_hub else members.filter(pk=reader.organisation or 0)
    live = Q(signatures__ended_at=None)
    newest = mine.annotate(newest=Max("signatures__agreement__version", filter=live))
    return [Moving(each, each.newest) for each in newest.order_by("name", "pk")]


def adherence_of(organisation: Organisation, *, reader: Reader) -> Adherence:
    """What an organisation has signed, told to itself and to the hub.

    Raises NotFound for others, whatever the organisation signed.
    """
    if not (reader.is_hub or reader.organisation == organisation.pk):
        raise NotFound("What another organisation signed is known to it and to the hub.")
    live = list(
        Signature.objects.filter(organisation=organisation, ended_at=None)
        .select_related("agreement", "person")
        .order_by("-agreement__version", "signed_at", "pk")
    )
    held = [each for each in live if each.agreement_id == live[0].agreement_id]
    signed = {number: each for each in held for number in each.clauses}
    return Adherence(organisation, held[0].agreement if held else None, signed)


def signatories(*, reader: Reader) -> QuerySet[Signature]:
    """Who has signed what and nobody has ended: everything for the hub, else one's own."""
    live = Signature.objects.filter(ended_at=None).select_related("organisation", "agreement")
    mine = live if reader.is_hub else live.filter(organisation=reader.organisation or 0)
    return mine.order_by("organisation__name", "signed_at", "pk")


def who_can_sign(*, reader: Reader) -> list[Person]:
    """The people of the reader's own organisation who may sign for it."""
    people = Person.objects.filter(
        organisation=reader.organisation or 0, is_active=True
    ).select_related("organisation")
    return [
        each
        for each in people.order_by("name", "pk")
        if Power.SIGN in Actor(each.organisation, person=each).powers
    ]
