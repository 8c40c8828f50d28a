"""Taking turns, whoever works."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from minga.store.people.models import Tries
from minga.store.turns import Busy, turn


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_the_same_moment_as_many_get_a_turn_as_there_are():
    """Each with a connection of its own; who got one holds it until all have asked."""
    ready, asked = threading.Barrier(6), threading.Barrier(6)

    def worker():
        try:
            ready.wait()
            try:
                with turn("digging", seconds=60, most=2):
                    asked.wait()
            except Busy:
                asked.wait()
                return 0
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        got = sum(each.result() for each in [pool.submit(worker) for _ in range(6)])

    assert got == 2
    assert not Tries.objects.exists()


@pytest.mark.django_db
def test_a_turn_is_given_back_also_after_an_error():
    with pytest.raises(ZeroDivisionError), turn("digging", seconds=60):
        raise ZeroDivisionError
    with turn("digging", seconds=60), turn("sowing", seconds=60):
        pass


@pytest.mark.django_db
def test_who_finds_all_turns_taken_is_told_when_to_come_again():
    with (
        turn("digging", seconds=60),
        pytest.raises(Busy, match="try again in 60 seconds") as refused,
        turn("digging", seconds=60, field="spade"),
    ):
        pass
    assert refused.value.field == "spade"


@pytest.mark.django_db
def test_the_turn_of_a_worker_that_died_ends_by_itself():
    held = turn("digging", seconds=0)  # its time is over at once, and nobody gave it back
    held.__enter__()

    with turn("digging", seconds=60):
        taken = Tries.objects.get()
        held.__exit__(None, None, None)  # it was not dead, only late

        assert Tries.objects.get().pk == taken.pk
        with pytest.raises(Busy), turn("digging", seconds=60):
            pass


@pytest.mark.django_db(transaction=True)
def test_no_turn_is_taken_where_no_other_worker_would_see_it():
    with transaction.atomic(), pytest.raises(RuntimeError), turn("digging", seconds=60):
        pass


@pytest.mark.django_db
def test_what_holds_a_turn_names_nobody():
    with turn("look of 8e2e3f50-6f4c-4b4a-9f44-0d2b8c0f7a11", seconds=60):
        assert "8e2e" not in Tries.objects.get().pk
