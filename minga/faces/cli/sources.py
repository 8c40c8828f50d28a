"""Where an import reads from: files, folders, a pipe, each plain or gzipped."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from minga.core.problems import Malformed, NotFound

PIPE = "-"
SUFFIXES = (".json", ".json.gz", ".stix", ".stix.gz", ".stix2", ".stix2.gz")
GZIP = b"\x1f\x8b"
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """One bundle to be read. `size` is in bytes as stored, None when nobody knows."""

    name: str
    size: int | None
    open: Callable[[], BinaryIO]

    def chunks(self, *, on_read: Callable[[int], None]) -> Iterator[bytes]:
        """The bundle's bytes, unzipped when they are gzip; `on_read` learns what was read.

        Raises Malformed when a gzipped bundle is damaged or cut off.
        """
        with self.open() as stored:
            watched = io.BufferedReader(_Watched(stored, on_read), CHUNK_BYTES)
            is_gzip = watched.peek(2)[:2] == GZIP
            opened = gzip.GzipFile(fileobj=watched) if is_gzip else watched
            try:
                while chunk := opened.read(CHUNK_BYTES):
                    yield chunk
            except (EOFError, gzip.BadGzipFile) as error:
                raise Malformed(f"The gzip stream is damaged: {error}") from error


def find(paths: Iterable[str]) -> list[Source]:
    """What these arguments name, folders with everything below them that looks like STIX.

    Raises NotFound for a path that is not there, and for a folder without any bundle.
    """
    sources: list[Source] = []
    for text in paths:
        if text == PIPE:
            sources.append(Source("standard input", None, lambda: sys.stdin.buffer))
            continue
        path = Path(text)
        if not path.exists():
            raise NotFound(f"There is no {text}. Check the path.")
        files = [path] if path.is_file() else _bundles_below(path)
        if not files:
            raise NotFound(f"Nothing below {text} ends in one of {', '.join(SUFFIXES)}.")
        sources += [_file(each) for each in files]
    return sources


def _bundles_below(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name.endswith(SUFFIXES))


def _file(path: Path) -> Source:
    return Source(str(path), path.stat().st_size, lambda: path.open("rb"))


class _Watched(io.RawIOBase):
    """Passes a stream on and tells how much was read."""

    def __init__(self, stream: BinaryIO, on_read: Callable[[int], None]) -> None:
        super().__init__()
        self.stream = stream
        self.on_read = on_read

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer of bytes
        """The next bytes, counted."""
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.on_read(len(data))
        return len(data)
