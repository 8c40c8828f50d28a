"""The components of a page: `{% load minga %}`. What is said stands in the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import BoundField
from django.templatetags.static import PrefixNode
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from minga.core.observables import Kind, Observable, defang, extract
from minga.core.policy import Pap, Tlp
from minga.store.people.models import Organisation, Person
from minga.web import fonts as font_files
from minga.web import wording

register = template.Library()

_TLP_CLASS = {Tlp.AMBER_STRICT: "strict"}
_CONFIDENCE = (_("Doubtful"), _("Low"), _("Medium"), _("High"), _("Confirmed"))
_SEVERITY = {
    "crit": _("Critical"), "high": _("High"), "med": _("Medium"), "low": _("Low"),
    "info": _("Informative"),
}  # fmt: skip
_KINDS = {
    Kind.IPV4: _("IP"), Kind.IPV6: _("IPv6"), Kind.CIDR: _("Range"), Kind.DOMAIN: _("Domain"),
    Kind.URL: _("URL"), Kind.EMAIL: _("E-mail"), Kind.MD5: _("MD5"), Kind.SHA1: _("SHA-1"),
    Kind.SHA256: _("SHA-256"), Kind.SHA512: _("SHA-512"), Kind.SSDEEP: _("ssdeep"),
    Kind.ASN: _("AS"), Kind.MAC: _("MAC"), Kind.CVE: _("CVE"), Kind.TECHNIQUE: _("Technique"),
    Kind.FILE_NAME: _("File"), Kind.FILE_PATH: _("Path"), Kind.REGISTRY_KEY: _("Registry key"),
    Kind.MUTEX: _("Mutex"), Kind.PROCESS_NAME: _("Process"), Kind.COMMAND_LINE: _("Command"),
    Kind.USER_AGENT: _("User agent"), Kind.EMAIL_SUBJECT: _("Subject"), Kind.BITCOIN: _("Bitcoin"),
}  # fmt: skip
_ROLES = {
    Person.Role.COUNTERPART: _("Counterpart"), Person.Role.ANALYST: _("Analyst"),
    Person.Role.READER: _("Reader"), Person.Role.DIRECTOR: _("Director"),
    Person.Role.MANAGER: _("Manager"), Person.Role.ADMINISTRATOR: _("Administrator"),
}  # fmt: skip
_WAYS: dict[str, Promise] = {
    "link": _("Sign-in link"), "demo-link": _("Link of the demo"), "password": _("Password"),
    "provider": _("Identity provider"), "provider-mfa": _("Identity provider"),
    "passkey": _("Passkey"), "code": _("Code of an app"), "recovery-code": _("Recovery code"),
}  # fmt: skip
_FANG = re.compile(r"(\[[.:@]\]|^hxxp|^fxp)")


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, with its fingerprint once set-up has collected the files."""
    try:
        return staticfiles_storage.url(name)
    except ValueError:  # not collected: the page lives, served by the plain name
        return PrefixNode.handle_simple("STATIC_URL") + name


@register.inclusion_tag("web/parts/fonts.html")
def fonts() -> dict[str, Any]:
    """The house's own letters, when set-up brought them."""
    return {"are_there": font_files.are_there()}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite; hidden from screen readers, because words stand beside it."""
    prefix = "" if name.startswith("s-") else "i-"
    classes = " ".join(filter(None, ["i" if prefix else "", f"i-{size}" if size else ""]))
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}{}"/></svg>',
        classes, asset("minga/icons.svg"), prefix, name,
    )  # fmt: skip


@register.simple_tag
def tlp(label: int, size: str = "") -> SafeString:
    """A TLP 2.0 label as FIRST draws it: never translated, the same in both themes."""
    level = Tlp(label)
    name = _TLP_CLASS.get(level, level.name.lower())
    return format_html(
        '<span class="tlp tlp-{}{}" translate="no">{}</span>',
        name, f" tlp-{size}" if size else "", level.label,
    )  # fmt: skip


@register.simple_tag
def sev(level: str) -> SafeString:
    """A severity: shape, fill and word together."""
    return format_html(
        '<span class="sev sev-{}">{}{}</span>', level, icon(f"s-{level}"), _SEVERITY[level]
    )


@register.simple_tag
def confidence(value: int | None) -> SafeString:
    """Five bars and a word for a STIX confidence of 0 to 100; nothing when none was given."""
    if value is None:
        return SafeString()
    lit = min(value // 20, 4)
    bars = format_html_join(
        "",
        '<rect x="{}" y="0" width="4.5" height="10" rx="1" class="{}"/>',
        ((number * 6, "on" if number <= lit else "off") for number in range(5)),
    )
    return format_html(
        '<span class="conf"><svg viewBox="0 0 29 10" aria-hidden="true">{}</svg>{}</span>',
        bars, _CONFIDENCE[lit],
    )  # fmt: skip


@register.simple_tag
def kind_name(kind: str) -> str:
    """What a kind of observable is called."""
    return str(_KINDS[Kind(kind)]) if kind in _KINDS else str(kind)


@register.simple_tag
def ioc(observable: Observable) -> SafeString:
    """An observable, shown defanged and never as a link to the outside."""
    return _shown(defang(observable))


@register.filter
def told(text: str) -> SafeString:
    """A member's own words: paragraphs and lines kept, every observable in them defanged."""
    paragraphs = (each for each in re.split(r"\n\s*\n", text.strip()) if each)
    return format_html_join("", "<p>{}</p>", ((_told(each),) for each in paragraphs))


