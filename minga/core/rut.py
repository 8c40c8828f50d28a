"""The RUT, Chile's number for persons and legal entities: digits, a dash and a check digit."""

from __future__ import annotations

import re

from minga.core.problems import Invalid

_FORM = re.compile(r"(\d{1,3}(?:\.\d{3}){1,2}|\d{4,9})-?([\dK])", re.ASCII)
_WEIGHTS = (2, 3, 4, 5, 6, 7)


def read_rut(text: str) -> str:
    """A RUT as people type it (`76.086.428-5`, `760864285`), without dots: `76086428-5`.

    Raises Invalid when it has another form or its check digit does not fit.
    """
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        raise Invalid(
            f"RUT is {text!r}; expected digits, a dash and a check digit, such as 76.086.428-5.",
            field="rut",
        )
    digits, found = match[1].replace(".", "").lstrip("0"), match[2]
    expected = check_digit(digits)
    if found != expected:
        raise Invalid(
            f"RUT {text!r} ends in {found}; expected {expected}. Check it for a slip.", field="rut"
        )
    return f"{digits}-{found}"


def written_rut(rut: str) -> str:
    """A RUT that was read, with the dots that people write: `76.086.428-5`."""
    digits, dash, digit = rut.partition("-")
    grouped = f"{int(digits):,}".replace(",", ".") if digits.isdecimal() else digits
    return f"{grouped}{dash}{digit}"


def check_digit(digits: str) -> str:
    """The digit or K that follows these digits: modulo 11 with the weights 2 to 7 from the right.

    Source: Servicio de Registro Civil e Identificación; K stands for 10, 0 for 11.
    """
    total = sum(int(d) * _WEIGHTS[i % 6] for i, d in enumerate(reversed(digits)))
    return "0123456789K0"[11 - total % 11]
