"""What an organisation says back: seen, and what became of it."""

from __future__ import annotations

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.core.observables import Kind
from minga.features.exchange.services.answering import MAX_COUNT, NOTE_LENGTH
from minga.store.objects.models import Feedback

VERDICTS: dict[str, tuple[Promise, Promise | str]] = {
    Feedback.Verdict.NOT_AFFECTED: (_("It does not affect us"), ""),
    Feedback.Verdict.MITIGATED: (_("We have mitigated it"), ""),
    Feedback.Verdict.NEED_HELP: (_("We need help"), _("Who shared it reads your name and note")),
    Feedback.Verdict.FALSE_POSITIVE: (_("It is a false positive"), _("Say why in the note")),
    Feedback.Verdict.EXPIRED: (_("It is no longer true"), ""),
}
TOLD: dict[str, tuple[str, str, Promise]] = {
    Feedback.Verdict.MITIGATED: ("check", "done", _("Mitigated")),
    Feedback.Verdict.NOT_AFFECTED: ("check", "off", _("Not affected")),
    Feedback.Verdict.NEED_HELP: ("incident", "hit", _("Need help")),
    Feedback.Verdict.FALSE_POSITIVE: ("flag", "todo", _("False positive")),
    Feedback.Verdict.EXPIRED: ("clock", "off", _("No longer true")),
}


class FeedbackForm(forms.Form):
    """A verdict on an object, and a note for who shared it."""

    object = forms.CharField(max_length=160, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[(v, words) for v, (words, _hint) in VERDICTS.items()])
    note = forms.CharField(max_length=NOTE_LENGTH, required=False)


class SightingForm(forms.Form):
    """One organisation saw an object at work, now, once unless it says otherwise."""

    object = forms.CharField(max_length=160, widget=forms.HiddenInput)
    count = forms.IntegerField(min_value=1, max_value=MAX_COUNT, required=False)
    named = forms.BooleanField(required=False)


class ObservableForm(forms.Form):
    """The observable whose page a form stands on, to go back to."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    value = forms.CharField(max_length=10_000, strip=False)
