"""What happens later when somebody joins."""

from __future__ import annotations

from django_tasks import task

from minga.store.objects import late_doors


@task()
def bring_older(*, origin: int, audience: int, before_us: int) -> int:
    """Bring to a late door what its origin was shown before; the number of things brought."""
    return late_doors.bring_older(origin=origin, audience=audience, before_us=before_us)
