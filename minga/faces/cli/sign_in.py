"""The addresses that links lead to."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from minga.web import links


def sign_in_url(token: str) -> str:
    """The one-time link for this token."""
    return links.one_time_link(token)


def demo_url(token: str) -> str:
    """The link of the demo for this token, on the hub's own address: it asks for no passkey."""
    return f"{settings.URL}{reverse('sign-in-by-link', args=[token])}"


def return_url(token: str) -> str:
    """The link by which an organisation that left certifies."""
    return f"{settings.URL}{reverse('return', args=[token])}"
