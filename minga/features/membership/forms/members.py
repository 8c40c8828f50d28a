"""What a person types of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.core.sectors import REGIONS, SECTORS
from minga.features.membership.forms.people import InviteForm
from minga.features.membership.services.contacts import Contacts
from minga.features.membership.services.pgp import LONGEST
from minga.features.membership.templatetags.directory import SIZES, sector_name
from minga.store.people.models import Organisation, Person


class ProfileForm(forms.Form):
    """What an organisation says of itself."""

    sector = forms.ChoiceField(label=_("Sector"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    size = forms.ChoiceField(
        label=_("Size"),
        help_text=_("Only the hub and your own people see it."),
        required=False,
        choices=[("", _("Not said")), *SIZES.items()],
    )
    security_email = forms.EmailField(label=_("Security e-mail"), required=False, max_length=254)
    security_phone = forms.CharField(
        label=_("Telephone, day and night"),
        help_text=_("With the country first, such as +56 2 2345 6789."),
        required=False,
        max_length=20,
    )
    security_web = forms.URLField(
        label=_("Security page"), required=False, max_length=200, assume_scheme="https"
    )
    shows_contact = forms.ChoiceField(
        label=_("Who sees the contact"),
        widget=forms.RadioSelect,
        choices=[
            (Organisation.Contact.HUB.value, _("Only the hub")),
            (Organisation.Contact.MEMBERS.value, _("Every member too")),
        ],
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(organisation, name) for name in self.fields}
        codes = sorted({*SECTORS, *filter(None, [organisation.sector])}, key=sector_name)
        choices = {
            "sector": [("", _("Not said")), *((code, sector_name(code)) for code in codes)],
            "region": [("", _("Not said")), *REGIONS.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined] # of its own class


class ClassForm(forms.Form):
    """How the hub classifies an organisation."""

    is_essential = forms.BooleanField(label=_("Gives an essential service"), required=False)
    is_vital = forms.BooleanField(label=_("Operator of vital importance"), required=False)


class OrganisationForm(InviteForm):
    """A new member organisation, with the first of its people."""

    field_order = (
        "organisation", "legal_name", "rut", "foreign_id", "sector", "region",
        "name", "email", "role", "language",
    )  # fmt: skip
    organisation = forms.CharField(label=_("Organisation"), max_length=120)
    legal_name = forms.CharField(label=_("Name in law"), max_length=200, required=False)
    rut = forms.CharField(
        label="RUT", help_text=_("With its check digit, such as 76.086.428-5."), max_length=12,
        required=False,
    )  # fmt: skip
    foreign_id = forms.CharField(
        label=_("Identifier abroad"),
        help_text=_(
            "Of who has no RUT: the scheme and the number, such as LEI 5493001KJTIIGC8Y1R12."
        ),
        max_length=60,
        required=False,
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("Not said")), *REGIONS.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the first person")
        codes = sorted(SECTORS, key=sector_name)
        self.fields["sector"].choices = [  # type: ignore[attr-defined] # of its own class
            ("", _("Not said")), *((code, sector_name(code)) for code in codes)
        ]  # fmt: skip


class ContactsForm(forms.Form):
    """Whom others reach at any hour."""

    counterpart = forms.ChoiceField(label=_("Technical counterpart"))
    phone = forms.CharField(
        label=_("Telephone of the counterpart, day and night"),
        help_text=_("With the country first, such as +56 2 2345 6789."),
        max_length=20,
    )
    deputy = forms.ChoiceField(label=_("Deputy"), required=False)
    deputy_phone = forms.CharField(
        label=_("Telephone of the deputy, day and night"), max_length=20, required=False
    )

    def __init__(
        self, *args: Any, organisation: Organisation, people: Sequence[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.uuid), each.name) for each in people]
        for name, choices in (("counterpart", offered), ("deputy", [("", _("Nobody")), *offered])):
            self.fields[name].choices = choices  # type: ignore[attr-defined] # of its own class
        first, second = organisation.counterpart, organisation.deputy
        self.initial = {
            "counterpart": str(first.uuid) if first else "",
            "phone": first.phone if first else "",
            "deputy": str(second.uuid) if second else "",
            "deputy_phone": second.phone if second else "",
        }

    @property
    def contacts(self) -> Contacts:
        """What was said."""
        said = self.cleaned_data
        deputy = UUID(said["deputy"]) if said["deputy"] else None
        return Contacts(
            UUID(said["counterpart"]), said["phone"], deputy, said["deputy_phone"] if deputy else ""
        )


class PgpForm(forms.Form):
    """A public PGP key."""

    key = forms.CharField(
        label=_("Public key"),
        help_text=_("All of it, BEGIN and END lines included. Never the secret one."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
