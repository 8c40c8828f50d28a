"""What a person may type at the door and in his account."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minga.core.problems import Malformed
from minga.store import sealing
from minga.store.people.models import Person
from minga.web import browsers, codes, pictures

LONGEST_PASSWORD = 200


class SignInForm(forms.Form):
    """An e-mail address and a password."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasskeyForm(forms.Form):
    """A passkey that the browser made, and what to call it."""

    REFUSED = _("The passkey could not be kept. Try again, or use another device.")

    new_passkey = forms.CharField(widget=forms.HiddenInput, required=True)
    name = forms.CharField(
        label=_("What to call it"),
        help_text=_("Such as the laptop of the office."),
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, browser: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.browser = browsers.named(browser)
        self.initial["name"] = self.browser

    def clean_name(self) -> str:
        """What was written, else the browser."""
        written = " ".join(self.cleaned_data["name"].split())
        return written or self.browser or str(_("Passkey"))


class AppForm(forms.Form):
    """The first code of an app that was just set up. The sealed secret travels with the form."""

    WRONG = _("That is not the code your app shows. Look at the clock of your telephone.")

    sealed_secret = forms.CharField(widget=forms.HiddenInput, max_length=200)
    app_code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, person: Person, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person = person
        if not self.is_bound:
            self.sealed = codes.new_secret(person)
            self.initial["sealed_secret"] = base64.b64encode(self.sealed).decode()
        else:
            self.sealed = self._sent()

    @property
    def code(self) -> str:
        """What was typed."""
        return str(self.cleaned_data["app_code"])

    @property
    def picture(self) -> SafeString:
        """The secret as a picture for the app."""
        return pictures.qr(codes.address(self.sealed, self.person))

    @property
    def spelled(self) -> str:
        """The secret to be typed where there is no camera."""
        return codes.spelled(self.sealed, self.person)

    def _sent(self) -> bytes:
        try:
            sealed = base64.b64decode(self.data.get("sealed_secret", ""), validate=True)
            codes.spelled(sealed, self.person)
        except (ValueError, sealing.NotSealedHere):
            raise Malformed("The secret of the form is not one that this hub made.") from None
        return sealed


class PasswordForm(forms.Form):
    """A new password, typed twice; the old one too where there is one."""

    current = forms.CharField(
        label=_("Current password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 15 characters. A sentence is easy to remember."),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password, again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not has_password(person):
            del self.fields["current"]

    def clean_current(self) -> str:
        """The password that is in force."""
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise forms.ValidationError(_("That is not your current password."))
        return current

    def clean_new(self) -> str:
        """A password that the house's rules accept."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.person)
        return new

    def clean(self) -> dict[str, Any]:
        """The same password twice."""
        cleaned = super().clean() or {}
        new, again = cleaned.get("new"), cleaned.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two are not the same."))
        return cleaned


def has_password(person: Person) -> bool:
    """Whether this person ever chose a password; many sign in by link alone."""
    return person.password != "" and person.has_usable_password()
