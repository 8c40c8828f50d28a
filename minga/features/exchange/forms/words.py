"""What is said: text, title, kind, and what readers may do with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.core.policy import Pap
from minga.features.exchange.services.drafts import TEXT_LENGTH, TITLE_LENGTH
from minga.store.objects.models import Contribution

KINDS: dict[Contribution.Kind, Promise] = {
    Contribution.Kind.ALERT: _("Alert"),
    Contribution.Kind.THREAT: _("Threat"),
    Contribution.Kind.REPORT: _("Report"),
    Contribution.Kind.INCIDENT: _("Incident notice"),
    Contribution.Kind.INDICATORS: _("Indicators"),
    Contribution.Kind.INNOVATION: _("Innovation"),
}
USES: dict[Pap, tuple[Promise, Promise]] = {
    Pap.CLEAR: (_("Whatever they need"), _("No limit on what readers do with it")),
    Pap.GREEN: (_("Block and search"), _("Also measures that the adversary may notice")),
    Pap.AMBER: (_("Look it up, touch nothing"), _("Third parties may be asked, not the adversary")),
    Pap.RED: (
        _("Only search their own logs"),
        _("Do not touch the infrastructure: there is an investigation"),
    ),
}
CONFIDENCE = [
    ("", _("Not stated")),
    ("10", _("Doubtful")),
    ("30", _("Low")),
    ("50", _("Medium")),
    ("70", _("High")),
    ("90", _("Confirmed")),
]


def answer_for(confidence: int | None) -> int | None:
    """The answer of the form whose word is that of a STIX confidence of 0 to 100."""
    return None if confidence is None else min(confidence // 20, 4) * 20 + 10


class WordsForm(forms.Form):
    """The words of a contribution. Its observables are ticked beside them, in the page."""

    text = forms.CharField(
        label=_("Paste the text"),
        help_text=_("Defanged addresses such as hxxp and [.] are understood."),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"class": "paste", "spellcheck": "false"}),
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    kind = forms.TypedChoiceField(
        label=_("What it is"),
        coerce=lambda value: Contribution.Kind(int(value)),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        initial=Contribution.Kind.ALERT.value,
    )
    pap = forms.TypedChoiceField(
        coerce=lambda value: Pap(int(value)),
        choices=[(use.value, words) for use, (words, _hint) in USES.items()],
        initial=Pap.GREEN.value,
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure you are"),
        coerce=lambda value: int(value) if value else None,
        choices=CONFIDENCE,
        required=False,
        empty_value=None,
    )
    attribution = forms.TypedChoiceField(
        coerce=Contribution.Attribution,
        choices=Contribution.Attribution.choices,
        initial=Contribution.Attribution.OWN,
        required=False,
        empty_value=Contribution.Attribution.OWN,
    )
    request_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    @property
    def uses(self) -> list[dict[str, Any]]:
        """The permitted uses as radio buttons with what each means."""
        chosen = str(self["pap"].value())
        return [
            {"value": use.value, "words": words, "hint": hint, "on": chosen == str(use.value)}
            for use, (words, hint) in USES.items()
        ]

    def typed_text(self) -> str:
        """The text as far as it was typed, whether or not the rest of the form stands."""
        return str(self.data.get(self.add_prefix("text"), ""))[:TEXT_LENGTH]
