"""What a person types of an identity provider."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.features.membership.services.providers import (
    LONGEST_CLIENT,
    LONGEST_ISSUER,
    LONGEST_SECRET,
)
from minga.store.people.models import IdentityProvider


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
