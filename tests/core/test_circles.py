"""Rules of circles and decisions by vote, and identifiers of who has no RUT."""

import pytest

from minga.core.circles import CircleRule, Standing
from minga.core.foreign_ids import read_foreign_id
from minga.core.problems import Invalid
from minga.core.votes import outcome

BANK = Standing("banking", "RM", is_essential=True)


@pytest.mark.parametrize(("rule", "sits"), [
    (CircleRule(frozenset({"banking", "energy"})), True),
    (CircleRule(frozenset({"energy"})), False),
    (CircleRule(frozenset({"banking"}), frozenset({"VS"})), False),
    (CircleRule(regions=frozenset({"RM"})), True),
    (CircleRule(is_essential=True), True),
    (CircleRule(is_vital=True), False),
])  # fmt: skip
def test_all_that_a_rule_names_must_hold(rule, sits):
    assert rule.admits(BANK) is sits
    assert not rule.admits(Standing("banking", "RM", is_essential=True, adheres=False))
    assert CircleRule.read(rule.as_stored()) == rule


@pytest.mark.parametrize("rule", [
    CircleRule(), CircleRule(regions=frozenset({"XX"})), CircleRule(frozenset({"x" * 41})),
    CircleRule(frozenset({str(n) for n in range(41)})),
])  # fmt: skip
def test_a_rule_that_names_nothing_or_what_there_is_not_is_refused(rule):
    with pytest.raises(Invalid):
        rule.check()


@pytest.mark.parametrize(("sitting", "yes", "no", "over", "decided"), [
    (3, 2, 0, False, "admitted"), (4, 2, 0, False, "open"), (4, 2, 2, False, "declined"),
    (3, 1, 1, False, "open"), (3, 1, 0, True, "declined"), (1, 1, 0, False, "admitted"),
    (0, 0, 0, False, "declined"),
])  # fmt: skip
def test_more_than_half_of_all_who_sit_admit(sitting, yes, no, over, decided):
    assert outcome(sitting=sitting, in_favour=yes, against=no, is_over=over) == decided


def test_an_identifier_abroad_is_a_scheme_and_a_number():
    assert read_foreign_id("lei  5493001kjtiigc8y1r12") == "LEI 5493001KJTIIGC8Y1R12"
    assert read_foreign_id("VAT-DE 123 456") == "VAT-DE 123 456"


@pytest.mark.parametrize("text", [
    "", "5493001KJTIIGC8Y1R12", "LEI 5493001KJTIIGC8Y1R13", "LEI 12", "EIN\x00 1",
    "EIN " + "1" * 60,
])  # fmt: skip
def test_what_is_no_identifier_is_refused(text):
    with pytest.raises(Invalid):
        read_foreign_id(text)
