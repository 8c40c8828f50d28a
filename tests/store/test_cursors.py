"""Cursors: sealed for one reader in one list, the same for the same position, good for months."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from django.conf import settings as hub
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.policy import PUBLIC, Reader, Tlp
from minga.core.problems import Malformed
from minga.store.objects import cursors

ANA = Reader(organisation=1, person=11)
KEY = Reader(organisation=1)
OTHER = Reader(organisation=11)
LIST = "everything Filters(added_after=-1)"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ ñ"

positions = st.integers(-1, 2**62)
readers = st.builds(Reader, organisation=st.integers(1, 300), person=st.none() | st.integers(1, 99))
places = st.text(max_size=40)


@given(position=positions, reader=readers, place=places)
@settings(max_examples=200)
def test_a_cursor_opens_to_the_position_it_was_sealed_for(position, reader, place):
    cursor = cursors.seal(position, reader=reader, place=place)

    assert cursors.unseal(cursor, reader=reader, place=place) == position
    assert cursor == cursors.seal(position, reader=reader, place=place)
    assert cursor.isascii()
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(a=st.tuples(positions, readers, places), b=st.tuples(positions, readers, places))
@settings(max_examples=200)
def test_cursors_for_another_position_reader_or_list_differ_and_do_not_open(a, b):
    position, reader, place = a
    cursor = cursors.seal(position, reader=reader, place=place)
    if a != b:
        assert cursors.seal(b[0], reader=b[1], place=b[2]) != cursor
    if a[1:] != b[1:]:
        with pytest.raises(Malformed):
            cursors.unseal(cursor, reader=b[1], place=b[2])


@pytest.mark.parametrize(
    "reader",
    [KEY, OTHER, PUBLIC, Reader(organisation=11, person=1), replace(ANA, ceiling=Tlp.GREEN)],
)
def test_a_cursor_is_worth_nothing_to_anybody_else(reader):
    cursor = cursors.seal(7, reader=ANA, place=LIST)
    with pytest.raises(Malformed, match="not one of yours"):
        cursors.unseal(cursor, reader=reader, place=LIST)


def test_no_character_of_a_cursor_can_be_changed_added_or_left_out():
    cursor = cursors.seal(1_767_225_600_000_000, reader=ANA, place=LIST)
    places_ = range(len(cursor))
    altered = {cursor[:n] + letter + cursor[n + 1 :] for n in places_ for letter in ALPHABET}
    altered |= {cursor[:n] + letter + cursor[n:] for n in (*places_, 32) for letter in ALPHABET}
    altered |= {cursor[:n] + cursor[n + 1 :] for n in places_} | {"", cursor * 2}
    altered -= {cursor}

    for text in altered:
        with pytest.raises(Malformed):
            cursors.unseal(text, reader=ANA, place=LIST)


@given(
    text=st.text(max_size=60) | st.binary(max_size=48).map(lambda b: base64.b64encode(b).decode())
)
@settings(max_examples=200)
def test_what_is_no_cursor_is_refused_in_words(text):
    with pytest.raises(Malformed) as refused:
        cursors.unseal(text, reader=ANA, place=LIST)
    assert refused.value.field == "next"


def test_a_cursor_hides_how_far_apart_two_positions_are():
    """A position in the order of the whole hub would tell how much a reader did not see."""
    sealed = [
        base64.urlsafe_b64decode(cursors.seal(position, reader=ANA, place=LIST))
        for position in range(64)
    ]
    differing = [sum(a != b for a, b in zip(one, sealed[0], strict=True)) for one in sealed[1:]]
    assert min(differing) > len(sealed[0]) // 2


def test_a_cursor_of_another_hub_is_refused(settings):
    cursor = cursors.seal(7, reader=ANA, place=LIST)
    settings.CURSOR_KEY = hub.CURSOR_KEY[::-1]
    with pytest.raises(Malformed):
        cursors.unseal(cursor, reader=ANA, place=LIST)
