"""An agreement is read, its contradictions are found, and powers follow from what was signed."""

import pytest

from minga.core.agreement import Text, read, terms_of
from minga.core.policy import Power, Tlp
from minga.core.problems import Invalid, Malformed

HEAD = """
slug = "trial"
version = 2
title = {es = "Convenio", en = "Agreement"}
preamble = {es = "Comparecen…", en = "There appear…"}
"""


def clause(number, effects="", *, optional=False):
    return f"""
[[clauses]]
number = {number}
optional = {str(optional).lower()}
title = {{es = "Cláusula {number}", en = "Clause {number}"}}
text = {{es = "Texto", en = "Text"}}
[clauses.effects]
{effects}
"""


SHARING = clause(1, 'powers = ["share"]\nreads_up_to = "TLP:GREEN"')
CONFIDENTIAL = clause(2, 'reads_up_to = "TLP:RED"', optional=True)
AGREEMENT = HEAD + SHARING + CONFIDENTIAL + clause(3, "notice_days = 30")


def test_its_words_are_there_in_each_language():
    agreement = read(AGREEMENT)

    assert agreement.title.in_("es") == "Convenio"
    assert agreement.title.in_("en") == "Agreement"
    assert agreement.title.in_("pt") == "Convenio"
    assert agreement.clause(3).effects.notice_days == 30
    assert agreement.clause(4) is None


def test_all_clauses_but_optional_ones_are_signed_together():
    agreement = read(AGREEMENT)

    agreement.check_signed(frozenset({1, 3}))
    agreement.check_signed(frozenset({1, 2, 3}))
    with pytest.raises(Invalid, match="Clause 3 is not among those signed; only 2 may be left out"):
        agreement.check_signed(frozenset({1, 2}))
    with pytest.raises(Invalid, match="There is no clause 7; expected 1 to 3"):
        agreement.check_signed(frozenset({1, 3, 7}))


def test_powers_follow_from_what_was_signed_and_name_their_clause():
    some = terms_of(read(AGREEMENT), {1, 3})

    assert some.powers == {Power.SHARE}
    assert some.reads_up_to == Tlp.GREEN
    assert some.granting(Power.SHARE).number == 1
    assert some.letting_read(Tlp.CLEAR).number == 1
    assert some.letting_read(Tlp.AMBER) is None


def test_a_further_clause_opens_a_further_door():
    everything = terms_of(read(AGREEMENT), {1, 2, 3})

    assert everything.reads_up_to == Tlp.RED
    assert everything.letting_read(Tlp.AMBER).number == 2


@pytest.mark.parametrize(
    ("attribution", "signed", "number"),
    [("may", {1, 2}, 2), ("must", {1, 2}, 2), ("must-not", {1, 2}, None), ("may", {1}, None)],
)
def test_a_signed_clause_lets_it_be_named(attribution, signed, number):
    terms = terms_of(read(HEAD + SHARING + clause(2, f'attribution = "{attribution}"')), signed)

    assert (terms.naming and terms.naming.number) == number


def test_who_signed_nothing_may_nothing():
    nothing = terms_of(read(AGREEMENT), ())

    assert nothing.powers == frozenset()
    assert nothing.reads_up_to is None
    assert nothing.granting(Power.SHARE) is None


@pytest.mark.parametrize(
    ("effects", "found"),
    [
        ("notice_days = 60", "Clauses 3 and 4 both decide notice_days"),
        ("notice_days = 30", "Clauses 3 and 4 both decide notice_days"),
        ('reads_up_to = "TLP:PINK"', "Clause 4, reads_up_to: TLP is 'TLP:PINK'"),
        ("objection_days = -1", "Clause 4, objection_days: -1 days"),
        ('powers = ["reign"]', r"Invalid enum value 'reign' - at `\$.clauses\[3\].effects.powers"),
        ('powers = ["administer-hub"]', "Clause 4: the power 'administer-hub' comes with a role"),
        ("price = 1", "unknown field `price`"),
    ],
)
def test_a_clause_that_cannot_hold_is_refused_with_its_number(effects, found):
    with pytest.raises(Invalid, match=found):
        read(AGREEMENT + clause(4, effects))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (HEAD + clause(2), "Clauses are numbered 2; expected 1, 2, 3"),
        (HEAD + "clauses = []", "Clauses are numbered nowhere"),
        (HEAD.replace("Agreement", " ") + SHARING, "title.en has 0 characters"),
        (HEAD.replace(', en = "Agreement"', "") + SHARING, "missing required field `en`"),
        (HEAD.replace("version = 2", "version = 0") + SHARING, "The version is 0"),
    ],
)
def test_an_agreement_that_is_not_whole_is_refused(source, found):
    with pytest.raises(Invalid, match=found):
        read(source)


def test_what_is_no_toml_says_where():
    with pytest.raises(Malformed, match="line 1"):
        read("clauses = \n")


def test_a_text_is_asked_for_by_language():
    assert Text(es="hola", en="hello").in_("en") == "hello"
