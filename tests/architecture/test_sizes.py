"""What is read in one look: functions up to 40 lines, files up to 400."""

import re

import pytest

from tests.architecture.source import ROOT, functions, modules

LONGEST_FUNCTION = 40
LONGEST_FILE = 400


def test_no_function_is_longer_than_forty_lines():
    longer = [f for path in modules() for f in functions(path) if f.lines > LONGEST_FUNCTION]

    assert longer == [], "\n".join(map(str, longer))


@pytest.mark.parametrize("folder", ["minga", "tests", "bench"])
def test_no_file_is_longer_than_four_hundred_lines(folder):
    longer = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and (lines := path.read_text("utf-8").count("\n")) > LONGEST_FILE
    }

    assert longer == {}


def test_every_suppression_says_why():
    """`noqa` and `type: ignore` name a rule, and a reason stands beside it."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa|type:\s*ignore)", line)
        and not re.search(r"#\s*(noqa:\s*[A-Z]+\d+|type:\s*ignore\[[\w, -]+\])\s*(-|#)\s*\S", line)
    ]

    assert bare == []
