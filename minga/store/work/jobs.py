"""What keeps the queue itself small."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from minga.store import world

KEPT = timedelta(days=7)
FAILURES_KEPT = timedelta(days=90)


@task()
def sweep_finished_work() -> int:
    """Forget jobs that ended well a week ago, and failed ones after 90 days; how many."""
    now = world.now()
    old = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT)
    older = DBTaskResult.objects.failed().filter(finished_at__lt=now - FAILURES_KEPT)
    return old.delete()[0] + older.delete()[0]
