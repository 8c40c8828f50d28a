"""Circles, audiences and seats."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from minga.core import policy
from minga.core.circles import CircleRule
from minga.store import world
from minga.store.people.models import Organisation, Person


class Circle(models.Model):
    """A named set of organisations: a sector, a project, an incident room.

    With a `stored_rule` seats follow it and nobody admits; else `admission` says who does. Of a
    circle that `is_listed` every member knows the name and the purpose, and may ask to join. Who
    was not let in may be proposed or ask again after `pause_days`.
    """

    class Admission(models.TextChoices):
        STEWARD = "steward"
        SPONSOR = "sponsor"
        VOTE = "vote"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    steward = models.ForeignKey(Organisation, models.PROTECT, related_name="stewarded_circles")
    created_at = models.DateTimeField(default=world.now)
    stored_rule = models.JSONField(null=True, blank=True)
    admission = models.CharField(max_length=7, choices=Admission.choices, default=Admission.STEWARD)
    is_listed = models.BooleanField(default=False)
    pause_days = models.PositiveSmallIntegerField(default=30)

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> CircleRule | None:
        """The rule that its seats follow, or None for a circle by hand."""
        return None if self.stored_rule is None else CircleRule.read(self.stored_rule)


class CircleSeat(models.Model):
    """One organisation sits in one circle."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="seats_in_circles")
    since = models.DateTimeField(default=world.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "organisation"], name="circleseat_once_per_circle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.circle}"


class Audience(models.Model):
    """Who may read a thing, interned: equal audiences are one row.

    `digest` is of the rule's own words (`policy.Audience`). A row with an `origin` is the late
    door of one organisation into that audience: through it come the things that were there
    before the organisation took its seat.
    """

    digest = models.BinaryField(max_length=16, unique=True)
    tlp = models.PositiveSmallIntegerField(choices=[(t.value, t.label) for t in policy.Tlp])
    public = models.BooleanField(default=False)
    everyone = models.BooleanField(default=False)
    hub = models.BooleanField(default=False)
    circles = models.ManyToManyField(Circle, related_name="audiences")
    organisations = models.ManyToManyField(Organisation, related_name="named_in")
    people = models.ManyToManyField(Person, related_name="named_in")
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="late_doors")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audience_only_clear_is_public",
                condition=Q(public=False) | Q(tlp=policy.Tlp.CLEAR.value),
            ),
            models.CheckConstraint(
                name="audience_red_is_not_for_everyone",
                condition=Q(everyone=False) | Q(tlp__lt=policy.Tlp.RED.value),
            ),
        ]

    def __str__(self) -> str:
        return f"audience {self.pk} ({policy.Tlp(self.tlp).label})"


class Seat(models.Model):
    """One organisation, or one person of it, may read an audience: what was added `since` then.

    `person` is 0 for the whole organisation. `since` is in microseconds since 1970; 0 is ever.
    """

    pk = models.CompositePrimaryKey("organisation_id", "audience_id", "person")
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False)
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="seats")
    person = models.BigIntegerField(default=0)
    since = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organisation} reads {self.audience}"
