"""Ceremonies: known to the hub and to those who are called to sign in them.

Those who sign before each other see each other sign: who is called, who signed what in the
ceremony, and when. What somebody signed outside it stays known to himself and to the hub.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from minga.core.policy import Reader
from minga.core.problems import NotFound
from minga.features.membership.models import Ceremony, Document, Signatory, Signature
from minga.store.people.models import Organisation


@dataclass(frozen=True, slots=True)
class RollLine:
    """A signatory of a ceremony. `signatures` were made in it, the first one first;
    `signed_outside` says that the organisation signed the version otherwise.
    """

    organisation: Organisation
    signer: str
    capacity: str
    is_convener: bool
    signatures: tuple[Signature, ...]
    signed_outside: bool

    @property
    def first(self) -> Signature | None:
        """The first signature in the ceremony."""
        return self.signatures[0] if self.signatures else None

    @property
    def clauses(self) -> list[int]:
        """The clauses signed in the ceremony."""
        return sorted({number for each in self.signatures for number in each.clauses})

    @property
    def has_signed(self) -> bool:
        """Whether the organisation has signed, in the ceremony or otherwise."""
        return bool(self.signatures) or self.signed_outside


def ceremonies(*, reader: Reader) -> QuerySet[Ceremony]:
    """The ceremonies that the reader may know, the last to be held first."""
    if reader.organisation is None:
        return Ceremony.objects.none()
    held = Ceremony.objects.select_related("agreement", "convener", "act").defer("act__content")
    if not reader.is_hub:
        called = Signatory.objects.filter(organisation=reader.organisation).values("ceremony")
        held = held.filter(pk__in=called)
    return held.order_by("-held_at", "-pk")


def ceremony(uuid: UUID, *, reader: Reader) -> Ceremony:
    """One ceremony. Raises NotFound when there is none or the reader is not called to it."""
    found = ceremonies(reader=reader).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(f"No ceremony {uuid} is visible to you; `minga ceremony list` shows them.")
    return found


def ceremony_act(uuid: UUID, *, reader: Reader) -> Document:
    """The act of a closed ceremony, whole. Raises NotFound, also until it is made."""
    found = ceremony(uuid, reader=reader)
    act = Document.objects.filter(pk=found.act_id or 0).first()
    if act is None:
        raise NotFound("The ceremony has no act yet: it is made soon after it is closed.")
    return act


def open_for(organisation: Organisation, *, reader: Reader) -> QuerySet[Ceremony]:
    """The open ceremonies that an organisation is called to."""
    called = Signatory.objects.filter(organisation=organisation).values("ceremony")
    return ceremonies(reader=reader).filter(state=Ceremony.State.OPEN, pk__in=called)


def roll(ceremony: Ceremony, *, reader: Reader) -> list[RollLine]:
    """Who is called and who has signed, the convener first; nothing for who may not know it."""
    if not ceremonies(reader=reader).filter(pk=ceremony.pk).exists():
        return []
    called = ceremony.signatories.select_related("organisation").order_by("organisation__name")
    inside = _signed_in(ceremony)
    outside = _signed_outside(ceremony)
    lines = [
        RollLine(
            organisation=each.organisation,
            signer=each.signer,
            capacity=each.capacity,
            is_convener=each.organisation_id == ceremony.convener_id,
            signatures=tuple(inside.get(each.organisation_id, ())),
            signed_outside=each.organisation_id in outside,
        )
        for each in called
    ]
    return sorted(lines, key=lambda line: not line.is_convener)


def _signed_in(ceremony: Ceremony) -> dict[int, list[Signature]]:
    """What each organisation signed in it, the first one first, whatever became of it."""
    made = Signature.objects.filter(ceremony=ceremony, continues=None)
    found: dict[int, list[Signature]] = defaultdict(list)
    for each in made.order_by("signed_at", "pk"):
        found[each.organisation_id].append(each)
    return found


def _signed_outside(ceremony: Ceremony) -> set[int]:
    """Who adheres to the version by another signature: now, or when the ceremony was closed."""
    others = Signature.objects.filter(agreement=ceremony.agreement).exclude(ceremony=ceremony)
    holding = Q(ended_at=None)
    if ceremony.closed_at is not None:
        others = others.filter(signed_at__lte=ceremony.closed_at)
        holding |= Q(ended_at__gt=ceremony.closed_at)
    return set(others.filter(holding).values_list("organisation_id", flat=True))
