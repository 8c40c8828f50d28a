"""Writing the journal: always inside the transaction of the change it tells of."""

from __future__ import annotations

from django.db import transaction

from minga.store import world
from minga.store.journal import chain, origins
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    by: Actor,
    subject: str,
    concerns: Organisation | None = None,
    why: str = "",
    **details: str | int | bool | list[str],
) -> None:
    """Note that `by` did `action` to `subject`, an identifier that may leave the hub.

    `concerns` is the organisation whose affair it is, which reads of it when another did it.
    `why` is the reason somebody gave, in his words. From where it came is taken from `origins`.
    Every action has words in `features/membership/pages/actions.py`.
    """
    origin = origins.present()
    entry = Entry(
        at=world.now(),
        action=action,
        organisation=by.organisation,
        concerns=None if concerns == by.organisation else concerns,
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
