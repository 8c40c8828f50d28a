"""The versions of the agreement: what each changes, until when, and who has moved."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.core.agreement.changes import Change, EffectChange, Mark, changes
from minga.core.policy import Reader
from minga.features.membership import queries
from minga.features.membership.models import AgreementVersion
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.requests import ActorRequest

EFFECTS: dict[str, str | Promise] = {
    "optional": gettext_lazy("May be left unsigned"),
    "powers": gettext_lazy("What it lets do"),
    "reads_up_to": gettext_lazy("Reads what groups share, up to"),
    "default_tlp": gettext_lazy("The label of what comes without one"),
    "onward_to_clients": gettext_lazy("May be passed on to clients"),
    "allowed_uses": gettext_lazy("Allowed uses"),
    "attribution": gettext_lazy("Naming who contributed"),
    "notice_days": gettext_lazy("Days of notice to leave"),
    "objection_days": gettext_lazy("Days to object to a new version"),
    "retention_after_exit_days": gettext_lazy("Days that things are kept after leaving"),
    "contributions_after_exit": gettext_lazy("What becomes of contributions after leaving"),
}
VALUES: dict[str, str | Promise] = {
    "share": gettext_lazy("share"), "prevention": gettext_lazy("prevention"),
    "detection": gettext_lazy("detection"), "response": gettext_lazy("response"),
    "recovery": gettext_lazy("recovery"), "research": gettext_lazy("research"),
    "may": gettext_lazy("allowed"), "must": gettext_lazy("required"),
    "must-not": gettext_lazy("forbidden"), "stay": gettext_lazy("they stay"),
    "anonymise": gettext_lazy("they lose the name"), "withdraw": gettext_lazy("they are withdrawn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedClause:
    """A change of a clause in the reader's words."""

    change: Change
    words: list[tuple[Mark, str]]
    effects: list[tuple[str, str, str]]


@open_to(Entrance.MEMBERS)
@require_safe
def version(request: ActorRequest, number: int) -> HttpResponse:
    """GET /agreement/versions/<number>/: what a version changes of the one before it."""
    reader = request.actor.reader
    found = queries.version_of(number, reader=reader)
    before = queries.versions(reader=reader).filter(version=number - 1).first()
    moving = queries.who_moved(reader=reader)
    context = {
        "found": found,
        "text": found.agreement,
        "before": before,
        "changed": _changed(before, found) if before else [],
        "days": _days_to_object(found),
        "moving": moving,
        "moved": sum((each.version or 0) >= number for each in moving),
        "versions": queries.versions(reader=reader),
        "may_sign": Power.SIGN in request.actor.powers and _has_to_move(found, reader=reader),
    }
    return render(request, "membership/version.html", context)


def _has_to_move(found: AgreementVersion, *, reader: Reader) -> bool:
    own = [e for e in queries.who_moved(reader=reader) if e.organisation.pk == reader.organisation]
    behind = any((each.version or 0) < found.version for each in own)
    return behind and found.state == AgreementVersion.State.IN_FORCE


def _changed(before: AgreementVersion, found: AgreementVersion) -> list[ChangedClause]:
    language = get_language() or ""
    return [
        ChangedClause(each, each.words(language), [_in_words(effect) for effect in each.effects])
        for each in changes(before.agreement, found.agreement)
    ]


def _in_words(effect: EffectChange) -> tuple[str, str, str]:
    return str(EFFECTS[effect.name]), _value(effect.before), _value(effect.after)


def _value(value: object) -> str:
    if value is None:
        return _("left open")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(_value(each) for each in value)
    return str(VALUES.get(str(value), value))


def _days_to_object(found: AgreementVersion) -> int:
    decided = (clause.effects.objection_days for clause in found.agreement.clauses)
    return next((days for days in decided if days is not None), 0)
