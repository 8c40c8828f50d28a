"""What the frame of every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The hub's name and who reads, for the frame."""
    return {"hub_name": settings.HUB_NAME, "person": getattr(request, "user", None)}
