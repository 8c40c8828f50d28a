"""The exchange's own components: `{% load exchange %}`."""

from __future__ import annotations

from collections.abc import Collection

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minga.core.observables import Observable, defang
from minga.core.policy import Tlp
from minga.features.exchange.forms.filters import KIND_NAMES
from minga.features.exchange.forms.words import KINDS
from minga.features.exchange.pages.kinds import ICONS
from minga.features.exchange.queries import SightingSummary
from minga.store.objects.models import Contribution
from minga.web import wording
from minga.web.templatetags.minga import icon

register = template.Library()

_MAY_GO: dict[int, Promise] = {
    Tlp.RED: _("They may tell nobody else."),
    Tlp.AMBER_STRICT: _("Only inside each organisation."),
    Tlp.AMBER: _("They may warn customers who need it."),
    Tlp.GREEN: _("They may tell their community."),
    Tlp.CLEAR: _("They may tell anybody."),
}
# Relations are grouped by question: who, what with, against what.
_QUESTIONS: dict[str, Promise] = {
    "threat-actor": _("Who"),
    "intrusion-set": _("Group"),
    "campaign": _("Campaign"),
    "malware": _("Malware"),
    "tool": _("Tools"),
    "infrastructure": _("Infrastructure"),
    "vulnerability": _("Vulnerabilities"),
    "attack-pattern": _("Techniques"),
}


@register.simple_tag
def kind_badge(kind: int) -> SafeString:
    """The kind of a contribution: its icon and its word."""
    return format_html('<span class="st">{}{}</span>', icon(ICONS[kind]), kind_word(kind))


@register.filter
def kind_word(kind: int) -> str:
    """The kind of a contribution in a word."""
    return str(KINDS[Contribution.Kind(kind)])


@register.filter
def kind_slug(kind: int) -> str:
    """How the address of a list names a kind."""
    return next(name for name, each in KIND_NAMES.items() if each == kind)


@register.filter
def may_go(level: int) -> str:
    """How far a reader may take what has this label."""
    return str(_MAY_GO[level])


@register.filter
def by_question(named: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What a contribution names, by the question it answers."""
    return [
        (str(words), " · ".join(named[type_]))
        for type_, words in _QUESTIONS.items()
        if type_ in named
    ]


@register.filter
def defanged(text: str) -> str:
    """A member's words on one line, every observable in them defanged."""
    return defang(str(text))


@register.filter
def defanged_value(observable: Observable) -> str:
    """An observable defanged, as plain text."""
    return defang(observable)


@register.filter
def initials(name: str) -> str:
    """Two letters that stand for a name."""
    return wording.initials(name)


@register.filter
def unnamed(sightings: SightingSummary) -> int:
    """How many organisations saw it that the reader may not know."""
    return sightings.organisations - len(sightings.named)


@register.filter
def in_words(value: object, chosen: Collection[str]) -> bool:
    """Whether something is among what was chosen, both as text."""
    return str(value) in chosen
