"""What an organisation could read of others', and so may hold: counted, and line by line.

It is told to the organisation itself while it is leaving, and after that by a link of its own. What
was addressed to one of its people by name only he was ever told of, so it stands nowhere here.

Since when a seat is held does not matter: it orders what pollers meet as new, and whoever takes a
seat reads from then on also what was there before (`store.objects.queries`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from minga.core.policy import Reader, Tlp
from minga.core.problems import NotFound
from minga.features.membership.models import Certificate, Statement
from minga.features.membership.queries.members import circles, keys_of
from minga.store.audiences.models import Audience
from minga.store.files import blobs
from minga.store.objects import queries as objects
from minga.store.objects.models import Carried, Contribution, Publication
from minga.store.people.models import Departure, Organisation

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Total:
    """How much of others' an organisation could read under one label."""

    tlp: Tlp
    contributions: int
    objects: int


@dataclass(frozen=True, slots=True)
class KeyHeld:
    """A key by which tools may have taken things away, and when it was last used."""

    name: str
    last_used_at: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an organisation may hold of others', in numbers, and the ways it came."""

    totals: tuple[Total, ...]
    circles: tuple[str, ...]
    keys: tuple[KeyHeld, ...]


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """One version of others' that could be read, and the contribution that brought it."""

    tlp: str
    object_id: str
    version: str
    type: str
    contribution: str
    title: str


def holdings(*, reader: Reader) -> Holdings:
    """What the reader's own organisation may hold today. Raises NotFound unless it is leaving."""
    leaving = _leaving(reader)
    held = _Held(_audiences(reader), leaving)
    return Holdings(
        totals=held.totals(),
        circles=tuple(circles(reader=reader).values_list("name", flat=True)),
        keys=tuple(
            KeyHeld(key.name, _instant(key.last_used_at)) for key in keys_of(leaving, reader=reader)
        ),
    )


def holding_lines(*, reader: Reader) -> Iterator[HoldingLine]:
    """The same, line by line. Raises NotFound unless the reader's organisation is leaving."""
    return _Held(_audiences(reader), _leaving(reader)).lines()


def held_at_exit(
    statement: Statement, *, reader: Reader
) -> tuple[tuple[Total, ...], Iterator[HoldingLine]]:
    """What an organisation that left could read at the end. Raises NotFound for others."""
    leaver = _own(statement, reader)
    audiences = Audience.objects.filter(pk__in=statement.audiences)
    held = _Held(audiences, leaver, until_us=statement.until_us)
    return held.totals(), held.lines()


def kept_lines(statement: Statement, *, reader: Reader) -> bytes:
    """The lines of its statement, as JSON lines. Raises NotFound while they are being written."""
    _own(statement, reader)
    if not statement.lines:
        raise NotFound("The statement is being written; come back in a minute.")
    return blobs.read(statement.lines)


def departures(*, reader: Reader) -> QuerySet[Departure]:
    """Who leaves and who left, for the hub; the reader's own otherwise. The latest first."""
    known = Departure.objects.filter(taken_back_at=None).select_related(
        "organisation", "certificate", "statement", "return_link"
    )
    mine = known if reader.is_hub else known.filter(organisation=reader.organisation or 0)
    return mine.order_by("-announced_at", "-pk")


def departure(uuid: UUID, *, reader: Reader) -> Departure:
    """One of them. Raises NotFound when there is none or it is out of sight."""
    found = departures(reader=reader).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(f"No departure {uuid} is visible to you.")
    return found


def own_departure(*, reader: Reader) -> Departure:
    """That of the reader's own organisation. Raises NotFound unless it leaves or left."""
    leaves = Departure.objects.filter(taken_back_at=None, organisation=reader.organisation or 0)
    found = leaves.select_related("organisation").first()
    if found is None:
        raise NotFound("Your organisation has not announced that it leaves.")
    return found


def certified(departure: Departure, *, reader: Reader) -> str:
    """What an organisation that left certified, empty before; known to itself and to the hub."""
    if not (reader.is_hub or reader.organisation == departure.organisation_id):
        return ""
    found = Certificate.objects.filter(departure=departure).first()
    return found.outcome if found else ""


def unsettled(departures: Iterable[Departure], *, reader: Reader) -> dict[int, int]:
    """How many contributions of each still wait for their fate, for the hub."""
    if not reader.is_hub:
        return {}
    waiting = [each.organisation_id for each in departures if each.settled_at is None]
    rows = Contribution.objects.filter(producer__in=waiting, withdrawn_at=None)
    return dict(rows.values_list("producer").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class _Held:
    """What stood in these audiences, brought by others."""

    audiences: QuerySet[Audience]
    holder: Organisation
    until_us: int | None = None

    def totals(self) -> tuple[Total, ...]:
        """How much under each label, the strictest first; labels without anything are left out."""
        rows = (
            self._carried()
            .values_list("contribution__audience__tlp")
            .annotate(
                Count("contribution", distinct=True), Count("version__stix_id", distinct=True)
            )
        )
        return tuple(Total(Tlp(tlp), c, o) for tlp, c, o in sorted(rows, reverse=True))

    def lines(self) -> Iterator[HoldingLine]:
        """Contribution by contribution, in constant memory."""
        rows = self._carried().order_by("contribution__uuid", "version__stix_id", "version__pk")
        columns = rows.values_list(
            "contribution__audience__tlp", "version__stix_id", "version__version",
            "version__type", "contribution__uuid", "contribution__title",
        )  # fmt: skip
        for tlp, stix_id, version, type_, uuid, title in columns.iterator(chunk_size=AT_ONCE):
            yield HoldingLine(Tlp(tlp).label, stix_id, version, type_, str(uuid), title)

    def _carried(self) -> QuerySet[Carried]:
        shown = Publication.objects.filter(
            version=OuterRef("version"), audience__in=self.audiences.values("pk")
        )
        if self.until_us is not None:
            shown = shown.filter(added_at__lte=self.until_us)
        theirs = Contribution.objects.filter(audience__in=self.audiences.values("pk"))
        return Carried.objects.filter(
            Exists(shown), contribution__in=theirs.exclude(producer=self.holder).values("pk")
        )


def _own(statement: Statement, reader: Reader) -> Organisation:
    leaver = statement.departure.organisation
    if reader.organisation != leaver.pk:
        raise NotFound("Only the organisation that left reads its statement.")
    return leaver


def _audiences(reader: Reader) -> QuerySet[Audience]:
    return objects.audiences(reader=replace(reader, person=None))


def _leaving(reader: Reader) -> Organisation:
    found = Organisation.objects.filter(pk=reader.organisation or 0, left_at=None)
    leaving = found.exclude(leaves_at=None).first()
    if leaving is None:
        raise NotFound("Your organisation has not announced that it leaves.")
    return leaving


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
