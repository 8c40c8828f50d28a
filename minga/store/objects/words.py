"""Words as a search compares them."""

from __future__ import annotations

import unicodedata


def searchable(*texts: str) -> str:
    """What a search looks through: lower case, without accents."""
    spread = unicodedata.normalize("NFD", "\n".join(texts).casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
