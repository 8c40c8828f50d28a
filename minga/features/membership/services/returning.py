"""What an organisation that leaves received: stated, and returned or destroyed by its word."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction

from minga.core.problems import Conflict, Invalid, NotFound
from minga.features.membership import jobs, queries
from minga.features.membership.models import Certificate, ReturnLink, Statement
from minga.features.membership.queries import HoldingLine
from minga.features.membership.services import papers
from minga.features.membership.services.documents import keep_document
from minga.features.membership.services.names import read_name
from minga.store import world
from minga.store.audiences.models import Seat
from minga.store.files import blobs
from minga.store.journal import services as journal
from minga.store.objects.models import PublicationClock
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Departure

LASTS = timedelta(days=30)
LONGEST_KEPT, LONGEST_CAPACITY, LONGEST_REFERENCE = 500, 200, 200
Way = Certificate.Way


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an organisation says of what it received, and who says it in which capacity.

    `kept` is what a law obliges it to keep. `reference` names the paper, if it is one.
    """

    outcome: str
    signer: str
    capacity: str = ""
    kept: str = ""
    reference: str = ""


@transaction.atomic
def note_holdings(departure: Departure, *, by: Actor) -> None:
    """Write down the seats that an organisation holds at the end; a job states what they showed."""
    leaver = departure.organisation
    seats = Seat.objects.filter(organisation=leaver, person=0).order_by("audience")
    clock = PublicationClock.objects.values_list("last_us", flat=True).first() or 0
    keys = queries.keys_of(leaver, reader=by.reader)
    names = leaver.seats_in_circles.order_by("circle__name")
    Statement.objects.create(
        departure=departure,
        audiences=list(seats.values_list("audience", flat=True)),
        circles=list(names.values_list("circle__name", flat=True)),
        keys=[[key.name, f"{key.last_used_at or ''}"[:19]] for key in keys],
        until_us=clock,
    )
    jobs.keep_statement.enqueue(str(departure.uuid))


def keep_statement(uuid: str) -> bool:
    """Make the lines and the document of a statement; False when they are there already."""
    statement = Statement.objects.select_related("departure__organisation").get(
        departure__uuid=uuid
    )
    if statement.lines:
        return False
    by = Actor(organisation=statement.departure.organisation)
    totals, lines = queries.held_at_exit(statement, reader=by.reader)
    digest = blobs.keep(b"".join(json_lines(lines)))
    document = papers.statement(statement, totals, digest)
    with transaction.atomic():
        statement.lines, statement.document = digest, keep_document(document)
        statement.save(update_fields=["lines", "document"])
    return True


def json_lines(lines: Iterable[HoldingLine]) -> Iterator[bytes]:
    """Each line as a JSON object."""
    return (json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n" for line in lines)


@transaction.atomic
def sign_certificate(declaration: Declaration, *, by: Actor) -> Certificate:
    """A person of an organisation that leaves certifies while he can still enter.

    Raises Forbidden unless he may sign, NotFound unless it leaves, Conflict when it is certified
    already, and Invalid for words that cannot be.
    """
    by.require(Power.SIGN)
    departure = queries.own_departure(reader=by.reader)
    return _certify(departure, declaration, by=by, way=Way.SIMPLE)


@transaction.atomic
def sign_by_link(token: str, declaration: Declaration, *, by: Actor) -> Certificate:
    """Whoever holds the link certifies for the organisation that left, as whom he says he is.

    `by` acts for that organisation, without a person: nobody of it may enter any more. Raises
    NotFound for a link that is unknown, over or another's, and as `sign_certificate`.
    """
    departure = departure_of_link(token)
    if departure.organisation != by.organisation:
        raise NotFound("This link is not for your organisation.")
    return _certify(departure, declaration, by=by, way=Way.LINK)


@transaction.atomic
def record_certificate(slug: str, declaration: Declaration, *, by: Actor) -> Certificate:
    """The hub notes a certificate signed on paper; `reference` says where the paper is.

    Raises Forbidden unless `by` administers the hub, NotFound, and as `sign_certificate`.
    """
    by.require(Power.ADMINISTER_HUB)
    if not declaration.reference.strip():
        raise Invalid("Say where the paper is, such as a number and a date.", field="reference")
    return _certify(_left(slug, by=by), declaration, by=by, way=Way.PAPER)


@transaction.atomic
def create_return_link(slug: str, *, by: Actor) -> str:
    """The token of a link by which who left reads its statement and signs its certificate.

    It lasts 30 days, opens nothing else, and ends the one before. Only its hash is kept. Raises
    Forbidden unless `by` administers the hub, and NotFound unless the organisation has left.
    """
    by.require(Power.ADMINISTER_HUB)
    departure = _left(slug, by=by)
    token = base64.urlsafe_b64encode(world.random_bytes(32)).decode().rstrip("=")
    ReturnLink.objects.update_or_create(
        departure=departure,
        defaults={"digest": _digest(token), "expires_at": world.now() + LASTS},
    )
    journal.record(
        "return-link-created",
        by=by,
        subject=departure.organisation.stix_id,
        concerns=departure.organisation,
    )
    return token


def departure_of_link(token: str) -> Departure:
    """Whose departure a link is for. Raises NotFound, the same for every link that opens nothing.

    Nobody has to be known to ask: the token is all that he shows.
    """
    found = ReturnLink.objects.filter(digest=_digest(token), expires_at__gt=world.now())
    link = found.select_related("departure__organisation").first()
    if link is None:
        raise NotFound("This link opens nothing. Ask the hub for another.")
    return link.departure


def _left(slug: str, *, by: Actor) -> Departure:
    left = queries.departures(reader=by.reader).filter(organisation__slug=slug)
    departure = left.exclude(left_at=None).first()
    if departure is None:
        raise NotFound(
            f"No organisation {slug!r} has left; `minga org left` shows who did.",
            field="organisation",
        )
    return departure


def _certify(
    departure: Departure, declaration: Declaration, *, by: Actor, way: Certificate.Way
) -> Certificate:
    departure = Departure.objects.select_for_update().get(pk=departure.pk)
    if Certificate.objects.filter(departure=departure).exists():
        raise Conflict(f"{departure.organisation} has certified already; a certificate stays.")
    if declaration.outcome not in Certificate.Outcome.values:
        known = ", ".join(Certificate.Outcome.values)
        raise Invalid(
            f"The outcome is {declaration.outcome!r}; expected one of {known}.", field="outcome"
        )
    certificate = Certificate(
        departure=departure, outcome=declaration.outcome, way=way, person=by.person,
        signer=read_name(declaration.signer, field="signer"),
        capacity=_words(declaration.capacity, LONGEST_CAPACITY, field="capacity"),
        kept=_words(declaration.kept, LONGEST_KEPT, field="kept"),
        reference=_words(declaration.reference, LONGEST_REFERENCE, field="reference"),
    )  # fmt: skip
    certificate.document = keep_document(papers.certificate(certificate))
    certificate.save()
    journal.record(
        "certificate-signed", by=by, subject=departure.organisation.stix_id,
        concerns=departure.organisation, way=str(way), outcome=declaration.outcome,
    )  # fmt: skip
    return certificate


def _words(text: str, longest: int, *, field: str) -> str:
    text = text.strip()
    return read_name(text, field=field, longest=longest) if text else ""


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
