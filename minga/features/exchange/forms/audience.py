"""Who may read it: a label, and the hub, every member, circles or organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.core import policy
from minga.core.policy import Tlp
from minga.features.exchange.queries.addressees import Addressee, Addressees

LABELS: dict[str, tuple[Tlp, Promise]] = {
    "red": (Tlp.RED, _("Only those you name")),
    "strict": (Tlp.AMBER_STRICT, _("Only inside each organisation")),
    "amber": (Tlp.AMBER, _("And their customers who need it")),
    "green": (Tlp.GREEN, _("The community, not the internet")),
    "clear": (Tlp.CLEAR, _("Anybody")),
}
NAMES = {tlp: name for name, (tlp, _words) in LABELS.items()}


class AudienceForm(forms.Form):
    """The audience picker. `everybody` is whom this member may address."""

    tlp = forms.ChoiceField(
        label=_("How far may it go?"),
        choices=[(name, tlp.label) for name, (tlp, _words) in LABELS.items()],
    )
    hub = forms.BooleanField(required=False)
    everyone = forms.BooleanField(required=False)
    circles = forms.MultipleChoiceField(required=False)
    organisations = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, everybody: Addressees, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.everybody = everybody
        self._offer("circles", everybody.circles)
        self._offer("organisations", everybody.organisations)

    def _offer(self, name: str, addressees: tuple[Addressee, ...]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(each.uuid), each.name) for each in addressees]

    def clean(self) -> dict[str, Any]:
        """Refuse an audience that its own label forbids, in the reader's language."""
        cleaned = super().clean() or {}
        tlp = LABELS[cleaned["tlp"]][0] if cleaned.get("tlp") else None
        if tlp == Tlp.RED and (cleaned.get("everyone") or cleaned.get("circles")):
            self.add_error(
                "tlp", _("TLP:RED has no groups. Name organisations one by one, or choose another.")
            )
        elif tlp is not None and not self.rule.is_addressed:
            self.add_error("tlp", _("Choose who may read it."))
        return cleaned

    @property
    def rule(self) -> policy.Audience:
        """The audience as far as it has been chosen."""
        chosen = self.cleaned_data
        return policy.Audience(
            tlp=LABELS[chosen.get("tlp") or "red"][0],
            everyone=bool(chosen.get("everyone")),
            hub=bool(chosen.get("hub")),
            circles=_rows(self.everybody.circles, chosen.get("circles", [])),
            organisations=_rows(self.everybody.organisations, chosen.get("organisations", [])),
        )

    @property
    def labels(self) -> list[dict[str, Any]]:
        """The TLP labels, the strictest first, with what each means."""
        chosen = self["tlp"].value()
        return [
            {"name": name, "tlp": tlp, "words": words, "on": chosen == name}
            for name, (tlp, words) in LABELS.items()
        ]

    @property
    def chosen_circles(self) -> frozenset[str]:
        """The circles that are ticked, by uuid."""
        return frozenset(self["circles"].value() or ())

    @property
    def chosen_organisations(self) -> frozenset[str]:
        """The organisations that are ticked, by uuid."""
        return frozenset(self["organisations"].value() or ())


def at_first() -> dict[str, Any]:
    """What is chosen before anybody chose: the hub's default label, and the hub alone."""
    return {"tlp": NAMES[settings.DEFAULT_TLP], "hub": "on"}


def chosen_by(rule: policy.Audience, everybody: Addressees) -> dict[str, Any]:
    """What somebody must have chosen for an audience that stands already."""
    return {
        "tlp": NAMES[rule.tlp],
        "hub": "on" if rule.hub else "",
        "everyone": "on" if rule.everyone else "",
        "circles": [str(c.uuid) for c in everybody.circles if c.pk in rule.circles],
        "organisations": [
            str(o.uuid) for o in everybody.organisations if o.pk in rule.organisations
        ],
    }


def _rows(addressees: tuple[Addressee, ...], chosen: list[str]) -> frozenset[int]:
    wanted = set(chosen)
    return frozenset(each.pk for each in addressees if str(each.uuid) in wanted)
