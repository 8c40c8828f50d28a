"""What a person types to sign, and to give a tool its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from minga.core import networks
from minga.core.agreement import Clause
from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.core.sectors import REGIONS, SECTORS
from minga.features.membership.models import Certificate
from minga.features.membership.services.adherence import LONGEST_WORDS
from minga.features.membership.services.ceremonies import LONGEST_LINK, LONGEST_NAME
from minga.features.membership.services.keys import DAYS, MOST_DAYS
from minga.features.membership.services.names import read_name
from minga.features.membership.services.providers import (
    LONGEST_CLIENT,
    LONGEST_ISSUER,
    LONGEST_SECRET,
)
from minga.features.membership.services.returning import Declaration
from minga.features.membership.templatetags.directory import SIZES, sector_name
from minga.store.people.credentials import Scope
from minga.store.people.models import IdentityProvider, Key, Organisation
from minga.web.templatetags.minga import role_name


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


class KeyForm(forms.Form):
    """A key's name, how far it reaches and how long. Who may not share cannot offer it."""

    name = forms.CharField(
        label=_("What is it for?"), help_text=_("Such as SIEM of the head office."), max_length=120
    )
    doors = forms.MultipleChoiceField(
        label=_("Doors it opens"),
        choices=[(Key.Door.TAXII.value, "TAXII 2.1"), (Key.Door.API.value, "API")],
        initial=Key.Door.values,
        widget=forms.CheckboxSelectMultiple,
    )
    can_share = forms.BooleanField(
        label=_("It may share in the name of my organisation"), required=False
    )
    ceiling = forms.TypedChoiceField(
        label=_("Reads up to"),
        help_text=_("Nothing with a stricter label, not even what names your organisation."),
        choices=[(str(tlp.value), tlp.label) for tlp in reversed(Tlp)],
        coerce=lambda value: Tlp(int(value)),
    )
    addresses = forms.CharField(
        label=_("Addresses it may call from"),
        help_text=_("Networks such as 192.0.2.0/24, one on each line. Empty is anywhere."),
        max_length=2_500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    days = forms.IntegerField(
        label=_("Days it lasts"), initial=DAYS, min_value=1, max_value=MOST_DAYS
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["can_share"]

    def clean_name(self) -> str:
        """A name that a list can show."""
        try:
            return read_name(self.cleaned_data["name"], field="name")
        except Invalid as problem:
            raise forms.ValidationError(_("Take the invisible characters out.")) from problem

    def clean_addresses(self) -> str:
        """Networks that can be read."""
        try:
            networks.read_networks(self.cleaned_data["addresses"])
        except Invalid as problem:
            raise forms.ValidationError(
                _("Write up to 50 networks, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.")
            ) from problem
        return str(self.cleaned_data["addresses"])

    @property
    def scope(self) -> Scope:
        """How far the key reaches."""
        chosen = self.cleaned_data
        return Scope(
            can_share=chosen.get("can_share", False),
            doors=frozenset(map(Key.Door, chosen["doors"])),
            ceiling=chosen["ceiling"],
            addresses=chosen["addresses"],
        )


class RoleForm(forms.Form):
    """Which role somebody has."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined] # of its own class
            (role, role_name(role)) for role in roles
        ]


class InviteForm(RoleForm):
    """Who is to come in, as what, and in which language he is spoken to."""

    field_order = ("name", "email", "role", "language")
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("es", "Español"), ("en", "English")]
    )


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


class AdmitForm(forms.Form):
    """Which organisation to let into a circle."""

    organisation = forms.ChoiceField(label=_("Organisation"))

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


class ProviderForm(forms.Form):
    """The identity provider of an organisation; its secret is asked once and never shown."""

    issuer = forms.CharField(
        label=_("Issuer"),
        help_text=_("As its own configuration writes it, such as https://login.example.cl."),
        max_length=LONGEST_ISSUER,
        widget=forms.URLInput,
    )
    client_id = forms.CharField(
        label=_("Client"),
        help_text=_("The name it gave to this hub, often called client id."),
        max_length=LONGEST_CLIENT,
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=LONGEST_SECRET,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, provider: IdentityProvider | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider is None:
            self.fields["secret"].required = True
        else:
            self.initial = {"issuer": provider.issuer, "client_id": provider.client_id}
            self.fields["secret"].help_text = _("Empty keeps the one it has.")
