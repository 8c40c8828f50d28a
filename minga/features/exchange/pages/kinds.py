"""How each kind of contribution is called and drawn."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.store.objects.models import Contribution

Kind = Contribution.Kind
ICONS: dict[int, str] = {
    Kind.ALERT: "alert",
    Kind.THREAT: "threat",
    Kind.REPORT: "file",
    Kind.INCIDENT: "incident",
    Kind.INDICATORS: "flag",
    Kind.INNOVATION: "bolt",
}
VIEW_NAMES: dict[int, Promise] = {
    Kind.ALERT: _("Alerts"),
    Kind.THREAT: _("Threats"),
    Kind.REPORT: _("Reports"),
    Kind.INCIDENT: _("Incident notices"),
    Kind.INDICATORS: _("Indicators"),
    Kind.INNOVATION: _("Innovations"),
}
