"""What is installed is named by version and hash, and by nothing that names a place."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
PLACE = re.compile(r"://|^\s*-|@\s*(?:file|git|http)|\b(?:index|trusted-host|find-links)\b", re.M)


def pins(lock):
    text = (ROOT / lock).read_text("utf-8")
    return {canonicalize_name(name): version for name, version in PIN.findall(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_index(lock):
    text = re.sub(r"--hash=sha256:[0-9a-f]{64}", "", (ROOT / lock).read_text("utf-8"))

    assert PLACE.search(text) is None


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash(lock):
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text("utf-8").strip())

    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_what_runs_is_what_was_tested():
    development = pins("requirements-dev.lock")

    for name, version in pins("requirements.lock").items():
        assert development[name] == version


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = pins("requirements.lock")

    for text in project["dependencies"]:
        wanted = Requirement(text)
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier
