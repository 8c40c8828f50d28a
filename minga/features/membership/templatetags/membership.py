"""How the words of an agreement, and the doors of a key, are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from minga.core.agreement import Text
from minga.core.agreement import prose as parts
from minga.store.people.models import Key

register = template.Library()
DOORS = {Key.Door.TAXII: "TAXII 2.1", Key.Door.API: "API"}


@register.filter
def words(text: Text) -> str:
    """The words of a text in the reader's language, without marks."""
    return parts.without_marks(text.in_(get_language() or ""))


@register.filter
def prose(text: Text) -> SafeString:
    """Paragraphs, lists and bold of a text, as HTML; anything else stays as it was written."""
    blocks = parts.blocks(text.in_(get_language() or ""))
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


@register.filter
def doors(stored: str) -> list[str]:
    """The names of a key's doors, never translated, from how they are stored."""
    return [name for door, name in DOORS.items() if door in stored.split()]


@register.filter
def in_ranges(numbers: Iterable[int]) -> str:
    """The numbers of clauses, what follows each other as a range: `1–12, 14`."""
    return parts.in_ranges(numbers)


@register.filter
def hexadecimal(digest: bytes) -> str:
    """A digest in hexadecimal, in groups that may stand on several lines."""
    return in_groups(bytes(digest).hex())


@register.filter
def in_groups(digest: str) -> str:
    """A digest that is hexadecimal already, in groups of eight."""
    return parts.in_groups(digest)


def _block(block: parts.Block) -> SafeString:
    lines = [_line(runs) for runs in block.lines]
    if block.is_list:
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", zip(lines)))
    return format_html_join("", "<p>{}</p>", zip(lines))


def _line(runs: parts.Runs) -> SafeString:
    pieces = (format_html("<b>{}</b>", said) if is_bold else said for is_bold, said in runs)
    return format_html_join("", "{}", zip(pieces))
