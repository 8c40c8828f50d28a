"""Writing the journal: always inside the transaction of the change it tells of."""

from __future__ import annotations

from minga.store import world
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor


def record(
    action: str, *, by: Actor, subject: str, **details: str | int | bool | list[str]
) -> None:
    """Note that `by` did `action` to `subject`, an identifier that may leave the hub."""
    Entry.objects.create(
        at=world.now(),
        action=action,
        organisation=by.organisation,
        person=by.person,
        key=by.key,
        subject=subject,
        details=details,
    )
