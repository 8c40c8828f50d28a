"""Files are named by what they hold, synced before they are promised, and whole or not there."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.core.problems import NotFound, StorageFull
from minga.store.files import blobs


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def files(home: Path) -> list[Path]:
    return sorted(path for path in home.rglob("*") if path.is_file())


@given(data=st.binary(max_size=2_000))
def test_what_is_kept_is_read_back_and_named_by_its_hash(data):
    name = blobs.keep(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert blobs.read(name) == data


def test_keeping_the_same_again_changes_nothing(home):
    blobs.keep(b"bundle")
    (path,) = files(home)
    before = path.stat()

    blobs.keep(b"bundle")

    assert files(home) == [path]
    assert path.stat().st_ino == before.st_ino


def test_only_the_hub_itself_may_open_the_folder(home):
    blobs.keep(b"bundle")
    (path,) = files(home)
    for folder in (path.parent, path.parent.parent):
        assert not stat.S_IMODE(folder.stat().st_mode) & 0o077


def test_what_is_forgotten_is_not_found_and_forgetting_twice_is_fine(home):
    name = blobs.keep(b"bundle")
    blobs.forget(name)
    blobs.forget(name)
    with pytest.raises(NotFound):
        blobs.read(name)


def test_a_damaged_file_is_never_given_out(home):
    name = blobs.keep(b"bundle")
    (path,) = files(home)
    path.write_bytes(b"bundlf")
    with pytest.raises(NotFound, match="damaged"):
        blobs.read(name)


def test_a_damaged_file_is_whole_again_once_it_is_kept_again(home):
    name = blobs.keep(b"bundle")
    (path,) = files(home)
    path.write_bytes(b"")

    blobs.keep(b"bundle")

    assert blobs.read(name) == b"bundle"


def test_a_file_is_synced_before_it_has_its_name_and_its_folder_after(home, monkeypatch):
    """In this order a power cut leaves a whole file or none, and a promised one is there."""
    steps = []
    sync, rename = os.fsync, Path.rename

    def synced(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append("folder synced" if path.is_dir() else "file synced")
        sync(descriptor)

    def renamed(path, target):
        steps.append("named")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)

    blobs.keep(b"bundle")

    assert steps == ["file synced", "named", *["folder synced"] * 3]


def test_a_write_that_fails_leaves_nothing_behind(home, monkeypatch):
    def no_space(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StorageFull):
        blobs.keep(b"bundle")
    assert files(home) == []


def test_many_keep_the_same_at_once(home):
    data, failed = b"bundle" * 10_000, []

    def keep():
        try:
            blobs.read(blobs.keep(data))
        except Exception as error:  # noqa: BLE001 - counted by the test
            failed.append(error)

    threads = [threading.Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(files(home)) == 1
