"""The queue: take the next job, run it, repeat it when it may succeed later."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django_tasks import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from minga.core.problems import Problem, StorageFull
from minga.store import world
from minga.store.journal import origins
from minga.store.work import workers

PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)
LEASE = timedelta(hours=1)
"""How long a job on another machine may run before it is taken to be dead."""
DIED = "died "
"""Before the name of a worker that died with a job: that was no attempt of the job."""
MOST_DEATHS = 30
"""A job that so many workers died with is taken to be what kills them."""

_log = logging.getLogger("minga.work")


def take(worker: str) -> DBTaskResult[Any, Any] | None:
    """The next job that is due, marked as this worker's, or None.

    Looking takes no write lock: on SQLite an idle worker never stands in a writer's way.
    """
    due = DBTaskResult.objects.ready()
    if not due.exists():
        return None
    with transaction.atomic():
        job = due.get_locked()
        if job is not None:
            job.claim(worker)
    return job


def run(job: DBTaskResult[Any, Any]) -> None:
    """Do a job and note how it ended.

    A Problem is an answer and ends it. Anything else, and a full disk, may pass: the job is
    repeated after 10 seconds, 1 minute, 10 minutes and 1 hour, then given up and logged.
    """
    try:
        with origins.coming_from(origins.WORKER):
            value = _call(job)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is noted in its row
        _note_failure(job, error)
    else:
        job.set_successful(value)


def take_over() -> int:
    """Put back the jobs of workers that died in the middle; return how many orphans there were."""
    orphans = [job for job in DBTaskResult.objects.running() if not _is_in_good_hands(job)]
    for job in orphans:
        if _deaths(job) >= MOST_DEATHS:
            job.set_failed(RuntimeError(f"{MOST_DEATHS} workers died with this job."))
            _log.error("Job %s is given up: %d workers died with it.", job.task_path, MOST_DEATHS)
            continue
        _log.warning("The worker of job %s died; the job starts again.", job.task_path)
        *before, last = job.worker_ids
        _put_back(job, after=timedelta(0), worker_ids=[*before, f"{DIED}{last}"])
    return len(orphans)


def _deaths(job: DBTaskResult[Any, Any]) -> int:
    return sum(name.startswith(DIED) for name in job.worker_ids)


def _call(job: DBTaskResult[Any, Any]) -> Any:
    task: Any = job.task
    result: Any = job.task_result
    context = (TaskContext(task_result=result),) if task.takes_context else ()
    return task.call(*context, *result.args, **result.kwargs)


def _note_failure(job: DBTaskResult[Any, Any], error: Exception) -> None:
    attempts = len(job.worker_ids) - _deaths(job)
    is_final = isinstance(error, Problem) and not isinstance(error, StorageFull)
    if is_final or attempts > len(PAUSES):
        job.set_failed(error)
        _log.error("Job %s failed after %d attempts.", job.task_path, attempts, exc_info=error)
        return
    pause = PAUSES[attempts - 1]
    _log.warning("Job %s failed (%r); again in %s.", job.task_path, error, pause)
    _put_back(job, after=pause)


def _put_back(job: DBTaskResult[Any, Any], *, after: timedelta, **changes: Any) -> None:
    DBTaskResult.objects.filter(
        pk=job.pk, status=TaskResultStatus.RUNNING, worker_ids=job.worker_ids
    ).update(status=TaskResultStatus.READY, run_after=world.now() + after, **changes)


def _is_in_good_hands(job: DBTaskResult[Any, Any]) -> bool:
    """Whether the worker that has this job runs, or may well run on another machine."""
    runs = workers.is_running(job.worker_ids[-1])
    return world.now() - job.started_at < LEASE if runs is None else runs
