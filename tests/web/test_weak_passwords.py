"""Long passwords that are guessed first, and those that are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from minga.web.weak_passwords import LIST, is_easily_guessed
from tests import factories

GUESSED = [
    "passwordpassword", "Password12345678", "P4ssw0rd!P4ssw0rd!", "123456789012345",
    "qwertyuiopasdfghjkl", "1qaz2wsx3edc4rfv", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabc",
    "abcdefghijklmno", "zyxwvutsrqponml", "iloveyou iloveyou", "sunshinedragon12",
    "1111 2222 3333 11",
    "2024-2024-2024-2024", "Viva Chile Mierda", "contraseña segura", "monkey!monkey!monkey!",
]  # fmt: skip
NOT_GUESSED = [
    "el mar del norte es frío", "otra frase bastante larga", "correct horse battery 7 staples",
    "la micro pasó tarde el lunes", "kX9#vLq2Zr8!mT4w", "tres tristes tigres comían trigo",
    "ñandú veloz cruza la pampa", "bicicleta nube cuchara tren",
]  # fmt: skip


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_guessed_first_is_refused(password):
    assert is_easily_guessed(password)


@pytest.mark.parametrize("password", NOT_GUESSED)
def test_a_sentence_of_ones_own_is_taken(password):
    assert not is_easily_guessed(password)


def test_every_line_of_the_list_is_refused_whatever_its_case_and_blanks():
    lines = [x for x in LIST.read_text("utf-8").splitlines() if x and not x.startswith("#")]

    assert len(lines) == len(set(lines)) > 100
    assert all(is_easily_guessed(" ".join(line.upper())) for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("camila rojas 2026", False),
        ("BancoEjemplo-2026!", False),
        ("csirt nacional 123", False),
        ("banco ejemplo queda en la esquina", True),
        ("x" * 200, False),
        ("corta y clara", False),
        ("a-é-" * 3 + "una frase con sesenta y cuatro caracteres y un poco más todavía", True),
    ],
)
def test_names_are_no_password_but_may_stand_in_one(settings, password, is_taken):
    settings.HUB_NAME = "CSIRT Nacional"
    home = factories.organisation("Banco Ejemplo")
    person = factories.person(home, name="Camila Rojas", email="camila@bancoejemplo.example")

    try:
        validate_password(password, person)
    except ValidationError:
        assert not is_taken
    else:
        assert is_taken


@given(st.text(min_size=15, max_size=200))
def test_whatever_is_typed_gets_an_answer(password):
    assert is_easily_guessed(password) in {True, False}
