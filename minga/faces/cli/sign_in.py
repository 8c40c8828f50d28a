"""The addresses that links lead to."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def sign_in_url(token: str) -> str:
    """The link for this token, on the hub's own address."""
    return f"{settings.URL}{reverse('sign-in-by-link', args=[token])}"


def return_url(token: str) -> str:
    """The link by which an organisation that left certifies."""
    return f"{settings.URL}{reverse('return', args=[token])}"
