"""What a hub needs around its database before it can serve."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from minga.web.languages import compile_catalogues


def prepare() -> None:
    """Bring tables, translations and static files up to date with the code. Repeatable."""
    call_command("migrate", verbosity=0, interactive=False)
    compile_catalogues()
    if not _static_files_are_current():
        call_command("collectstatic", verbosity=0, interactive=False)


def _static_files_are_current() -> bool:
    """Whether none changed since they were collected; collecting takes half a second."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = (
        Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    )
    newest = max(path.stat().st_mtime_ns for path in sources)
    return manifest.stat().st_mtime_ns > newest
