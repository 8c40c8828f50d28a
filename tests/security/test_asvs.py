"""Every requirement of ASVS that is followed says what holds it, and that is there."""

from collections import Counter

from tests.security import asvs


def test_the_standard_is_counted_whole():
    assert Counter(asvs.levels().values()) == {"1": 70, "2": 183, "3": 92}


def test_every_requirement_of_levels_one_and_two_is_answered():
    followed = {number for number, level in asvs.levels().items() if level in asvs.KEPT}

    assert set(asvs.requirements()) == followed


def test_every_answer_is_of_a_known_kind_and_says_something():
    wrong = [
        number
        for number, (about, how, *named) in asvs.requirements().items()
        if how not in asvs.HOW or not about or not named or not all(named)
    ]
    assert wrong == []


def test_every_test_and_page_that_is_named_is_there():
    assert asvs.missing() == [], "name another in docs/security/asvs.toml, or say `later` and why"