@register.simple_tag
def org(organisation: Organisation | None) -> SafeString:
    """An organisation's badge: two letters and a tone; a question mark for a sender unnamed."""
    letters, tone = "?", 5
    if organisation is not None:
        letters = wording.initials(organisation.name)
        tone = 0 if organisation.is_hub else 1 + organisation.uuid.int % 4
    return format_html('<span class="org org-{}" aria-hidden="true">{}</span>', tone, letters)


@register.simple_tag
def when(instant: datetime | None) -> SafeString:
    """An instant, short; in full on hover, and exact for machines."""
    if instant is None:
        return SafeString()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        instant.isoformat(timespec="seconds").replace("+00:00", "Z"),
        wording.full_moment(instant),
        wording.moment(instant),
    )


@register.filter
def number(value: float) -> str:
    """A number with the separators of the reader's language."""
    return wording.number(value)


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """A labelled input with its hint and, above it, what is wrong with it."""
    described = " ".join(
        f"{bound.id_for_label}-{part}"
        for part, shown in (("hint", bound.help_text), ("error", bound.errors))
        if shown
    )
    attrs: dict[str, str | bool] = {"class": f"input {css}".strip()}
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {"field": bound, "widget": bound.as_widget(attrs=attrs)}


@register.inclusion_tag("web/parts/errors.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is wrong with a form, on top of it: all that belongs to no field, and several faults."""
    faults = [(bound, error) for bound in form for error in bound.errors]
    return {"faults": faults if len(faults) > 1 else [], "others": form.non_field_errors()}


@register.inclusion_tag("web/parts/nothing.html")
def nothing(title: str, words: str = "", path: str = "", link: str = "") -> dict[str, str]:
    """What stands where nothing is yet, and the one way on."""
    return {"title": title, "words": words, "path": path, "link": link}


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """An entry of a mapping by a key that is itself a value; None when it is not there."""
    return mapping.get(key)


@register.inclusion_tag("web/parts/passkey.html")
def passkey_button(does: str, *, field: str, options: str, words: str) -> dict[str, str]:
    """The button of a passkey, `get` or `create`: its answer goes into `field` of its form.

    `options` is the name of the address that gives out the challenge.
    """
    return {"does": does, "field": field, "options": reverse(options), "words": words}


@register.filter
def way_name(way: str) -> str:
    """What a way to sign in is called."""
    return str(_WAYS.get(way, way))


@register.filter
def role_name(role: str) -> str:
    """What a person's role is called."""
    return str(_ROLES[Person.Role(role)]) if role in _ROLES else role


@register.filter
def pap_label(value: int) -> str:
    """The PAP label as the taxonomy writes it."""
    return Pap(value).label


def _shown(defanged: str) -> SafeString:
    pieces = [
        format_html('<span class="d">{}</span>', piece) if number % 2 else escape(piece)
        for number, piece in enumerate(_FANG.split(defanged))
    ]
    return format_html('<span class="ioc" translate="no">{}</span>', _joined(pieces))


def _told(paragraph: str) -> SafeString:
    pieces: list[SafeString] = []
    done = 0
    for find in extract(paragraph):
        as_written = Observable(find.observable.kind, find.text)
        pieces += escape(paragraph[done : find.start]), ioc(as_written)
        done = find.end
    pieces.append(escape(paragraph[done:]))
    return mark_safe(_joined(pieces).replace("\n", "<br>"))  # noqa: S308 - each piece is escaped


def _joined(pieces: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
