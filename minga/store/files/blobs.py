"""Bytes too large for a row: written once, synced, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

from minga.core.problems import NotFound
from minga.store import full_disk, world


def keep(data: bytes) -> str:
    """Store these bytes and return their SHA-256 in hex. Doing it again changes nothing.

    On return they are on the disk: the file is synced, renamed into place, its folder synced.
    Raises StorageFull when there is no space for them, and leaves nothing behind.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    with full_disk.told_as_problem():
        if not path.exists() or path.read_bytes() != data:
            _write(data, path)
        for folder in path.parents[:3]:  # each name from the state folder down is synced
            _sync(folder)
    return digest


def read(digest: str) -> bytes:
    """The bytes of this SHA-256. Raises NotFound, also when they no longer match their name."""
    path = _path(digest)
    if not path.exists():
        raise NotFound(f"No file {digest[:12]}… is kept.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise NotFound(f"File {digest[:12]}… is damaged; restore it from a backup.")
    return data


def forget(digest: str) -> None:
    """Delete a file that nothing refers to any more."""
    _path(digest).unlink(missing_ok=True)


def _write(data: bytes, path: Path) -> None:
    """The whole file under its name, or nothing: readers never meet half of it."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_suffix(f".{world.random_bytes(8).hex()}")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(digest: str) -> Path:
    return Path(settings.HOME) / "files" / digest[:2] / digest
