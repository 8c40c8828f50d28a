"""What a person types to sign, to convene a ceremony and to certify."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from minga.core.agreement import Clause
from minga.features.membership.models import Certificate
from minga.features.membership.services.adherence import LONGEST_WORDS
from minga.features.membership.services.ceremonies import LONGEST_LINK, LONGEST_NAME
from minga.features.membership.services.returning import Declaration
from minga.store.people.models import Organisation


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


class IssueForm(SignForm):
    """The same for an act that is signed outside; signing it is the agreement to it."""

    field_order = ("optional", "signer", "capacity")
    agrees = None  # type: ignore[assignment] # how Django takes a field away
    signer = forms.CharField(
        label=_("Who signs it"),
        help_text=_("As the certificate names this person."),
        max_length=LONGEST_NAME,
    )


class ReturnForm(forms.Form):
    """The file that came back."""

    pdf = forms.FileField(
        label=_("The signed PDF"), widget=forms.ClearableFileInput(attrs={"accept": ".pdf"})
    )


class CeremonyForm(forms.Form):
    """When and where organisations sign before each other."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_NAME)
    held_at = forms.DateTimeField(
        label=_("When it is held"),
        help_text=_("By the clock of the hub."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    link = forms.URLField(
        label=_("Video link"),
        help_text=_("An https address. The signatories alone are shown it."),
        max_length=LONGEST_LINK,
        required=False,
        assume_scheme="https",
    )
    convened_by = forms.CharField(
        label=_("Who convenes, and in what capacity"),
        help_text=_("It stands in the act, such as Ana Soto, director of the CSIRT."),
        max_length=LONGEST_WORDS,
        required=False,
    )


class SignatoryForm(forms.Form):
    """Who is called to a ceremony, and who is to sign for it."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    signer = forms.CharField(label=_("Who signs for it"), max_length=LONGEST_NAME, required=False)
    capacity = forms.CharField(
        label=_("By what power"),
        help_text=_("Such as general manager, by deed of 3 May 2024."),
        max_length=LONGEST_WORDS,
        required=False,
    )

    def __init__(self, *args: Any, offered: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [  # type: ignore[attr-defined] # of its own class
            (each.slug, each.name) for each in offered
        ]


class DeclarationForm(forms.Form):
    """What became of what an organisation received, and who says so."""

    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=Certificate.Outcome.choices,
        widget=forms.RadioSelect,
    )
    kept = forms.CharField(
        label=_("What a law obliges you to keep"),
        help_text=_("Say what and by which law. Leave it empty when it is nothing."),
        max_length=500,
        required=False,
    )
    signer = forms.CharField(label=_("Who signs"), max_length=120)
    capacity = forms.CharField(
        label=_("In what capacity"),
        help_text=_("Such as general manager, by deed of 3 May 2024."),
        max_length=LONGEST_WORDS,
        required=False,
    )
    reference = forms.CharField(
        label=_("Where the paper is"), help_text=_("Such as a number and a date."), max_length=200
    )
    agrees = forms.BooleanField(
        label=_("It is true of every copy, also those in backups and tools."),
        error_messages={"required": _("Tick this to sign.")},
    )

    def __init__(self, *args: Any, signer: str = "", on_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signed_in_as = signer
        for name, is_asked in {
            "signer": not signer,
            "reference": on_paper,
            "agrees": not on_paper,
        }.items():
            if not is_asked:
                del self.fields[name]

    @property
    def declaration(self) -> Declaration:
        """What was declared."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "agrees"}
        return Declaration(**{"signer": self.signed_in_as} | said)
