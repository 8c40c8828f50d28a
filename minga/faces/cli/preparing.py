"""What a hub needs around its database before it can serve."""

from __future__ import annotations

from django.core.management import call_command

from minga.web.languages import compile_catalogues


def prepare() -> None:
    """Bring tables, translations and static files up to date with the code. Repeatable."""
    call_command("migrate", verbosity=0, interactive=False)
    compile_catalogues()
    call_command("collectstatic", verbosity=0, interactive=False)
