"""The rule of reading, in full: every label against every way of being addressed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.core.policy import (
    PUBLIC,
    Audience,
    Pap,
    Reader,
    Tlp,
    check,
    is_within,
    may_read,
    may_widen,
    strictest,
)
from minga.core.problems import Invalid

ME, MY_PERSON, MY_CIRCLE, OTHER = 7, 70, 700, 8
KEY = Reader(ME, circles=frozenset({MY_CIRCLE}))
PERSON = Reader(ME, person=MY_PERSON, circles=frozenset({MY_CIRCLE}))
HUB = Reader(1, is_hub=True)
STRANGER = Reader(9)

ADDRESSED = {
    "public": {"public": True},
    "everyone": {"everyone": True},
    "hub": {"hub": True},
    "circle": {"circles": frozenset({MY_CIRCLE})},
    "organisation": {"organisations": frozenset({ME})},
    "person": {"people": frozenset({MY_PERSON})},
}
# Who reads what is addressed so, below TLP:RED. `public` needs TLP:CLEAR on top.
READERS = {
    "public": {PUBLIC, KEY, PERSON, HUB, STRANGER},
    "everyone": {KEY, PERSON, HUB, STRANGER},
    "hub": {HUB},
    "circle": {KEY, PERSON},
    "organisation": {KEY, PERSON},
    "person": {PERSON},
}


@pytest.mark.parametrize(("tlp", "way"), list(itertools.product(Tlp, ADDRESSED)))
@pytest.mark.parametrize("reader", [PUBLIC, KEY, PERSON, HUB, STRANGER])
def test_the_truth_table_of_reading(tlp, way, reader):
    expected = reader in READERS[way]
    if way == "public" and tlp != Tlp.CLEAR:
        expected = False
    if tlp == Tlp.RED and way in {"everyone", "circle"}:
        expected = False

    decision = may_read(reader, Audience(tlp, **ADDRESSED[way]))

    assert bool(decision) is expected
    assert decision.reason.endswith(".")


@pytest.mark.parametrize("tlp", Tlp)
@pytest.mark.parametrize("way", ["public", "everyone", "circle"])
def test_only_clear_is_public_and_red_knows_no_groups(tlp, way):
    audience = Audience(tlp, **ADDRESSED[way])
    fits = not (way == "public" and tlp != Tlp.CLEAR) and tlp != Tlp.RED

    if fits:
        check(audience)
    else:
        with pytest.raises(Invalid):
            check(audience)


def test_an_audience_of_nobody_is_refused():
    with pytest.raises(Invalid, match="empty"):
        check(Audience(Tlp.AMBER))


@pytest.mark.parametrize(
    ("text", "tlp"),
    [
        ("TLP:WHITE", Tlp.CLEAR),
        ("tlp:clear", Tlp.CLEAR),
        ("Amber+Strict", Tlp.AMBER_STRICT),
        ("TLP:AMBER STRICT", Tlp.AMBER_STRICT),
        (" red ", Tlp.RED),
        ("TLP:BLANCO", Tlp.CLEAR),
        ("ámbar", Tlp.AMBER),
    ],
)
def test_labels_are_read_as_members_type_them(text, tlp):
    assert Tlp.read(text) is tlp


@pytest.mark.parametrize("tlp", Tlp)
def test_a_label_reads_back(tlp):
    assert Tlp.read(tlp.label) is tlp


@pytest.mark.parametrize("pap", Pap)
def test_a_permitted_action_reads_back(pap):
    assert Pap.read(pap.label) is pap


@pytest.mark.parametrize("text", ["", "TLP:", "TLP:PINK", "redder", "AMBER+"])
def test_an_unknown_label_is_refused_with_those_that_exist(text):
    with pytest.raises(Invalid, match="TLP:AMBER\\+STRICT"):
        Tlp.read(text)


IDS = st.frozensets(st.integers(1, 3), max_size=3)
AUDIENCES = st.builds(
    Audience,
    tlp=st.sampled_from(Tlp),
    public=st.booleans(),
    everyone=st.booleans(),
    hub=st.booleans(),
    circles=IDS,
    organisations=IDS,
    people=IDS,
)
READERS_ANY = st.builds(
    Reader,
    organisation=st.integers(1, 3),
    person=st.none() | st.integers(1, 3),
    circles=IDS,
    is_hub=st.booleans(),
)


@given(reader=READERS_ANY, narrow=AUDIENCES, wide=AUDIENCES)
def test_whoever_reads_the_narrower_reads_the_wider(reader, narrow, wide):
    if is_within(narrow, wide) and may_read(reader, narrow):
        assert may_read(reader, wide)


@given(audience=AUDIENCES)
def test_every_audience_is_within_itself(audience):
    assert is_within(audience, audience)


@given(audience=AUDIENCES, reader=READERS_ANY)
def test_the_public_reads_nothing_that_a_member_may_not(audience, reader):
    if may_read(PUBLIC, audience):
        assert may_read(reader, audience)


@given(audience=AUDIENCES, organisation=st.integers(1, 3), reader=READERS_ANY)
def test_naming_the_producer_lets_him_read_and_nobody_else(audience, organisation, reader):
    named = audience.naming(organisation)
    assert may_read(Reader(organisation), named) or audience.everyone or audience.public
    if reader.organisation != organisation:
        assert bool(may_read(reader, named)) == bool(may_read(reader, audience))


@given(before=AUDIENCES, after=AUDIENCES, reader=READERS_ANY)
def test_nobody_but_the_producer_lets_a_new_reader_in(before, after, reader):
    decision = may_widen(by=2, producer=1, before=before, after=after)
    if decision and may_read(reader, after):
        assert may_read(reader, before)
        assert after.tlp >= before.tlp


def test_the_producer_may_widen_his_own():
    assert may_widen(
        by=1, producer=1, before=Audience(Tlp.RED), after=Audience(Tlp.CLEAR, public=True)
    )


@given(labels=st.lists(st.none() | st.sampled_from(Tlp)))
def test_the_strictest_label_wins_and_a_missing_one_counts_as_the_default(labels):
    worst = strictest(labels, default=Tlp.AMBER)
    assert all(worst >= (Tlp.AMBER if label is None else label) for label in labels)
    if labels:
        assert worst in {Tlp.AMBER if label is None else label for label in labels}
    else:
        assert worst is Tlp.AMBER


@pytest.mark.parametrize("ceiling", Tlp)
@pytest.mark.parametrize("tlp", Tlp)
def test_nothing_above_a_ceiling_is_read_whoever_it_names(ceiling, tlp):
    named = Audience(tlp, organisations=frozenset({1}))

    assert bool(may_read(Reader(1, ceiling=ceiling), named)) == (tlp <= ceiling)


def test_a_reader_without_a_ceiling_reads_what_names_him_whatever_its_label():
    assert not Reader(1).has_ceiling
    assert may_read(Reader(1), Audience(Tlp.RED, organisations=frozenset({1})))
