"""Writing the journal: always inside the transaction of the change it tells of."""

from __future__ import annotations

from django.db import transaction

from minga.store import world
from minga.store.journal import chain, origins
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor


@transaction.atomic(savepoint=False)
def record(
    action: str, *, by: Actor, subject: str, why: str = "", **details: str | int | bool | list[str]
) -> None:
    """Note that `by` did `action` to `subject`, an identifier that may leave the hub.

    `why` is the reason somebody gave, in his words. From where it came is taken from `origins`.
    Every action has words in `features/membership/pages/actions.py`.
    """
    origin = origins.present()
    entry = Entry(
        at=world.now(),
        action=action,
        organisation=by.organisation,
        person=by.person,
        key=by.key,
        subject=subject,
        details=details,
        why=why,
        door=origin.door,
        source=origin.address,
    )
    entry.content = chain.content_of(chain.values_of(entry))
    entry.save(force_insert=True)
    chain.add(entry)
