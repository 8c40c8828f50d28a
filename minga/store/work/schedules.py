"""Work that comes back: enqueued when it is due, remembered by the queue itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from minga.store import locks, world


def enqueue_due() -> int:
    """Enqueue each scheduled job whose last run was enqueued long enough ago; how many."""
    due = [path for path, every in _schedules().items() if _is_due(path, every)]
    for path in due:
        with transaction.atomic():
            locks.hold("schedules")
            if _is_due(path, _schedules()[path]):
                import_string(path).enqueue()
    return len(due)


def _schedules() -> Mapping[str, timedelta]:
    schedules: Mapping[str, timedelta] = settings.SCHEDULES
    return schedules


def _is_due(path: str, every: timedelta) -> bool:
    runs = DBTaskResult.objects.filter(task_path=path)
    return not runs.filter(enqueued_at__gt=world.now() - every).exists()
