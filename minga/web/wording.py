"""How numbers and times are written for a reader, in his language.

Spanish is Chile's: 1.840 and 2,6; 21 nov; hours up to 24. English: 1,840 and 2.6; 21 Nov.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from minga.store import world

HOUR = timedelta(hours=1)


def locale() -> str:
    """The CLDR locale of the language that is spoken now."""
    return "en" if (get_language() or "").startswith("en") else "es_CL"


def number(value: float) -> str:
    """A number with the separators of the reader's language."""
    return format_decimal(value, locale=locale())


def moment(instant: datetime) -> str:
    """An instant as short as it stays clear: "18 min ago", "today 13:50", "21 Nov"."""
    now, then = _local(world.now()), _local(instant)
    ago = now - then
    if timedelta(0) <= ago < HOUR:
        minutes = int(ago.total_seconds() // 60)
        if minutes == 0:
            return gettext("just now")
        return ngettext("%(count)d min ago", "%(count)d min ago", minutes) % {"count": minutes}
    clock = format_datetime(then, "HH:mm", locale=locale())
    if then.date() == now.date():
        return gettext("today %(time)s") % {"time": clock}
    if then.date() == now.date() - timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": clock}
    pattern = "d MMM" if then.year == now.year else "d MMM y"
    return format_datetime(then, pattern, locale=locale())


def full_moment(instant: datetime) -> str:
    """An instant in full, with its time zone: what a reader sees on hover."""
    then = _local(instant)
    pattern = "EEEE d MMMM y, HH:mm" if locale() == "en" else "EEEE d 'de' MMMM 'de' y, HH:mm"
    zone = timezone.get_current_timezone_name()
    return f"{format_datetime(then, pattern, locale=locale())} ({zone})"


def _local(instant: datetime) -> datetime:
    """The instant in the reader's zone; as it is where the calendar has no such day there."""
    try:
        return timezone.localtime(instant)
    except OverflowError:
        return instant


def initials(name: str) -> str:
    """Two letters that stand for a name: "Banco Ejemplo" is BE, "Puerto" is PU."""
    words = [word for word in name.split() if word.lower() not in _SMALL_WORDS] or [name]
    letters = words[0][:1] + words[1][:1] if len(words) > 1 else words[0][:2]
    return letters.upper()


_SMALL_WORDS = frozenset({"de", "del", "la", "las", "el", "los", "y", "e", "of", "the", "and"})
