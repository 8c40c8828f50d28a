"""Secrets kept to be used again."""

import pytest

from minga.store.sealing import NotSealedHere, seal, unseal


def test_what_is_sealed_opens_for_its_purpose():
    assert unseal(seal(b"secret", purpose="totp 7"), purpose="totp 7") == b"secret"


def test_what_is_sealed_says_nothing_and_never_looks_the_same():
    first, second = (seal(b"secret", purpose="totp 7") for _ in range(2))

    assert first != second
    assert b"secret" not in first


def test_a_row_moved_to_another_place_opens_nothing():
    with pytest.raises(NotSealedHere):
        unseal(seal(b"secret", purpose="totp 7"), purpose="totp 8")


def test_one_altered_byte_anywhere_is_noticed():
    sealed = seal(b"secret", purpose="totp 7")

    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(NotSealedHere):
            unseal(bytes(altered), purpose="totp 7")


@pytest.mark.parametrize("remains", [b"", b"short"])
def test_what_was_cut_off_is_noticed(remains):
    with pytest.raises(NotSealedHere):
        unseal(remains, purpose="totp 7")
