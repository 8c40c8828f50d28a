"""The index of observables: complete after every commit, whoever wrote, in whatever order."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from minga.store.objects.lookup_index import Layer, _Index, candidates
from minga.store.objects.models import Observable


def put(*values: str) -> list[int]:
    return [Observable.objects.create(kind="domain", value=value).pk for value in values]


def elsewhere(work, *arguments):
    """What this gives in another thread, so on a connection of its own."""

    def run():
        try:
            return work(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_what_was_just_committed_is_found_and_nothing_else():
    first = put("a.example", "b.example")
    assert candidates(["a.example", "b.example", "c.example"]) == first
    (third,) = put("c.example")
    assert candidates(["c.example", "d.example"]) == [third]


@pytest.mark.django_db(transaction=True)
def test_what_another_connection_committed_is_found():
    candidates(["a.example"])
    rows = elsewhere(put, "a.example")
    assert candidates(["a.example"]) == rows


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_forgotten_and_its_numbers_are_read_again():
    with transaction.atomic():
        rows = put("gone.example")
        assert candidates(["gone.example"]) == rows
        transaction.set_rollback(True)
    assert candidates(["gone.example"]) == []
    rows = put("came.example")
    assert candidates(["came.example"]) == rows


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_lower_number_that_is_committed_after_a_higher_one_is_found():
    """The trap of every "greater than the last one I saw"."""
    with transaction.atomic():
        (low,) = put("slow.example")
        high = elsewhere(put, "fast.example")
        found = elsewhere(candidates, ["slow.example", "fast.example"])
    assert low < high[0]
    assert found == high
    assert candidates(["slow.example", "fast.example"]) == [low, *high]


def test_rows_are_complete_once_every_writer_of_their_moment_has_ended():
    index = _Index()
    slow, fast = frozenset({"3/7"}), frozenset({"4/9"})
    assert index._complete_up_to(10, slow) == 0
    assert index._complete_up_to(12, slow | fast) == 0
    assert index._complete_up_to(15, fast) == 10
    index.settled = 10
    assert index._complete_up_to(16, fast) == 10
    assert index._complete_up_to(17, slow) == 15
    index.settled = 15
    assert index._complete_up_to(20, frozenset()) == 20


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 2**40)), max_size=40), st.data())
def test_layers_find_every_row_of_a_hash_also_where_hashes_collide(pairs, data):
    asked = np.array(sorted(data.draw(st.sets(st.integers(-6, 6)))), np.int64)
    cut = data.draw(st.integers(0, len(pairs)))
    layers = [_layer(some) for some in (pairs[:cut], pairs[cut:]) if some]
    expected = sorted(row for hash_, row in pairs if hash_ in asked)
    assert sorted(row for layer in layers for row in layer.rows_of(asked)) == expected
    if len(layers) == 2:
        assert sorted(layers[0].merged_with(layers[1]).rows_of(asked)) == expected


def test_a_layer_costs_twelve_bytes_an_observable():
    values = [f"n{number}.example" for number in range(1000)]
    layer = Layer.of(values, range(1, 1001))
    assert layer.hashes.nbytes + layer.rows.nbytes == 12 * 1000


def test_rows_beyond_four_thousand_million_still_fit():
    assert Layer.of(["a.example"], [2**40]).rows.tolist() == [2**40]


def _layer(pairs):
    ordered = sorted(pairs)
    return Layer(
        np.array([hash_ for hash_, _ in ordered], np.int64),
        np.array([row for _, row in ordered], np.uint64),
    )
