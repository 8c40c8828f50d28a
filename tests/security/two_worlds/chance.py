"""Chance that Django takes by itself, taken from the seeded world instead."""

from __future__ import annotations

import hashlib
from datetime import datetime
from types import SimpleNamespace

from django.http import response
from django.middleware import csrf
from django.utils import crypto, timezone

from tests.security.two_worlds.seeded import SeededWorld


def fix(world: SeededWorld) -> None:
    """Let session keys, CSRF masks and Django's clock follow from the step too."""

    def random_string(length: int, allowed_chars: str = crypto.RANDOM_STRING_CHARS) -> str:
        drawn = hashlib.shake_128(world.random_bytes(16)).digest(length)
        return "".join(allowed_chars[byte % len(allowed_chars)] for byte in drawn)

    def now() -> datetime:
        return world.now()

    crypto.get_random_string = random_string
    csrf.get_random_string = random_string
    timezone.now = now
    response.time = SimpleNamespace(time=lambda: world.now().timestamp())  # cookies' expiry
    from django.contrib.sessions.backends import base

    base.get_random_string = random_string
