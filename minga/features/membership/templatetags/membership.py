"""How the words of an agreement, and the doors of a key, are shown."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from minga.core.agreement import Text
from minga.store.people.models import Key

register = template.Library()
DOORS = {Key.Door.TAXII: "TAXII 2.1", Key.Door.API: "API"}
BOLD = re.compile(r"\*\*(.+?)\*\*")


@register.filter
def words(text: Text) -> str:
    """The words of a text in the reader's language, without marks."""
    return BOLD.sub(r"\1", text.in_(get_language() or "")).strip()


@register.filter
def prose(text: Text) -> SafeString:
    """Paragraphs, lists and bold of a text, as HTML; anything else stays as it was written."""
    blocks = re.split(r"\n\s*\n", text.in_(get_language() or "").strip())
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


@register.filter
def doors(stored: str) -> list[str]:
    """The names of a key's doors, never translated, from how they are stored."""
    return [name for door, name in DOORS.items() if door in stored.split()]


def _block(block: str) -> SafeString:
    lines = block.splitlines()
    if all(line.startswith("- ") for line in lines):
        items = format_html_join("", "<li>{}</li>", ((_bold(line[2:]),) for line in lines))
        return format_html("<ul>{}</ul>", items)
    return format_html("<p>{}</p>", _bold(" ".join(lines)))


def _bold(line: str) -> SafeString:
    pieces = BOLD.split(line)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<b>{}</b>", piece) if position % 2 else piece,)
            for position, piece in enumerate(pieces)
        ),
    )
