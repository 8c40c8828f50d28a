"""What only the exchange remembers: submissions that are, or were, worked off."""

from __future__ import annotations

from django.db import models

from minga.store import world
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.models import Key, Organisation, Person


class Submission(models.Model):
    """A bundle somebody handed in, and what became of each object. TAXII 2.1, section 4.3.

    `file` names the body in `store.files` while it waits. `successes` and `failures` are lists
    of [id, version, message]. Only who submitted it sees it.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        COMPLETE = "complete"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(Key, models.PROTECT, null=True, related_name="+")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=7, choices=Contribution.Door.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    received_at = models.DateTimeField()
    file = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(default=0)
    successes = models.JSONField(default=list)
    failures = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"submission {self.uuid}: {self.state}"
