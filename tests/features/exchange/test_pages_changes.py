"""What changed is told in time, whatever was written."""

import random
import time

from minga.features.exchange.pages.changes import _differing


def text(chance):
    return "\n".join("".join(chance.choice("ab") for _ in range(99)) for _ in range(199))


def test_two_long_texts_that_are_alike_everywhere_are_compared_at_once():
    chance = random.Random(1)
    one, other = text(chance), text(chance)
    started = time.perf_counter()

    assert _differing(one, other)

    assert time.perf_counter() - started < 2


def test_lines_that_begin_with_signs_are_told_as_they_are():
    assert _differing("a\n- x\nb", "a\n- y\nb\n@@ z") == [
        ("del", "- x"), ("ins", "- y"), ("ins", "@@ z"),
    ]  # fmt: skip
