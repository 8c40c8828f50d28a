"""Rooms lean one way, and a new folder is noticed until it has its place."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import DOCS, PACKAGE, ROOT, modules, rooms

NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "data"}
SETTINGS_OF_DATA = PACKAGE / "config" / "settings" / "data.py"


def lint(folder):
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    """The program's text elsewhere, to be spoilt."""
    shutil.copytree(PACKAGE, tmp_path / "minga", ignore=shutil.ignore_patterns("static", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_rooms_lean_one_way():
    ended = lint(ROOT)

    assert ended.returncode == 0, ended.stdout


def test_a_room_without_a_place_is_noticed(copy):
    (copy / "minga" / "attic").mkdir()
    (copy / "minga" / "attic" / "__init__.py").write_text("")

    ended = lint(copy)

    assert ended.returncode == 1
    assert "minga.attic" in ended.stdout


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("core/rut.py", "import django"),
        ("core/rut.py", "import minga.store.world"),
        ("store/world.py", "import minga.web.doors"),
        ("web/doors.py", "import minga.features.membership.queries"),
        ("features/membership/queries.py", "import minga.features.exchange.queries"),
        ("features/membership/queries.py", "import minga.faces.cli.main"),
        ("faces/cli/main.py", "import minga.config.urls"),
        ("faces/taxii/door.py", "import minga.faces.cli.console"),
    ],
)
def test_a_look_upward_or_sideways_is_noticed(copy, room, forbidden):
    with (copy / "minga" / room).open("a") as file:
        file.write(f"\n{forbidden}\n")

    assert lint(copy).returncode == 1


def test_the_table_of_rooms_names_every_folder():
    text = (DOCS / "architecture.md").read_text("utf-8")
    table = text[text.index("| Room") :].partition("\n\n")[0]
    named = re.findall(r"^\| `(\w+)` ", table, re.MULTILINE)

    assert sorted(named) == rooms()


def test_the_picture_names_every_room():
    picture = (DOCS / "house.svg").read_text("utf-8")

    for room in rooms():
        assert f">{room}<" in picture


def test_every_package_says_what_lives_there():
    for path in PACKAGE.rglob("__init__.py"):
        if "migrations" in path.parts:
            continue
        assert path.read_text("utf-8").startswith('"""'), path


def test_no_module_has_a_name_that_says_nothing():
    named = {path for path in modules() if path.stem in NO_NAMES or path.parent.name in NO_NAMES}

    assert named - {SETTINGS_OF_DATA} == set()


def test_one_module_calls_out():
    calling = re.compile(
        r"^\s*(?:import|from) (?:http\.client|ssl|urllib\.request|requests|aiohttp|httpx)\b",
        re.MULTILINE,
    )

    assert [m for m in modules() if calling.search(m.read_text("utf-8"))] == [
        PACKAGE / "store" / "outbound.py"
    ]
