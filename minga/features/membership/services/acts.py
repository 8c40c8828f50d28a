"""The act of a signature: made once, sealed, and kept as it is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from minga.features.membership.models import Signature
from minga.features.membership.services.documents import keep_document
from minga.store import locks


def prepare_act(signature: UUID) -> bool:
    """Make and keep the act of a signature; whether that was still to be done.

    Two that come at once make two, and one is kept.
    """
    whole = Signature.objects.select_related(
        "organisation", "agreement", "ceremony", "signed_document"
    )
    signed = whole.get(uuid=signature)
    if signed.act_id is not None:
        return False
    from minga.features.membership.documents.acts import act_of  # pyHanko loads for a second

    pdf = act_of(signed)
    with transaction.atomic():
        locks.hold(f"act {signed.pk}")
        without = Signature.objects.filter(pk=signed.pk, act=None)
        return without.exists() and bool(without.update(act=keep_document(pdf)))
