"""The loop of one worker."""

from __future__ import annotations

import threading

from django.db import close_old_connections

from minga.store import world
from minga.store.work import queue, schedules, workers

POLL_SECONDS = 0.5
HOUSEKEEPING_SECONDS = 60


def work(stop: threading.Event) -> None:
    """Do what is due, one job after the other, until `stop` is set."""
    name = workers.own_name()
    housekeeping_us = 0
    while not stop.is_set():
        close_old_connections()
        if world.now_us() >= housekeeping_us:
            queue.take_over()
            schedules.enqueue_due()
            housekeeping_us = world.now_us() + HOUSEKEEPING_SECONDS * 1_000_000
        job = queue.take(name)
        if job is not None:
            queue.run(job)
        else:
            stop.wait(POLL_SECONDS)


def work_off() -> int:
    """Do everything that is due now, and return how many jobs that was."""
    name, count = workers.own_name(), 0
    while (job := queue.take(name)) is not None:
        queue.run(job)
        count += 1
    return count
