"""What an organisation gave and received: its own numbers, of what it may read today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from minga.core.policy import Reader
from minga.store import world
from minga.store.objects import queries as objects
from minga.store.objects.models import Contribution

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Contributions of one month of the hub's calendar, by its first day."""

    first: date
    given: int
    received: int


def given_and_received(*, reader: Reader) -> tuple[Month, ...]:
    """The last twelve months, this one last; those without anything count zero.

    What was received is what others shared and the reader's organisation may read today; what was
    withdrawn since is not in it.
    """
    firsts = _firsts()
    zone = ZoneInfo(settings.TIME_ZONE)
    begins = datetime(firsts[0].year, firsts[0].month, 1, tzinfo=zone)
    shown = Contribution.objects.filter(
        audience__in=objects.audiences(reader=replace(reader, person=None)).values("pk"),
        created_at__gte=begins,
        withdrawn_at=None,
    )
    own = Q(producer=reader.organisation or 0)
    rows = (
        shown.values(month=TruncMonth("created_at", tzinfo=zone))
        .annotate(given=Count("pk", filter=own), received=Count("pk", filter=~own))
        .values_list("month", "given", "received")
    )
    counted = {month.date(): (given, received) for month, given, received in rows}
    return tuple(Month(first, *counted.get(first, (0, 0))) for first in firsts)


def _firsts() -> list[date]:
    """The first days of the last twelve months, the oldest first."""
    today = world.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [date(each // 12, each % 12 + 1, 1) for each in reversed(months)]
