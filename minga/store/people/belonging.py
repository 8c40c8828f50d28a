"""Who is known to belong. Whoever names organisations to a reader takes them from here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from minga.core.policy import NOTHING, Reader, Tlp
from minga.store.people.models import Organisation


def belonging(*, reader: Reader) -> QuerySet[Organisation]:
    """Who belongs: the hub, and who has signed; oneself always, and for the hub who is invited.

    It is what TLP:GREEN for every member would be: who may not read that yet sees the hub alone.
    That somebody is invited is his own affair and the hub's until he signs. The hub comes first.
    """
    if reader.organisation is None:
        return Organisation.objects.none()
    everybody = Organisation.objects.filter(left_at=None).order_by("role", "name", "pk")
    if reader.is_hub:
        return everybody
    signed = ~Q(granted="") | Q(reads_up_to__gt=NOTHING)
    always = Q(role=Organisation.Role.HUB) | Q(pk=reader.organisation)
    return everybody.filter(always | signed if reader.reads_up_to >= Tlp.GREEN else always)
