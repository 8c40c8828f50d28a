"""What changed from one version of a contribution to the next, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.core.policy import Reader
from minga.features.exchange import queries
from minga.features.exchange.pages.contents import read
from minga.store import world
from minga.store.objects.models import Contribution, Version

MOST_LINES = 40
MOST_VERSIONS = 10
LONGEST_TEXT = 20_000
MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class Changes:
    """The last change: `lines` are ("del" or "ins", words), `history` when each version came."""

    number: int
    version: Version
    lines: tuple[tuple[str, str], ...]
    history: tuple[tuple[int, datetime], ...]


def last_change(contribution: Contribution, *, reader: Reader) -> Changes | None:
    """What the newest version says otherwise than the one before; None for a first version."""
    if not contribution.root_id:
        return None
    versions = queries.versions_of(contribution.root_id, reader=reader)
    newest = list(versions[:MOST_VERSIONS])
    if len(newest) < 2:
        return None
    after, before = newest[:2]
    number = versions.count()
    return Changes(
        number,
        after,
        tuple(_compared(read(before), read(after))[:MOST_LINES]),
        tuple((number - ago, world.from_us(v.modified_us)) for ago, v in enumerate(newest)),
    )


def _compared(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    for name in ("name", "description"):
        lines += _differing(str(before.get(name, "")), str(after.get(name, "")))
    if after.get("revoked") and not before.get("revoked"):
        lines.append(("ins", _("Withdrawn by who shared it.")))
    return lines + _references(before, after)


def _differing(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that went and came, by whole lines.

    What two lines have in common is not looked for: for two hundred lines a side that took
    minutes, of everybody who opened the page.
    """
    old, new = before[:LONGEST_TEXT].splitlines(), after[:LONGEST_TEXT].splitlines()
    if len(old) * len(new) >= MOST_PAIRS:
        return []
    signs = {"-": "del", "+": "ins"}
    compared = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]  # after its two headers
    return [
        (signs[line[0]], line[1:]) for line in compared if line[0] in signs and line[1:].strip()
    ]


def _references(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    """How many indicators came and went."""
    old, new = _refs(before), _refs(after)
    lines = []
    if gone := len(old - new):
        words = ngettext("%(count)d indicator less", "%(count)d indicators less", gone)
        lines.append(("del", words % {"count": gone}))
    if come := len(new - old):
        words = ngettext("%(count)d indicator more", "%(count)d indicators more", come)
        lines.append(("ins", words % {"count": come}))
    return lines


def _refs(content: dict[str, Any]) -> set[str]:
    refs = map(str, content.get("object_refs") or ())
    return {ref for ref in refs if ref.startswith("indicator--")}
