"""Walking the chain: whether every line stands as it was written, and where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from minga.store.journal.chain import BEFORE_THE_FIRST, content_of, digest_of, values_of
from minga.store.journal.models import Entry, Link

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many lines hold, and the digest of the last of them.

    `broken` is the number of the first line that does not hold, and `says` what is wrong with it;
    0 and empty when all do.
    """

    lines: int
    head: str
    broken: int = 0
    says: str = ""


def count() -> int:
    """How many lines there are, by the number of the last."""
    return Link.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def verify(*, head: str = "", watch: Callable[[int], None] = lambda _: None) -> Verdict:
    """Walk the whole chain in constant memory; `watch` hears how many lines hold so far.

    `head` is the digest of a line that somebody wrote down earlier: without one, lines taken off
    the end leave no trace. Lines that are added meanwhile are walked too.
    """
    lines, last, is_met = 0, BEFORE_THE_FIRST, head in {"", BEFORE_THE_FIRST}
    for link in _links():
        fault = _fault(link, number=lines + 1, after=last)
        if fault:
            return Verdict(lines, last, lines + 1, fault)
        lines, last = lines + 1, link.digest
        is_met = is_met or last == head
        if lines % AT_ONCE == 0:
            watch(lines)
    if not is_met:
        says = f"The chain ends before the digest {head}: lines are missing from its end."
        return Verdict(lines, last, lines + 1, says)
    loose = Entry.objects.filter(link=None).order_by("pk").first()
    if loose is not None:
        says = f"An entry of {loose.at:%F %T} UTC ({loose.action}) stands outside the chain."
        return Verdict(lines, last, lines + 1, says)
    return Verdict(lines, last)


def _links() -> Iterator[Link]:
    walked = -(2**63)
    links = Link.objects.select_related(
        "entry__organisation", "entry__concerns", "entry__person", "entry__key"
    )
    while page := list(links.filter(sequence__gt=walked).order_by("sequence")[:AT_ONCE]):
        yield from page
        walked = page[-1].sequence


def _fault(link: Link, *, number: int, after: str) -> str:
    """What is wrong with a line that should be this number; nothing when it holds."""
    if link.sequence > number:
        return f"It is missing; the next one that is there is line {link.sequence}."
    if link.sequence < number:
        return f"A line stands before it with the number {link.sequence}."
    content = content_of(values_of(link.entry))
    if content != link.entry.content:
        return "What it says is not what was written."
    if link.previous != after:
        return "It does not follow from the line before it."
    if link.digest != digest_of(after, content):
        return "Its digest is not that of what was written."
    return ""
