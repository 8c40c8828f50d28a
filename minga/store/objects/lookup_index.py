"""Which observables a value may be, at the speed of memory: twelve bytes for each one known.

The index holds a 64-bit hash of every value and the row it stands in, so it answers "perhaps this
row" or "surely none". It knows no audience: whoever asks must read the rows by a query for his
reader. The hash is the interpreter's own (SipHash, keyed anew in every process), so nobody can
prepare values that collide; a collision would cost time only.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from django.db import connection
from django.db.models import Max
from numpy.typing import NDArray

from minga.store.objects.models import Observable

Hashes: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = NDArray[np.unsignedinteger[Any]]

BATCH = 20_000
# A new layer swallows those before it that are less than so many times as large. So each value is
# moved a few times in its life, and a question looks into a handful of layers.
GROWTH = 4


def candidates(values: Sequence[str]) -> list[int]:
    """The rows of observables that may have one of these values, in order.

    `values` are spelled as `keeping.match_key` does. Nothing that was committed before the call
    is left out, whichever process wrote it; some rows may be of other values, or of other kinds.
    """
    asked = np.sort(_hashes_of(values))
    rows = {row for layer in _of_this_database().layers_now() for row in layer.rows_of(asked)}
    return sorted(rows)


@dataclass(frozen=True, slots=True)
class Layer:
    """Hashes in ascending order, and beside each the row it stands for."""

    hashes: Hashes
    rows: Rows

    @classmethod
    def of(cls, values: Sequence[str], rows: Sequence[int]) -> Layer:
        """The layer of these values and the rows they stand in, the highest row last."""
        hashes = _hashes_of(values)
        order = np.argsort(hashes, kind="stable")
        numbers: Rows = np.asarray(rows, np.uint64)
        if not rows or rows[-1] < 2**32:
            numbers = numbers.astype(np.uint32)
        return cls(hashes[order], numbers[order])

    def __len__(self) -> int:
        return len(self.hashes)

    def merged_with(self, other: Layer) -> Layer:
        """Both in one."""
        hashes = np.concatenate((self.hashes, other.hashes))
        order = np.argsort(hashes, kind="stable")  # linear, because both are in order
        return Layer(hashes[order], np.concatenate((self.rows, other.rows))[order])

    def rows_of(self, asked: Hashes) -> Iterator[int]:
        """The rows whose hash is among these; the search is faster when they are in order."""
        at = np.searchsorted(self.hashes, asked)
        while True:
            inside = at < len(self)
            at, asked = at[inside], asked[inside]
            same = self.hashes[at] == asked
            if not same.any():
                return
            at, asked = at[same], asked[same]
            yield from self.rows[at].tolist()
            at = at + 1  # two values may share a hash; then they stand side by side


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Rows up to `row` are complete once none of these writers is at work any more."""

    row: int
    writers: frozenset[str]


@dataclass(slots=True)
class _Index:
    """What this process remembers of one database.

    Every row up to `settled` that will ever be there lies in `layers`, the largest first. What is
    newer is read anew for each question, because on PostgreSQL a lower number may be committed
    after a higher one.
    """

    layers: tuple[Layer, ...] = ()
    settled: int = 0
    waiting: _Waiting | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def layers_now(self) -> tuple[Layer, ...]:
        """The values of every row there is. Always the same statements, whatever they find."""
        if connection.in_atomic_block:  # it may be rolled back: nothing of it is remembered
            layers, recent = self.layers, Layer.of((), ())
            for values, rows in _batches(after=self.settled):
                recent = recent.merged_with(Layer.of(values, rows))
            return (*layers, recent)
        with self.lock:
            newest = _newest_row()
            if newest < self.settled:  # another database came into the place of ours
                self.layers, self.settled, self.waiting = (), 0, None
            return self._read_on(self._complete_up_to(newest, _writers()))

    def _complete_up_to(self, newest: int, writers: frozenset[str]) -> int:
        """The row below which no other can appear any more.

        `newest` was read before `writers`. A writer locks the table before it takes numbers and
        until it commits; once no writer of that moment is left, the rows up to `newest` are all
        there for whoever reads after.
        """
        if not writers:
            self.waiting = None
            return newest
        complete = self.settled
        if self.waiting and not self.waiting.writers & writers:
            complete, self.waiting = self.waiting.row, None
        if self.waiting is None and newest > complete:
            self.waiting = _Waiting(newest, writers)
        return complete

    def _read_on(self, complete: int) -> tuple[Layer, ...]:
        layers, recent = self.layers, Layer.of((), ())
        for values, rows in _batches(after=self.settled):
            cut = bisect_right(rows, complete)
            layers = _grown(layers, Layer.of(values[:cut], rows[:cut]))
            recent = recent.merged_with(Layer.of(values[cut:], rows[cut:]))
        self.layers, self.settled = layers, complete
        return (*layers, recent)


_INDEXES: dict[str, _Index] = {}


def _of_this_database() -> _Index:
    return _INDEXES.setdefault(str(connection.settings_dict["NAME"]), _Index())


def _grown(layers: tuple[Layer, ...], layer: Layer) -> tuple[Layer, ...]:
    while layers and len(layers[-1]) < GROWTH * len(layer):
        layer = layers[-1].merged_with(layer)
        layers = layers[:-1]
    return (*layers, layer) if len(layer) else layers


def _hashes_of(values: Sequence[str]) -> Hashes:
    return np.fromiter(map(hash, values), np.int64, count=len(values))


def _newest_row() -> int:
    return Observable.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _batches(*, after: int) -> Iterator[tuple[list[str], list[int]]]:
    """Values and rows after this row, in the order of rows."""
    some = Observable.objects.order_by("pk").values_list("value", "pk")
    while found := list(some.filter(pk__gt=after)[:BATCH]):
        after = found[-1][1]
        yield [value for value, _ in found], [row for _, row in found]
        if len(found) < BATCH:
            return


def _writers() -> frozenset[str]:
    """The transactions that may be putting observables away now.

    SQLite numbers rows in the order of commits, so there none matters.
    """
    if connection.vendor != "postgresql":
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
            " AND relation = %s::regclass AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [Observable._meta.db_table],
        )
        return frozenset(row[0] for row in cursor.fetchall())
