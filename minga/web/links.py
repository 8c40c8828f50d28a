"""The addresses of links that people are given."""

from __future__ import annotations

from django.urls import reverse

from minga.web import passkeys


def one_time_link(token: str) -> str:
    """Where a one-time link leads: to the hub, by the name at which its passkeys work.

    That is `MINGA_URL`, but for a hub on loopback, whose passkeys work at `localhost` alone.
    """
    return f"{passkeys.site()[1]}{reverse('sign-in-by-link', args=[token])}"
