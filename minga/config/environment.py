"""Every setting: its variable, its safe default and one line that says what it does.

`docs/reference/settings.md` is this table in prose; a test holds the two together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from minga.core.networks import read_networks
from minga.core.policy import Tlp
from minga.core.problems import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable an operator may set."""

    name: str
    default: str
    says: str

    @property
    def value(self) -> str:
        """What the environment says, or the default."""
        return os.environ.get(self.name, self.default)


class SettingError(Problem):
    """A variable holds something that cannot be used; the message says what to write instead."""

    code = "bad-setting"


HOME = Setting(
    "MINGA_HOME", ".state", "The folder that keeps the hub's state: database, keys, files."
)
DATABASE = Setting(
    "MINGA_DATABASE",
    "",
    "Where the database is: postgresql://user:password@host/name; empty is SQLite in MINGA_HOME.",
)
URL = Setting(
    "MINGA_URL",
    "http://127.0.0.1:8000",
    "The address members use, for links, discovery and cookies; https everywhere but on loopback.",
)
NAME = Setting("MINGA_NAME", "CSIRT Nacional", "How the hub calls itself on pages and in TAXII.")
LANGUAGE = Setting("MINGA_LANGUAGE", "es", "The language of pages for who chose none: es or en.")
TIME_ZONE = Setting(
    "MINGA_TIME_ZONE", "America/Santiago", "The time zone of pages for who chose none."
)
DEFAULT_TLP = Setting(
    "MINGA_DEFAULT_TLP", "TLP:AMBER", "The label of what arrives without one; GREEN or stricter."
)
BODY_LIMIT = Setting(
    "MINGA_BODY_LIMIT_BYTES",
    "10000000",
    "The largest body a door accepts, in bytes; beyond it, 413.",
)
PAGE_LIMIT = Setting("MINGA_PAGE_LIMIT", "1000", "The most objects one TAXII page holds.")
SIGNATURE_ROOTS = Setting(
    "MINGA_SIGNATURE_ROOTS",
    "",
    "A folder with the authorities trusted for advanced signatures (*.pem, *.crt) and their *.crl; "
    "empty: nobody can sign that way.",
)
THREADS = Setting("MINGA_THREADS", "4", "How many requests one worker serves at the same time.")
OUTBOUND_NETWORKS = Setting(
    "MINGA_OUTBOUND_NETWORKS",
    "",
    "Private networks that the hub may call, such as that of a member's identity provider.",
)
TRUSTED_PROXIES = Setting(
    "MINGA_TRUSTED_PROXIES",
    "",
    "Networks of the proxies in front, whose X-Forwarded-For says where a request comes from.",
)

SETTINGS = (
    HOME, DATABASE, URL, NAME, LANGUAGE, TIME_ZONE, DEFAULT_TLP, BODY_LIMIT, PAGE_LIMIT,
    SIGNATURE_ROOTS, THREADS,
    OUTBOUND_NETWORKS, TRUSTED_PROXIES,
)  # fmt: skip


def whole_number(setting: Setting, *, least: int, most: int) -> int:
    """The setting as a whole number. Raises SettingError with the range it must lie in."""
    text = setting.value
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(
            f"{setting.name} is {text!r}; expected a whole number, {least} to {most}."
        )
    return int(text)


def network_list(setting: Setting) -> str:
    """The setting's networks with spaces between. Raises SettingError for one that is none."""
    try:
        return " ".join(map(str, read_networks(setting.value)))
    except Invalid as problem:
        raise SettingError(f"{setting.name}: {problem.message}") from None


def default_tlp() -> Tlp:
    """The label of unmarked content. TLP:CLEAR is refused: silence is not a permission."""
    tlp = Tlp.read(DEFAULT_TLP.value)
    if tlp == Tlp.CLEAR:
        raise SettingError(f"{DEFAULT_TLP.name} is TLP:CLEAR; expected TLP:GREEN or stricter.")
    return tlp


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": dict(parse_qsl(parts.query))
        | {
            "pool": {"min_size": 1, "max_size": 32},
            # Planning a page takes longer than reading it: let the server keep the plan.
            "server_side_binding": True,
            "prepare_threshold": 2,
            # Compiling a page's plan would take fifty times as long as running it.
            "options": "-c jit=off",
        },
    }


def database(home: Path) -> dict[str, object]:
    """Django's description of the database that MINGA_DATABASE names.

    SQLite keeps every acknowledged write through a power cut: WAL with synchronous=FULL, and
    IMMEDIATE so that writers queue instead of failing. Connections live as long as their thread.
    """
    if not DATABASE.value:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "minga.sqlite3",
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": str(home / "test.sqlite3")},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    " PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(DATABASE.value)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingError(
            f"{DATABASE.name} has scheme {parts.scheme!r}; expected postgresql://user@host/name."
        )
    return _postgresql(parts)
