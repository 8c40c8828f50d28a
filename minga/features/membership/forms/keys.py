"""What a person types to give a tool its key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.core import networks
from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.features.membership.services.keys import DAYS, MOST_DAYS
from minga.features.membership.services.names import read_name
from minga.store.people.credentials import Scope
from minga.store.people.models import Key


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
