"""What a person types to sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from minga.core.agreement import Clause
from minga.features.membership.services.adherence import LONGEST_WORDS


class SignForm(forms.Form):
    """Which optional clauses, and by what power of the organisation; the common ones go along."""

    optional = forms.MultipleChoiceField(
        label=_("Optional clauses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.CharField(
        label=_("In what capacity you sign"),
        help_text=_("Such as general manager, by deed of 3 May 2024."),
        max_length=LONGEST_WORDS,
    )
    agrees = forms.BooleanField(
        label=_("I have read these clauses and sign them for my organisation."),
        error_messages={"required": _("Tick this to sign.")},
    )

    def __init__(self, *args: Any, optional: Sequence[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        choices = [(str(c.number), f"{c.number}. {c.title.in_(language)}") for c in optional]
        self.fields["optional"].choices = choices  # type: ignore[attr-defined] # of its own class
        if not choices:
            del self.fields["optional"]

    @property
    def chosen(self) -> set[int]:
        """The numbers of the optional clauses ticked."""
        return {int(number) for number in self.cleaned_data.get("optional", ())}
