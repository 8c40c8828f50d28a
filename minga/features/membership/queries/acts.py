"""The papers behind the signatures: for the organisation that signed, and for the hub."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from minga.core.policy import Reader
from minga.core.problems import NotFound
from minga.features.membership.documents.sealing import PublicSeal, present_seal
from minga.features.membership.documents.verification import read_roots
from minga.features.membership.models import Document, IssuedAct, ReturnedAct, Signature


def signed_by(*, reader: Reader) -> QuerySet[Signature]:
    """Every signature there ever was, the newest first: all for the hub, else one's own.

    Each has its act when that is made; what the act says is not read.
    """
    made = Signature.objects.filter(continues=None)
    mine = made if reader.is_hub else made.filter(organisation=reader.organisation or 0)
    told = mine.select_related("organisation", "agreement", "act").defer("act__content")
    return told.order_by("-signed_at", "-pk")


def act(uuid: UUID, *, reader: Reader) -> Document:
    """The act of a signature that the reader may know, whole. Raises NotFound."""
    known = signed_by(reader=reader).order_by().values("act")
    found = Document.objects.filter(pk__in=known, uuid=uuid).first()
    if found is None:
        raise NotFound(f"No act {uuid} is visible to you; `minga agreement acts` lists them.")
    return found


def kept_as(digest: bytes, *, reader: Reader) -> Signature | None:
    """The signature whose act has these 32 bytes as its SHA-256, if the reader may know one."""
    return signed_by(reader=reader).filter(act__digest=digest).first()


def issued_acts(*, reader: Reader) -> QuerySet[IssuedAct]:
    """The acts that were issued to the reader's organisation to be signed outside, last first."""
    own = IssuedAct.objects.filter(organisation=reader.organisation or 0)
    told = own.select_related("organisation", "agreement", "document").defer("document__content")
    return told.order_by("-issued_at", "-pk")


def issued_act(uuid: UUID, *, reader: Reader) -> IssuedAct:
    """One of them, and its document whole. Raises NotFound."""
    found = issued_acts(reader=reader).filter(uuid=uuid).defer(None).first()
    if found is None:
        raise NotFound(f"No act {uuid} was issued to your organisation.")
    return found


def kept_aside(*, reader: Reader) -> QuerySet[ReturnedAct]:
    """What came back with a fault: for the organisation that sent it, and for the hub."""
    faulty = ReturnedAct.objects.exclude(fault="")
    mine = faulty if reader.is_hub else faulty.filter(issued__organisation=reader.organisation or 0)
    told = mine.select_related("issued__organisation", "person", "document")
    return told.defer("document__content").order_by("-received_at", "-pk")


def seal_of_hub() -> PublicSeal:
    """What anybody needs to verify the acts of this hub."""
    return present_seal().public


def authorities_in(folder: Path) -> int:
    """How many authorities for advanced signatures a folder of the operator names.

    Raises ValueError for a file that holds no certificate.
    """
    return len(read_roots(folder)) if folder.is_dir() else 0
