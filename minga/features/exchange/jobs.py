"""What the exchange does later."""

from __future__ import annotations

from django_tasks import task

from minga.features.exchange.models import Submission
from minga.features.exchange.services import settling, submissions


@task()
def work_off_submission(uuid: str) -> None:
    """Take in a large bundle that was acknowledged before."""
    submissions.work_off(Submission.objects.get(uuid=uuid))


@task()
def settle_departures() -> int:
    """Settle what departed organisations shared, as their clause says; how many contributions.

    Where much is left it goes behind the work that waits, and on from there.
    """
    count = settling.settle_departures()
    if count >= settling.AT_ONCE and settling.is_unsettled():
        settle_departures.enqueue()
    return count
