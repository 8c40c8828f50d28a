"""Chance that Django and pyHanko take by themselves, taken from the seeded world instead."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from django.http import response
from django.middleware import csrf
from django.utils import crypto, timezone

from tests.security.two_worlds.seeded import SeededWorld


def fix(world: SeededWorld) -> None:
    """Let session keys, CSRF masks, ids of PDFs and Django's clock follow from the step too."""

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
    from pyhanko.pdf_utils import incremental_writer
    from pyhanko.pdf_utils.metadata import info, xmp_xml

    base.get_random_string = random_string
    incremental_writer.os = SimpleNamespace(urandom=world.random_bytes, SEEK_END=os.SEEK_END)
    for dated in (info, xmp_xml):
        dated._write_meta_date = _at_the_worlds_time(dated._write_meta_date, world)


def _at_the_worlds_time(write: Callable[..., bool], world: SeededWorld) -> Callable[..., bool]:
    """pyHanko's way of dating a change, which takes the machine's clock for "now"."""
    return lambda *given, **named: write(
        *(world.now() if each == "now" else each for each in given), **named
    )
