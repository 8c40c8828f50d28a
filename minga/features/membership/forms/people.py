"""What a person types of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.store.people.models import Organisation
from minga.web.templatetags.minga import role_name


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

    field_order: tuple[str, ...] = ("name", "email", "role", "language")
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("es", "Español"), ("en", "English")]
    )


class TransferForm(RoleForm):
    """Which organisation a person moves to, and his role there."""

    field_order: tuple[str, ...] = ("organisation", "role")
    organisation = forms.ChoiceField(label=_("Organisation"))

    def __init__(self, *args: Any, offered: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [  # type: ignore[attr-defined] # of its own class
            (each.slug, each.name) for each in offered
        ]
