"""The journal's one table."""

from __future__ import annotations

from typing import Any, Never

from django.db import models

from minga.store.people.models import Key, Organisation, Person


class Entry(models.Model):
    """One change, as it was done. Read by the organisation that did it, and by the hub."""

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="journal")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(Key, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=160)
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.organisation}: {self.action} {self.subject}"

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        """Refuse: the journal is only ever added to."""
        raise TypeError("A journal entry cannot be deleted.")
