"""The fonts: pinned, checked, and never missed."""

import base64
import hashlib
import io
import json
import os
import re
import tarfile

import pytest

from minga.web import fonts
from minga.web.fonts import FontsUnavailable

FILE = b"wOF2 stands for a font here"


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """An npm of the test's own, which packs whatever it is told to and counts its calls."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for package in fonts.pinned():
            for inside in package.files.values():
                member = tarfile.TarInfo(f"package/{inside}")
                member.size = len(FILE)
                tar.addfile(member, io.BytesIO(FILE))
    archive = tmp_path / "archive"
    archive.write_bytes(packed.getvalue())
    tool = tmp_path / "bin" / "npm"
    tool.parent.mkdir()
    tool.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n'
        f'for last; do :; done\ncp {archive} "$last/package.tgz"\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    return base64.b64encode(hashlib.sha512(packed.getvalue()).digest()).decode()


def pin(monkeypatch, tmp_path, sha512):
    manifest = json.loads(fonts.MANIFEST.read_text())
    for package in manifest["packages"]:
        package["sha512"] = sha512
    changed = tmp_path / "fonts.json"
    changed.write_text(json.dumps(manifest))
    monkeypatch.setattr(fonts, "MANIFEST", changed)


def test_fonts_are_brought_with_a_style_sheet_that_names_them(npm, tmp_path, monkeypatch):
    pin(monkeypatch, tmp_path, npm)

    fonts.fetch(tmp_path / "fonts")

    styles = (tmp_path / "fonts" / "fonts.css").read_text()
    named = set(re.findall(r'url\("([^"]+)"\)', styles))
    assert named == {path.name for path in (tmp_path / "fonts").glob("*.woff2")}
    assert all((tmp_path / "fonts" / name).read_bytes() == FILE for name in named)


def test_fonts_that_are_there_are_not_fetched_again(npm, tmp_path, monkeypatch):
    pin(monkeypatch, tmp_path, npm)

    for _ in range(2):
        fonts.fetch(tmp_path / "fonts")

    assert len((tmp_path / "calls").read_text().splitlines()) == len(fonts.pinned())


def test_an_archive_that_is_not_the_pinned_one_is_not_used(npm, tmp_path):
    with pytest.raises(FontsUnavailable, match="SHA-512"):
        fonts.fetch(tmp_path / "fonts")

    assert not (tmp_path / "fonts").exists()


def test_without_npm_the_reason_is_said_and_nothing_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(fonts, "FOLDER", tmp_path / "fonts")

    with pytest.raises(FontsUnavailable, match="npm is not installed"):
        fonts.fetch(tmp_path / "fonts")


def test_the_manifest_names_no_registry_and_pins_every_package():
    manifest = fonts.MANIFEST.read_text()

    assert "://" not in manifest
    for package in fonts.pinned():
        assert len(base64.b64decode(package.sha512)) == 64
        assert re.fullmatch(r"\d+\.\d+\.\d+", package.version)
