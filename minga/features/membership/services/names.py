"""Names that people type, and the short names made of them."""

from __future__ import annotations

import re
import unicodedata

from django.utils.text import slugify

from minga.core.problems import Invalid

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 60


def read_name(text: str, *, field: str, longest: int = 120) -> str:
    """A name without stray spaces. Raises Invalid when it is empty, too long or unprintable."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= longest:
        raise Invalid(f"{field} has {len(name)} characters; expected 1 to {longest}.", field=field)
    if not name.isprintable():
        raise Invalid(f"{field} {name!r} holds invisible characters; take them out.", field=field)
    return name


def read_slug(text: str, *, name: str) -> str:
    """A short name for addresses and commands: as given, or made of the name.

    Raises Invalid when it is not lower-case letters, digits and dashes, 60 at most.
    """
    slug = text or slugify(name)[:LONGEST_SLUG].strip("-")
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(
            f"The short name is {slug!r}; expected lower-case letters, digits and single dashes, "
            f"{LONGEST_SLUG} at most.",
            field="slug",
        )
    return slug
