"""The papers of leaving, typeset in the hub's language and sealed by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.features.membership import documents
from minga.features.membership.models import Certificate, Statement
from minga.features.membership.queries import Total
from minga.store import world
from minga.store.people.models import Organisation


def statement(of: Statement, totals: Iterable[Total], digest: str) -> bytes:
    """What an organisation could read of others' at the end; `digest` is of its lines."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = [(_("Organisation"), _named(of.departure.organisation)), *_dates(of)]
        lines = [
            _("%(tlp)s: %(contributions)s contributions, %(objects)s objects")
            % {"tlp": t.tlp.label, "contributions": t.contributions, "objects": t.objects}
            for t in totals
        ]
        keys = [f"{name} ({used or _('never used')})" for name, used in of.keys]
        sections = [
            _section(_("What others had shared with it"), lines or [_("Nothing.")]),
            _section(_("Circles it sat in"), of.circles or [_("None.")]),
            _section(_("Keys of its tools"), keys or [_("None.")]),
            _section(_("The list"), [_("Each object is in a list of JSON lines. Its SHA-256:"),
                                     digest]),
        ]  # fmt: skip
        return _sealed(_("Statement of holdings"), facts, sections)


def certificate(of: Certificate) -> bytes:
    """What who left certifies, in the words of its signer."""
    with translation.override(settings.LANGUAGE_CODE):
        leaver = of.departure.organisation
        declared = _(
            "The organisation declares that everything it received from others under the agreement "
            "is returned to who shared it, or destroyed, copies included: %(outcome)s."
        ) % {"outcome": of.get_outcome_display().lower()}
        words = [declared]
        if of.kept:
            words.append(_("By law it keeps, under the same secrecy: %(kept)s") % {"kept": of.kept})
        facts = [
            (_("Organisation"), _named(leaver)),
            (_("Signed by"), ", ".join(filter(None, [of.signer, of.capacity]))),
            (_("Signed on"), _day(of.signed_at)),
            (_("How"), ", ".join(filter(None, [str(of.get_way_display()), of.reference]))),
        ]
        title = _("Certificate of return or destruction")
        return _sealed(title, facts, [_section(_("Declaration"), words)])


def _sealed(
    title: str, facts: Sequence[tuple[str, str]], sections: Sequence[dict[str, object]]
) -> bytes:
    values = {
        "title": title,
        "hub": Organisation.objects.get(role=Organisation.Role.HUB).name,
        "language": (translation.get_language() or settings.LANGUAGE_CODE)[:2],
        "foot": _("Made by Minga on %(day)s and sealed by the hub.") % {"day": _day(world.now())},
        "facts": facts,
        "sections": sections,
    }
    return documents.seal(documents.typeset("plain", values))


def _section(title: str, lines: Iterable[str]) -> dict[str, object]:
    return {
        "title": title,
        "blocks": [{"kind": "paragraph", "runs": [[False, line]]} for line in lines],
    }


def _dates(of: Statement) -> list[tuple[str, str]]:
    departure = of.departure
    if departure.left_at is None or departure.return_by is None:
        return []
    left, due = _day(departure.left_at), _day(departure.return_by)
    return [(_("Left on"), left), (_("To return or destroy by"), due)]


def _named(organisation: Organisation) -> str:
    names = (organisation.legal_name or organisation.name, organisation.rut)
    return ", ".join(filter(None, names))


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
