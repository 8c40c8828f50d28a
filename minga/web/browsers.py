"""A browser and its system in words, from what it says of itself."""

from __future__ import annotations

import re

# The order matters: most say also the names of those they descend from.
_BROWSERS = (
    ("Edge", "Edg(?:e|A|iOS)?"), ("Opera", "OPR"), ("Samsung Internet", "SamsungBrowser"),
    ("Firefox", "Firefox|FxiOS"), ("Chrome", "Chrome|CriOS|HeadlessChrome|Chromium"),
    ("Safari", "Version(?=/[0-9.]+ .*Safari)"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"), ("ChromeOS", "CrOS"), ("Linux", "Linux|X11"),
)  # fmt: skip
LONGEST = 2_000


def named(user_agent: str) -> str:
    """Such as "Firefox 128, Linux"; empty when it says nothing we know. Only that is kept."""
    said = user_agent[:LONGEST]
    parts = [_browser(said), next((name for name, word in _SYSTEMS if re.search(word, said)), "")]
    return ", ".join(filter(None, parts))


def _browser(said: str) -> str:
    for name, word in _BROWSERS:
        found = re.search(rf"\b(?:{word})/(\d{{1,4}})", said)
        if found:
            return f"{name} {found[1]}"
    return ""
