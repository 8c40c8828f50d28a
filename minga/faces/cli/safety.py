"""Whether this hub is fit for service, and what is wrong when it is not."""

from __future__ import annotations

import ipaddress
import shutil
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from minga.core.policy import Tlp
from minga.features.membership import queries
from minga.store import world
from minga.store.objects.models import PublicationClock
from minga.store.people.models import Organisation

LEAST_FREE_BYTES = 500_000_000
CLOCK_SLACK = timedelta(seconds=5)
OTHERS, GROUP_AND_OTHERS = 0o007, 0o077
SQLITE_FULL, SQLITE_EXTRA = 2, 3
Needs: TypeAlias = Mapping[str, Collection[str | int]]
SQLITE_NEEDS: Needs = {
    "journal_mode": {"wal"},
    "synchronous": {SQLITE_FULL, SQLITE_EXTRA},
    "foreign_keys": {1},
}
POSTGRESQL_NEEDS: Needs = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
    "server_encoding": {"UTF8"},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at. An unsafe one keeps the hub from serving."""

    subject: str
    is_fine: bool
    says: str
    is_unsafe: bool = True


def look(host: str = "127.0.0.1") -> Iterator[Finding]:
    """Look at settings, secret, database, clock and disk; `host` is where the hub would listen."""
    yield _address(host)
    yield _default_tlp()
    yield from _private_files()
    yield from _signature_roots()
    try:
        yield from _database()
    except DatabaseError as error:
        yield Finding("database", is_fine=False, says=f"It does not answer: {error}")
        return
    yield _disk()


def _address(host: str) -> Finding:
    listens_beyond = not _is_loopback(host)
    if not settings.IS_SECURE and not settings.IS_LOOPBACK:
        says = f"MINGA_URL is {settings.URL}; expected https:// unless it is on loopback."
    elif listens_beyond and not settings.IS_SECURE:
        says = (
            f"It would listen on {host} while MINGA_URL is {settings.URL}: passwords and keys "
            "would travel in the clear. Set MINGA_URL to the https address of the proxy in front."
        )
    elif settings.DEBUG:
        says = "DEBUG is on: errors would show the hub's inside."
    else:
        return Finding("address", is_fine=True, says=f"{settings.URL}, listening on {host}")
    return Finding("address", is_fine=False, says=says)


def _default_tlp() -> Finding:
    """Refused when settings are read; looked at again because so much hangs on it."""
    label = Tlp(settings.DEFAULT_TLP)
    if label == Tlp.CLEAR:
        return Finding(
            "default TLP",
            is_fine=False,
            says="What arrives unmarked would be TLP:CLEAR; expected TLP:GREEN or stricter.",
        )
    return Finding("default TLP", is_fine=True, says=label.label)


def _private_files() -> Iterator[Finding]:
    """The state folder is closed to others, the secrets to everybody but the hub's user."""
    home = Path(settings.HOME)
    for subject, path, forbidden in (
        ("state folder", home, OTHERS),
        ("secret", home / "secret.key", GROUP_AND_OTHERS),
        ("sealing key", home / "seal.pem", GROUP_AND_OTHERS),
    ):
        if not path.exists():  # the seal comes with the founding of the hub
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & forbidden:
            says = f"Others may read {path} (mode {mode:03o}); run: chmod go-rwx {path}"
            yield Finding(subject, is_fine=False, says=says)
        else:
            yield Finding(subject, is_fine=True, says=f"{path}, closed to others")


def _signature_roots() -> Iterator[Finding]:
    """The authorities trusted for advanced signatures, when the operator names a folder of them."""
    if not settings.SIGNATURE_ROOTS:
        return
    folder = Path(settings.SIGNATURE_ROOTS)
    try:
        known = queries.authorities_in(folder)
    except ValueError as error:
        says = f"{folder} holds what is no certificate: {error}"
        yield Finding("signature roots", is_fine=False, says=says, is_unsafe=False)
        return
    says = f"{known} in {folder}" if known else f"{folder} holds no certificate (*.pem, *.crt)."
    yield Finding("signature roots", is_fine=known > 0, says=says, is_unsafe=False)


def _database() -> Iterator[Finding]:
    yield Finding("database", is_fine=True, says=f"{connection.display_name}, answering")
    yield _durability()
    waiting = _migrations_waiting()
    if waiting:
        says = f"{waiting} migrations are not applied; run `minga init`."
        yield Finding("migrations", is_fine=False, says=says)
        return
    yield Finding("migrations", is_fine=True, says="All are applied.")
    hub = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    says = f"{hub}" if hub else "There is none yet; run `minga init`."
    yield Finding("hub", is_fine=hub is not None, says=says)
    yield _clock()


def _durability() -> Finding:
    """That an acknowledged write survives a power cut: measured, it does not without these."""
    is_sqlite = connection.vendor == "sqlite"
    for name, good in (SQLITE_NEEDS if is_sqlite else POSTGRESQL_NEEDS).items():
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}" if is_sqlite else f"SHOW {name}")
            (value,) = cursor.fetchone()
        if value not in good:
            expected = " or ".join(sorted(map(str, good)))
            says = f"{name} is {value}; expected {expected}, or writes may be lost."
            return Finding("durability", is_fine=False, says=says)
    return Finding("durability", is_fine=True, says="What is acknowledged is on the disk.")


def _migrations_waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _clock() -> Finding:
    """The clock must not be behind what was stamped already, nor apart from the database's."""
    now = world.now()
    last = world.from_us(PublicationClock.objects.values_list("last_us", flat=True).first() or 0)
    if last > now + CLOCK_SLACK:
        says = f"This machine says {now:%F %T}, but something was published at {last:%F %T}."
        return Finding("clock", is_fine=False, says=f"{says} Set the clock right first.")
    apart = abs(_database_now() - now)
    if apart > CLOCK_SLACK:
        says = f"This machine and the database are {apart.total_seconds():.0f} s apart."
        return Finding("clock", is_fine=False, says=f"{says} Run a time service on both.")
    return Finding("clock", is_fine=True, says=f"{now:%F %T} UTC")


def _database_now() -> datetime:
    if connection.vendor == "sqlite":
        return world.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    is_fine = free >= LEAST_FREE_BYTES
    says = f"{free / 1e9:.1f} GB free"
    if not is_fine:
        says += f"; expected {LEAST_FREE_BYTES / 1e9:.1f} GB at least, or writes will be refused."
    return Finding("disk", is_fine=is_fine, says=says, is_unsafe=False)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
