"""The journal's two tables. Triggers of the database refuse to change or delete their rows."""

from __future__ import annotations

from typing import Any, Never

from django.db import models

from minga.store.journal.origins import LONGEST_ADDRESS, LONGEST_DOOR
from minga.store.people.models import Key, Organisation, Person

DIGITS = 64


class Entry(models.Model):
    """One change, as it was done. Read by the organisation that did it, and by the hub.

    `concerns` is the organisation whose affair it is when another did it, such as the hub closing
    out one of a member's people: it reads the line too, without who at the other's did it.
    `door` and `source` say through which door and from which address it came, `why` the reason
    that was given. `content` is the SHA-256 of all this, see `chain`.
    """

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="journal")
    concerns = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(Key, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=160)
    details = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    door = models.CharField(max_length=LONGEST_DOOR, blank=True)
    source = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    content = models.CharField(max_length=DIGITS)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "at"], name="entry_of_organisation"),
            models.Index(fields=["concerns", "at"], name="entry_concerning"),
            models.Index(fields=["subject", "at"], name="entry_about"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.organisation}: {self.action} {self.subject}"

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        """Refuse: the journal is only ever added to."""
        raise TypeError("A journal entry cannot be deleted.")


class Link(models.Model):
    """An entry's place in the chain: the order of commits, from 1 and without gaps.

    `sequence` counts what everybody did: it is for the hub alone.
    """

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="link")
    previous = models.CharField(max_length=DIGITS)
    digest = models.CharField(max_length=DIGITS)

    def __str__(self) -> str:
        return f"line {self.sequence}: {self.digest}"
