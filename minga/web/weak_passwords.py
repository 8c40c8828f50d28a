"""Passwords that are guessed first, although they are long.

Fifteen characters are not on the lists of what leaked: those hold shorter ones, and who needs
fifteen makes them of these. So this looks at what a password is made of: a list of long ones that
are known to be used (`common_passwords.txt`), repetitions, runs along the alphabet or the keyboard,
one or two of the twenty thousand most common passwords that Django brings with figures around them,
and the names of the person, his organisation and the hub. It does not know every password that
leaked, and asks nobody outside.

NIST SP 800-63B-4, section 3.1.1.2; ASVS 5.0, 6.2.4 and 6.2.11.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from minga.store.people.models import Person

LIST = Path(__file__).with_name("common_passwords.txt")
SHORTEST_NAME, SHORTEST_WORD, FEWEST_LEFT, FEWEST_LETTERS = 4, 4, 8, 5
_LOOK_ALIKES = str.maketrans("013457@$!", "oieastasi")
_ROWS = (
    "abcdefghijklmnñopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop",
    "asdfghjklñ", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p", "aeiou",
)  # fmt: skip


class NotEasilyGuessed:
    """A validator of Django's: refuses what this module finds."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError with the reason."""
        if is_made_of_names(password, _names_of(user)):
            raise ValidationError(_("It is made of your name, your organisation's or the hub's."))
        if is_easily_guessed(password):
            raise ValidationError(_("It is among the first that are guessed. Choose other words."))

    def get_help_text(self) -> str:
        """What Django shows where it shows rules."""
        return _("No common password, no repetition and no name of yours.")


def is_easily_guessed(password: str) -> bool:
    """Whether a password is common, or made of what is common: see above."""
    plain = _plain(password)
    forms = {plain, plain.translate(_LOOK_ALIKES)}
    return any(
        form in _known_long() or _is_monotonous(form) or _is_of_common_ones(form) for form in forms
    )


def is_made_of_names(password: str, names: Iterable[str]) -> bool:
    """Whether less than eight characters are left of it without these names."""
    plain = _plain(password)
    left = plain
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "")
    return left != plain and len(left) < FEWEST_LEFT


def _plain(password: str) -> str:
    """Without case, accents' composition, blanks and marks: what a guesser varies first."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    return "".join(each for each in folded if each.isalnum() or each in "@$!")


def _names_of(user: Person | None) -> set[str]:
    if user is None:
        return {_plain(settings.HUB_NAME)}
    said = [user.name, user.email, user.organisation.name, user.organisation.slug]
    parts = [part for text in [*said, settings.HUB_NAME] for part in re.split(r"\W+", text)]
    return {plain for part in parts if len(plain := _plain(part)) >= SHORTEST_NAME}


def _is_monotonous(text: str) -> bool:
    """Few different letters, a short piece again and again, or runs along a row."""
    if len(set(text)) < FEWEST_LETTERS:
        return True
    if re.fullmatch(r"(.{1,12}?)\1+.{0,3}", text):
        return True
    return len(text) - _in_runs(text) < FEWEST_LEFT


def _in_runs(text: str) -> int:
    """How many letters stand in runs of five and more along the alphabet or the keyboard."""
    rows = [way for row in _ROWS for way in (row * 2, row[::-1] * 2)]
    at = found = 0
    while at < len(text):
        longest = max(_run(text[at:], row) for row in rows)
        if longest >= FEWEST_LETTERS:
            found, at = found + longest, at + longest
        else:
            at += 1
    return found


def _run(text: str, row: str) -> int:
    """How long the beginning of the text follows this row."""
    length = 0
    while length < len(text) and text[: length + 1] in row:
        length += 1
    return length


def _is_of_common_ones(text: str) -> bool:
    """Figures and marks around one or two of the most common passwords, or nothing but figures."""
    letters = re.sub(r"^[\d@$!]+|[\d@$!]+$", "", text)
    if not letters:
        return len(set(text)) < FEWEST_LEFT
    common = _common()
    if letters in common:
        return True
    return any(
        letters[:at] in common and letters[at:] in common
        for at in range(SHORTEST_WORD, len(letters) - SHORTEST_WORD + 1)
    )


@functools.cache
def _known_long() -> frozenset[str]:
    """The shipped list, in the form in which passwords are compared."""
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(
        word for word in CommonPasswordValidator().passwords if len(word) >= SHORTEST_WORD
    )
