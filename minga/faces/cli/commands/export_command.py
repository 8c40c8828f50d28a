"""`minga export`."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from minga.core.policy import Reader
from minga.core.problems import Invalid
from minga.faces.cli import acting
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.features.exchange import queries
from minga.features.exchange.queries import Collection, Filters
from minga.store import world

PAGE = 1_000


@minga_command("export")
@acting.as_option
@click.option(
    "--collection", "alias", default="everything", show_default=True,
    help="The alias of a TAXII collection, such as alerts or circle-SLUG.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Where to (default: standard output).")
@click.option("--added-after", metavar="TIME", help="Only what was added after this, ISO 8601.")
@click.option("--type", "types", multiple=True, help="Only objects of this type; may be repeated.")
@click.option("--all-versions", is_flag=True, help="Every version, not only the last.")
def command(
    console: Console,
    slug: str | None,
    alias: str,
    output: str | None,
    added_after: str | None,
    types: tuple[str, ...],
    all_versions: bool,
) -> None:
    """Write what an organisation may read as one STIX bundle, byte for byte as it was received.

    The order is that in which the organisation could first read it. A FILE that ends in .gz is
    compressed. Memory does not grow with the bundle.
    """
    reader = acting.acting_for(slug).reader
    filters = Filters(
        added_after=_microseconds(added_after) if added_after else -1,
        types=types,
        versions=() if all_versions else ("last",),
    )
    collection = queries.collection(alias, reader=reader)
    with _opened(output) as file:
        count = write_bundle(file, collection, filters, reader=reader)
    if output:
        console.done(f"{count} objects written to {output}.", {"objects": count, "file": output})


def write_bundle(
    file: BinaryIO, collection: Collection, filters: Filters, *, reader: Reader
) -> int:
    """Write a bundle of what passes the filters, page by page; the number of objects."""
    file.write(f'{{"type":"bundle","id":"bundle--{world.random_uuid()}","objects":['.encode())
    count = 0
    for raw in _objects(collection, filters, reader=reader):
        file.write(b",\n" if count else b"\n")
        file.write(raw)
        count += 1
    file.write(b"\n]}\n")
    return count


def _objects(collection: Collection, filters: Filters, *, reader: Reader) -> Iterator[bytes]:
    cursor = ""
    while True:
        page = queries.page(collection, filters, reader=reader, limit=PAGE, cursor=cursor)
        yield from (row.raw for row in page.rows)
        if not page.next:
            return
        cursor = page.next


@contextmanager
def _opened(output: str | None) -> Iterator[BinaryIO]:
    """The file, in place only when it is whole; standard output when none is named."""
    if not output:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as plain:
            if path.suffix == ".gz":
                with gzip.GzipFile(fileobj=plain, mode="wb", filename="", mtime=0) as zipped:
                    yield zipped  # type: ignore[misc] # it writes bytes like any other
            else:
                yield plain
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _microseconds(text: str) -> int:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"--added-after is {text!r}; expected ISO 8601, such as 2026-11-23T09:30:00Z."
        ) from None
    return world.to_us(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
