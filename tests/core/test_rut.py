"""The RUT and its check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.core.problems import Invalid
from minga.core.rut import check_digit, read_rut, written_rut


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("76.086.428-5", "76086428-5"),
        ("760864285", "76086428-5"),
        (" 60.805.000-0 ", "60805000-0"),
        ("61.704.000-k", "61704000-K"),
        ("012.345.678-5", "12345678-5"),
    ],
)
def test_a_rut_is_kept_without_dots_and_zeros_in_front(typed, kept):
    assert read_rut(typed) == kept


def test_a_wrong_check_digit_is_refused_with_the_right_one():
    with pytest.raises(Invalid, match="ends in 4; expected 5"):
        read_rut("76.086.428-4")


@pytest.mark.parametrize(
    "typed", ["", "1-9", "76.086.42-5", "76086428--5", "７６０８６４２８-5", "abc"]
)
def test_what_has_no_form_of_a_rut_is_refused(typed):
    with pytest.raises(Invalid, match="expected digits, a dash and a check digit"):
        read_rut(typed)


@given(st.integers(min_value=1_000, max_value=99_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_digit_typed_wrongly_is_always_found(number, place, shift):
    digits = str(number)
    place %= len(digits)
    changed = str((int(digits[place]) + shift) % 10)
    mistyped = f"{digits[:place]}{changed}{digits[place + 1 :]}"

    assert check_digit(mistyped) != check_digit(digits)


@pytest.mark.parametrize(
    ("rut", "written"), [("76086428-5", "76.086.428-5"), ("1000-K", "1.000-K"), ("", "")]
)
def test_it_is_shown_with_its_dots(rut, written):
    assert written_rut(rut) == written
