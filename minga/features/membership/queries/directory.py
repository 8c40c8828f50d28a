"""The directory: what the hub and the members may know of each other, field by field.

| What                                          | The public | Who has signed    | Itself, the hub |
|-----------------------------------------------|------------|-------------------|-----------------|
| names, sector, region, essential, vital       | nothing    | of who belongs    | everything      |
| circles                                       | nothing    | those in common   | everything      |
| security contact, counterpart, PGP keys       | nothing    | if it shows it    | everything      |
| RUT, other id, size, state of adherence       | nothing    | nothing           | everything      |
| what of it may be shown in public             | nothing    | nothing           | everything      |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import QuerySet

from minga.core.policy import Reader
from minga.core.problems import NotFound
from minga.features.membership.models import AgreementVersion, Signature
from minga.features.membership.queries.members import circles, organisations
from minga.store import world
from minga.store.audiences.models import Circle, CircleSeat
from minga.store.people.models import Organisation, PgpKey

CONFIRMED_FOR = timedelta(days=92)
"""How long a confirmation of the contacts holds: a quarter."""
ASKED_AFTER = timedelta(days=78)
"""When the organisation is asked to confirm them again: two weeks before."""


class Adhering(StrEnum):
    """How an organisation stands to the agreement."""

    IN_FORCE = "in-force"
    REPLACED = "replaced"
    UNSIGNED = "unsigned"


class Publicity(StrEnum):
    """What of an organisation the hub may show to the public."""

    NOTHING = "nothing"
    NAME = "name"
    LOGO = "logo"


@dataclass(frozen=True, slots=True)
class Contact:
    """How the security of an organisation is reached at any hour; what is not said is empty."""

    email: str
    phone: str
    web: str


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person of an organisation who is reached at any hour."""

    name: str
    is_deputy: bool
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which organisations to list; what is empty does not filter."""

    sector: str = ""
    region: str = ""
    shares_circle: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation as one reader may know it: what he may not is None or empty.

    `adherence` is None for the hub itself too, which signs nothing. `is_confirmed` says whether
    the contacts were confirmed within a quarter, and `is_due`, to itself, that it is time to.
    """

    slug: str
    name: str
    legal_name: str
    sector: str
    region: str
    is_hub: bool
    is_own: bool
    is_essential: bool
    is_vital: bool
    organisation: Organisation
    circles: tuple[Circle, ...] = ()
    contact: Contact | None = None
    reachable: tuple[Reachable, ...] = ()
    is_confirmed: bool | None = None
    is_due: bool = False
    rut: str | None = None
    foreign_id: str | None = None
    size: str | None = None
    adherence: Adhering | None = None
    publicity: Publicity | None = None


def belonging(*, reader: Reader) -> QuerySet[Organisation]:
    """Who belongs, as far as the reader may know, with whom others reach."""
    return organisations(reader=reader).select_related("counterpart", "deputy")


def matching_members(wanted: Filter, *, reader: Reader) -> QuerySet[Organisation]:
    """Who belongs and is of the wanted sector, region and circles; see `described`."""
    found = belonging(reader=reader)
    if "\0" in wanted.sector + wanted.region:  # PostgreSQL takes none even to compare
        return found.none()
    if wanted.sector:
        found = found.filter(sector=wanted.sector)
    if wanted.region:
        found = found.filter(region=wanted.region)
    if wanted.shares_circle:
        own = reader.organisation or 0
        ours = CircleSeat.objects.filter(organisation=own).values("circle")
        together = CircleSeat.objects.filter(circle__in=ours).values("organisation")
        found = found.filter(pk__in=together).exclude(pk=own)
    return found


def described(found: Iterable[Organisation], *, reader: Reader) -> list[Member]:
    """These organisations as the reader may know them, in three queries however many they are.

    Only for organisations that `belonging` shows this reader.
    """
    shown = list(found)
    seats = _circles_of(shown, reader=reader)
    states = _adherence_of(shown, reader=reader)
    return [
        _as_known(each, seats.get(each.pk, ()), states.get(each.pk), reader=reader)
        for each in shown
    ]


def member(slug: str, *, reader: Reader) -> Member:
    """One organisation as the reader may know it. Raises NotFound when it is out of his sight."""
    found = belonging(reader=reader).filter(slug=slug)
    for each in described(found, reader=reader):
        return each
    raise NotFound(f"No organisation {slug!r} belongs here.", field="organisation")


