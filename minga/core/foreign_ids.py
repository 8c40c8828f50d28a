"""Identifiers of legal entities that have no RUT: a scheme and a number, such as a LEI."""

from __future__ import annotations

import re

from minga.core.problems import Invalid

LONGEST = 60
_FORM = re.compile(r"([A-Z][A-Z0-9-]{1,11}) +([A-Z0-9][A-Z0-9 ./-]{1,44})", re.ASCII)
_LEI = re.compile(r"[A-Z0-9]{18}\d{2}", re.ASCII)


def read_foreign_id(text: str) -> str:
    """A scheme and a number as people type them (`lei 5493001KJTIIGC8Y1R12`), in capitals.

    Any scheme is taken (`EIN`, `CUIT`, `VAT-DE`); of a LEI the check digits are checked (ISO
    17442-1, modulo 97). Raises Invalid when it has another form or they do not fit.
    """
    match = _FORM.fullmatch(" ".join(text.upper().split()))
    if match is None or len(text) > LONGEST:
        raise Invalid(
            f"The identifier is {text[:LONGEST]!r}; expected a scheme, a blank and a number, such "
            "as LEI 5493001KJTIIGC8Y1R12.",
            field="foreign_id",
        )
    scheme, number = match.groups()
    if scheme == "LEI" and not _is_lei(number):
        raise Invalid(
            f"LEI {number!r} has not the form or the check digits of one. Check it for a slip.",
            field="foreign_id",
        )
    return f"{scheme} {number}"


def _is_lei(number: str) -> bool:
    if not _LEI.fullmatch(number):
        return False
    return int("".join(str(int(letter, 36)) for letter in number)) % 97 == 1
