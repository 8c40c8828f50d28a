"""TAXII beside its peers: `python -m bench.taxii`.

Durable ingest in batches of 1000, first page, full read, match[id], manifest, and eight clients
that read mixed things for a while. Minga on SQLite and, with MINGA_DATABASE, on PostgreSQL, at
10,000 and at 200,000 stored objects. medallion keeps everything in memory and is quadratic: it is
asked to take in 10,000, and not to read them, as a page takes minutes. OpenTAXII takes minutes to
read 200,000, so its full read is timed for `--patience` seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.databases import fresh_database
from bench.taxii_servers import (
    Connection,
    TaxiiServer,
    envelope,
    medallion,
    minga,
    opentaxii,
    stix_id,
)

BATCH = 1_000
CLIENTS = 8
HEAD = (
    "server | stored | ingest/s | last/first | page ms | full read/s | by id ms | manifest ms"
    " | mixed req/s | p99 ms | MB"
)


@dataclass
class Figures:
    """What one server did at one size; None where it was not measured."""

    server: str
    stored: int
    ingest: float | None = None
    last_tenth: float | None = None
    tail_to_head: float | None = None
    first_page_ms: float = 0.0
    full_read: float = 0.0
    by_id_ms: float = 0.0
    manifest_ms: float = 0.0
    mixed: float = 0.0
    p99_ms: float = 0.0
    memory_mb: float = 0.0
    notes: list[str] = field(default_factory=list)


def main() -> None:
    """Measure all in one sitting and print the figures and ratios."""
    parser = argparse.ArgumentParser(description="TAXII servers side by side.")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--patience", type=float, default=20.0, help="seconds for what is slow")
    parser.add_argument("--port", type=int, default=8370)
    parser.add_argument("--without-peers", action="store_true")
    options = parser.parse_args()
    print(HEAD, flush=True)
    found = list(_measure_ours(options))
    if not options.without_peers:
        found += _measure_peers(options)
    for ours in (f for f in found if f.server.startswith("Minga")):
        for peer in (f for f in found if not f.server.startswith("Minga")):
            if peer.stored == ours.stored:
                _print_ratio(ours, peer)


def _measure_ours(options: argparse.Namespace) -> Iterator[Figures]:
    for name, base in (("SQLite", ""), ("PostgreSQL", os.environ.get("MINGA_DATABASE", ""))):
        if name == "PostgreSQL" and not base:
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            fresh_database(base) as database,
            minga(Path(folder), options.port, database) as server,
        ):
            for first, size in ((0, options.small), (options.small, options.large)):
                figures = Figures(f"Minga, {name}", size)
                _ingest(server, figures, first, size)
                yield _read(server, figures, options.patience)


def _measure_peers(options: argparse.Namespace) -> Iterator[Figures]:
    taken_in = Figures("OpenTAXII", options.small)
    with tempfile.TemporaryDirectory() as folder, opentaxii(Path(folder), options.port) as server:
        _ingest(server, taken_in, 0, min(options.small, 3_000))
    for size in (options.small, options.large):
        with (
            tempfile.TemporaryDirectory() as folder,
            opentaxii(Path(folder), options.port, stored=size) as server,
        ):
            figures = taken_in if size == options.small else Figures("OpenTAXII", size)
            yield _read(server, figures, options.patience)
    with tempfile.TemporaryDirectory() as folder, medallion(Path(folder), options.port) as server:
        figures = Figures("medallion", options.small)
        _ingest(server, figures, 0, options.small)
        yield _shown(figures)


def _ingest(server: TaxiiServer, figures: Figures, first: int, until: int) -> None:
    """Objects a second, and how the last tenth compares with the first."""
    connection, seconds = server.connect(), []
    for start in range(first, until, BATCH):
        body = envelope(start, min(BATCH, until - start))
        before = time.perf_counter()
        connection.post(body)
        seconds.append(time.perf_counter() - before)
    tenth = max(1, len(seconds) // 10)
    figures.ingest = (until - first) / sum(seconds)
    figures.last_tenth = (until - first) / len(seconds) * tenth / sum(seconds[-tenth:])
    figures.tail_to_head = sum(seconds[:tenth]) / sum(seconds[-tenth:])


def _read(server: TaxiiServer, figures: Figures, patience: float) -> Figures:
    connection = server.connect()
    figures.first_page_ms = _median_ms(lambda _: connection.get(f"limit={BATCH}"), patience)
    figures.manifest_ms = _median_ms(
        lambda _: connection.get(f"limit={BATCH}", "manifest"), patience
    )
    random = Random(1)
    figures.by_id_ms = _median_ms(
        lambda _: connection.get(f"match[id]={stix_id(random.randrange(figures.stored))}"), patience
    )
    figures.full_read = _full_read(connection, figures, patience)
    figures.mixed, figures.p99_ms = _mixed(server, figures.stored, patience / 2)
    figures.memory_mb = server.memory_mb()
    return _shown(figures)


def _median_ms(act: Callable[[int], object], patience: float, times: int = 30) -> float:
    seconds: list[float] = []
    deadline = time.perf_counter() + patience
    for number in range(times):
        before = time.perf_counter()
        act(number)
        seconds.append(time.perf_counter() - before)
        if time.perf_counter() > deadline:
            break
    return statistics.median(seconds) * 1e3


def _full_read(connection: Connection, figures: Figures, patience: float) -> float:
    """Objects a second over all pages, or over those of so many seconds."""
    start, count, query = time.perf_counter(), 0, f"limit={BATCH}"
    while True:
        page = json.loads(connection.get(query))
        count += len(page["objects"])
        if not page.get("more"):
            break
        if time.perf_counter() - start > patience:
            figures.notes.append(f"read {count:,} of {figures.stored:,}")
            break
        query = f"limit={BATCH}&next={page['next']}"
    return count / (time.perf_counter() - start)


def _mixed(server: TaxiiServer, stored: int, seconds: float) -> tuple[float, float]:
    """Requests a second of eight clients, and the slowest hundredth's time in milliseconds."""
    spent: list[float] = []
    end = time.perf_counter() + seconds

    def read(seed: int) -> None:
        connection, random = server.connect(), Random(seed)
        while time.perf_counter() < end:
            some = stix_id(random.randrange(stored))
            query, what = random.choice(
                [(f"match[id]={some}", "objects"), ("limit=10", "objects"),
                 (f"match[id]={some}", "manifest"), ("limit=20", "manifest")]
            )  # fmt: skip
            before = time.perf_counter()
            connection.get(query, what)
            spent.append(time.perf_counter() - before)

    began = time.perf_counter()
    clients = [threading.Thread(target=read, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    spent.sort()
    return len(spent) / (time.perf_counter() - began), spent[int(len(spent) * 0.99) - 1] * 1e3


def _shown(f: Figures) -> Figures:
    """The same, printed: a sitting takes a quarter of an hour."""
    cells = [f.server, f"{f.stored:,}"]
    cells += [f"{f.ingest:,.0f}", f"{f.tail_to_head:.2f}"] if f.ingest else ["-", "-"]
    cells += (
        [f"{f.first_page_ms:.1f}", f"{f.full_read:,.0f}", f"{f.by_id_ms:.2f}",
         f"{f.manifest_ms:.1f}", f"{f.mixed:,.1f}", f"{f.p99_ms:.1f}", f"{f.memory_mb:.0f}"]
        if f.full_read
        else ["-"] * 7
    )  # fmt: skip
    print(" | ".join([*cells, *f.notes]), flush=True)
    return f


def _print_ratio(ours: Figures, peer: Figures) -> None:
    parts = []
    if ours.ingest and peer.ingest:
        parts.append(f"ingest ×{ours.ingest / peer.ingest:,.0f}")
    if ours.last_tenth and peer.last_tenth:
        parts.append(f"its last tenth ×{ours.last_tenth / peer.last_tenth:,.0f}")
    if peer.full_read:
        parts += [f"full read ×{ours.full_read / peer.full_read:,.0f}",
                  f"by id ×{peer.by_id_ms / ours.by_id_ms:,.0f}",
                  f"page ×{peer.first_page_ms / ours.first_page_ms:,.0f}",
                  f"mixed ×{ours.mixed / peer.mixed:,.0f}"]  # fmt: skip
    print(f"{ours.server} to {peer.server} at {ours.stored:,}: {', '.join(parts)}")


if __name__ == "__main__":
    main()