def pgp_keys_of(slug: str, *, reader: Reader) -> QuerySet[PgpKey]:
    """The PGP keys of an organisation, for whom sees its contact; none for others."""
    found = belonging(reader=reader).filter(slug=slug).first()
    if found is None or not _shows_contact(found, reader):
        return PgpKey.objects.none()
    return found.pgp_keys.order_by("-added_at", "pk")


def _shows_contact(each: Organisation, reader: Reader) -> bool:
    knows_all = reader.is_hub or reader.organisation == each.pk
    return knows_all or each.shows_contact == Organisation.Contact.MEMBERS


def places(*, reader: Reader) -> tuple[list[str], list[str]]:
    """The sectors and the regions of those who belong: what a list of them can be filtered by."""
    pairs = belonging(reader=reader).order_by().values_list("sector", "region").distinct()
    sectors = {sector for sector, _ in pairs if sector}
    return sorted(sectors), sorted({region for _, region in pairs if region})


def _as_known(
    each: Organisation, seats: Iterable[Circle], state: Adhering | None, *, reader: Reader
) -> Member:
    is_own = reader.organisation == each.pk
    knows_all = reader.is_hub or is_own
    shows_contact = _shows_contact(each, reader)
    contact = Contact(each.security_email, each.security_phone, each.security_web)
    return Member(
        slug=each.slug,
        name=each.name,
        legal_name=each.legal_name,
        sector=each.sector,
        region=each.region,
        is_hub=each.is_hub,
        is_own=is_own,
        is_essential=each.is_essential,
        is_vital=each.is_vital,
        organisation=each,
        circles=tuple(seats),
        contact=contact if shows_contact and any((contact.email, contact.phone, contact.web))
        else None,
        reachable=_reachable(each) if shows_contact else (),
        is_confirmed=_is_confirmed(each, CONFIRMED_FOR) if shows_contact else None,
        is_due=is_own and not _is_confirmed(each, ASKED_AFTER),
        rut=each.rut if knows_all else None,
        foreign_id=each.foreign_id if knows_all else None,
        size=each.size if knows_all else None,
        adherence=state if knows_all and not each.is_hub else None,
        publicity=_publicity(each) if knows_all and not each.is_hub else None,
    )  # fmt: skip


def _reachable(each: Organisation) -> tuple[Reachable, ...]:
    named = ((each.counterpart, False), (each.deputy, True))
    return tuple(
        Reachable(person.name, is_deputy, person.email, person.phone)
        for person, is_deputy in named
        if person is not None and person.is_active
    )


def _is_confirmed(each: Organisation, within: timedelta) -> bool:
    """Whether a counterpart who still acts for it was confirmed in this time."""
    named, at = each.counterpart, each.contacts_confirmed_at
    return named is not None and named.is_active and at is not None and at > world.now() - within


def _publicity(each: Organisation) -> Publicity:
    if not each.may_be_named:
        return Publicity.NOTHING
    return Publicity.LOGO if each.allows_logo else Publicity.NAME


def _circles_of(shown: list[Organisation], *, reader: Reader) -> dict[int, list[Circle]]:
    """Who of these sits where, as far as the reader may know the circles."""
    seats = CircleSeat.objects.filter(
        circle__in=circles(reader=reader).order_by().values("pk"), organisation__in=shown
    )
    found: dict[int, list[Circle]] = {}
    for seat in seats.select_related("circle").order_by("circle__name", "circle__pk"):
        found.setdefault(seat.organisation_id, []).append(seat.circle)
    return found


def _adherence_of(shown: list[Organisation], *, reader: Reader) -> dict[int, Adhering]:
    """How these stand to the agreement: of all for the hub, else of the reader's own."""
    known = [each.pk for each in shown if reader.is_hub or each.pk == reader.organisation]
    live = Signature.objects.filter(organisation__in=known, ended_at=None)
    states = dict.fromkeys(known, Adhering.UNSIGNED)
    for organisation, state in live.values_list("organisation", "agreement__state"):
        if state == AgreementVersion.State.IN_FORCE:
            states[organisation] = Adhering.IN_FORCE
        elif states[organisation] == Adhering.UNSIGNED:
            states[organisation] = Adhering.REPLACED
    return states
