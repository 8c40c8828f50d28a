"""The reference says what the code says."""

import re

import pytest

from minga.config import environment
from minga.faces.cli.exits import SAYS, Exit
from tests.architecture import reference
from tests.architecture.source import modules


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_of_the_reference_has_the_table_of_the_code(name):
    written = reference.place(name).read_text("utf-8")

    assert written == reference.page(name), "run: python -m tests.architecture.reference"


def test_every_environment_variable_that_is_read_is_a_setting():
    known = {setting.name for setting in environment.SETTINGS}
    named = set()
    for path in modules():
        named |= set(re.findall(r"\bMINGA_[A-Z_]+", path.read_text("utf-8")))

    assert named - known == set()


def test_every_setting_says_what_it_does_in_a_sentence():
    for setting in environment.SETTINGS:
        assert re.fullmatch(r"[A-Z].*\.", setting.says), setting.name


def test_every_problem_has_a_code_of_its_own():
    """Two faces may know the same problem; two problems never share a code."""
    named = {(kind.__name__, kind.code) for kind in reference.problem_kinds()}

    assert len({code for _, code in named}) == len({name for name, _ in named}) == len(named)


def test_every_exit_code_says_what_it_means():
    assert set(SAYS) == set(Exit)
