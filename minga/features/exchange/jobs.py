"""What the exchange does later."""

from __future__ import annotations

from django_tasks import task

from minga.features.exchange.models import Submission
from minga.features.exchange.services import submissions


@task()
def work_off_submission(uuid: str) -> None:
    """Take in a large bundle that was acknowledged before."""
    submissions.work_off(Submission.objects.get(uuid=uuid))
