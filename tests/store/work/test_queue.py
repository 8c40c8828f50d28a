"""Work that waits: taken once, repeated when it may succeed later, taken over from the dead."""

import logging
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from minga.core.problems import NotFound, StorageFull
from minga.store import world
from minga.store.work import loop, queue, schedules, workers
from minga.store.work.jobs import sweep_finished_work

pytestmark = pytest.mark.django_db
done: list[str] = []
failures: list[Exception] = []


@task()
def succeed(word):
    done.append(word)
    return word


@task()
def stumble():
    if failures:
        raise failures.pop()
    done.append("stumble")


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()
    failures.clear()


def only_job():
    return DBTaskResult.objects.get()


def test_a_job_is_done_once_and_its_answer_kept():
    succeed.enqueue("bread")

    assert loop.work_off() == 1
    assert loop.work_off() == 0
    assert done == ["bread"]
    assert only_job().return_value == "bread"


def test_an_idle_worker_looks_with_one_read_and_no_transaction():
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert queue.take("w") is None

    assert [query["sql"].split()[0] for query in seen] == ["SELECT"]


def test_a_job_that_stumbles_is_done_later_not_at_once():
    failures.append(RuntimeError("no network"))
    stumble.enqueue()

    assert loop.work_off() == 1
    assert loop.work_off() == 0
    assert only_job().status == "READY"
    assert only_job().run_after > world.now()

    DBTaskResult.objects.update(run_after=world.now())
    assert loop.work_off() == 1
    assert done == ["stumble"]


def test_a_job_that_keeps_failing_is_given_up_and_logged(caplog):
    failures.extend(RuntimeError("no network") for _ in range(9))
    stumble.enqueue()

    with caplog.at_level(logging.WARNING):
        attempts = 0
        while loop.work_off():
            attempts += 1
            DBTaskResult.objects.update(run_after=world.now())

    assert attempts == len(queue.PAUSES) + 1
    assert only_job().status == "FAILED"
    assert "failed after 5 attempts" in caplog.text


def test_a_problem_is_an_answer_and_is_not_repeated():
    failures.append(NotFound("gone"))
    stumble.enqueue()

    loop.work_off()

    assert only_job().status == "FAILED"


def test_a_full_disk_is_tried_again():
    failures.append(StorageFull("full"))
    stumble.enqueue()

    loop.work_off()

    assert only_job().status == "READY"


def test_the_job_of_a_dead_worker_starts_again():
    succeed.enqueue("bread")
    dies_with_the_next_job()

    assert loop.work_off() == 1
    assert done == ["bread"]


def test_a_death_is_no_attempt_of_the_job():
    stumble.enqueue()
    for _ in range(len(queue.PAUSES) + 1):
        dies_with_the_next_job()
    failures.append(RuntimeError("busy"))

    loop.work_off()

    assert only_job().status == "READY"
    assert only_job().run_after < world.now() + queue.PAUSES[1]


def test_a_job_that_every_worker_dies_with_is_given_up(caplog):
    succeed.enqueue("bread")
    for _ in range(queue.MOST_DEATHS):
        dies_with_the_next_job()

    dies_with_the_next_job()

    assert only_job().status == "FAILED"
    assert "30 workers died with it" in caplog.text


def dies_with_the_next_job():
    machine = workers.own_name().rsplit(":", 2)[0]
    assert queue.take(f"{machine}:999999:1")
    assert queue.take_over() == 1


def test_the_job_of_a_living_worker_is_left_to_it():
    succeed.enqueue("bread")
    queue.take(workers.own_name())

    assert queue.take_over() == 0


def test_the_job_of_a_worker_elsewhere_is_left_to_it_for_an_hour():
    succeed.enqueue("bread")
    queue.take("elsewhere:1:1")
    assert queue.take_over() == 0

    DBTaskResult.objects.update(started_at=world.now() - queue.LEASE)
    assert queue.take_over() == 1


def test_a_worker_that_ended_and_is_not_reaped_yet_runs_no_more():
    machine, _, _ = workers.own_name().rsplit(":", 2)
    with subprocess.Popen(["true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        stat = Path(f"/proc/{child.pid}/stat").read_text()

        assert not workers.is_running(f"{machine}:{child.pid}:{stat.split()[21]}")


def test_a_process_that_took_a_dead_ones_number_is_not_mistaken_for_it():
    machine, pid, _ = workers.own_name().rsplit(":", 2)

    assert workers.is_running(workers.own_name())
    assert not workers.is_running(f"{machine}:{pid}:1")


def test_what_is_scheduled_runs_once_in_its_time(settings):
    settings.SCHEDULES = {sweep_finished_work.module_path: timedelta(days=1)}

    assert schedules.enqueue_due() == 1
    assert schedules.enqueue_due() == 0

    DBTaskResult.objects.update(enqueued_at=world.now() - timedelta(days=1))
    assert schedules.enqueue_due() == 1


def test_every_schedule_names_a_job(settings):
    assert settings.SCHEDULES
    assert schedules.enqueue_due() == len(settings.SCHEDULES)
    assert loop.work_off() == len(settings.SCHEDULES)
    assert not DBTaskResult.objects.failed().exists()


def test_finished_work_is_forgotten_after_a_while_and_not_before():
    for days in (1, 8, 91):
        succeed.enqueue(str(days))
        failures.append(NotFound("gone"))
        stumble.enqueue()
        loop.work_off()
        DBTaskResult.objects.filter(finished_at__gt=world.now() - timedelta(hours=1)).update(
            finished_at=world.now() - timedelta(days=days)
        )

    sweep_finished_work.call()

    assert DBTaskResult.objects.successful().count() == 1
    assert DBTaskResult.objects.failed().count() == 2
