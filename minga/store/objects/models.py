"""What was shared, byte for byte, and when each audience could first read it."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q

from minga.core import policy
from minga.store import world
from minga.store.audiences.models import Audience
from minga.store.people.models import Key, Organisation, Person


class Stamp(models.BigIntegerField[int, int]):
    """Whole microseconds since 1970 that are also the table's order on disk.

    SQLite keeps a table in the order of its key only when the key is declared INTEGER.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column type that each database keeps the table ordered by."""
        return "integer" if connection.vendor == "sqlite" else "bigint"

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type of a column that points here."""
        return self.db_type(connection)


class Contribution(models.Model):
    """One act of sharing: words, the objects they carry, and who may read both.

    `codes` are [scheme, code] pairs of other numberings. `found_by` is what a search looks
    through: title and text, lower case, without accents. `request_key` makes a repeated request
    the same contribution. `root_id` is the report, grouping or incident that speaks for it.
    `withdrawn_at` is when all of it was taken back at once, because its producer left.
    """

    class Kind(models.IntegerChoices):
        ALERT = 1, "alert"
        THREAT = 2, "threat"
        REPORT = 3, "report"
        INCIDENT = 4, "incident"
        INDICATORS = 5, "indicators"
        INNOVATION = 6, "innovation"

    class Attribution(models.TextChoices):
        OWN = "own"
        HUB = "hub"

    class Door(models.TextChoices):
        PAGE = "page"
        API = "api"
        TAXII = "taxii"
        CONSOLE = "console"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    producer = models.ForeignKey(Organisation, models.PROTECT, related_name="contributions")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(Key, models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=7, choices=Door.choices)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    found_by = models.TextField(blank=True)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="contributions")
    pap = models.PositiveSmallIntegerField(
        choices=[(p.value, p.label) for p in policy.Pap], default=policy.Pap.CLEAR.value
    )
    attribution = models.CharField(
        max_length=3, choices=Attribution.choices, default=Attribution.OWN
    )
    codes = models.JSONField(default=list, blank=True)
    root_id = models.CharField(max_length=160, blank=True)
    request_key = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "request_key"],
                condition=~Q(request_key=""),
                name="contribution_once_per_request",
            ),
        ]
        indexes = [
            models.Index(fields=["audience", "updated_at"], name="contribution_of_an_audience"),
            models.Index(fields=["updated_at"], name="contribution_by_time"),
            models.Index(fields=["producer", "root_id"], name="contribution_by_root"),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One (producer, id, modified) of a STIX object, as received.

    `raw` is never altered. The other columns are read from it, for filters and pages; times are
    in microseconds since 1970. `modified_us` is `modified`, else `created`, else 0, and
    `version` the same as the producer wrote it. `lineage` stands for the object's author.
    """

    producer = models.ForeignKey(Organisation, models.PROTECT, related_name="versions")
    stix_id = models.CharField(max_length=160)
    modified_us = models.BigIntegerField()
    version = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=60)
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=16)
    lineage = models.BigIntegerField()
    created_by_ref = models.CharField(max_length=160, blank=True)
    name = models.CharField(max_length=300, blank=True)
    revoked = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField(null=True)
    valid_from_us = models.BigIntegerField(null=True)
    valid_until_us = models.BigIntegerField(null=True)
    tlp = models.PositiveSmallIntegerField()
    received_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stix_id", "producer", "modified_us"], name="version_once_per_producer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stix_id} of {self.version or 'no date'}"


class Carried(models.Model):
    """A contribution carries a version."""

    pk = models.CompositePrimaryKey("contribution_id", "version_id")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, related_name="carried", db_index=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="carriers")

    def __str__(self) -> str:
        return f"{self.version} in {self.contribution}"


class Publication(models.Model):
    """From `added_at` on, an audience may read a version. Pollers read in this order.

    Id, modified, lineage and type are the version's own, repeated so that a page is one scan.
    """

    added_at = Stamp(primary_key=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="publications")
    audience = models.ForeignKey(Audience, models.PROTECT, db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Contribution.Kind.choices)
    stix_id = models.CharField(max_length=160)
    modified_us = models.BigIntegerField()
    lineage = models.BigIntegerField()
    type = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(
                fields=["stix_id", "lineage", "modified_us", "added_at"],
                name="publication_of_an_object",
            ),
            models.Index(fields=["audience", "added_at"], name="publication_to_an_audience"),
        ]

    def __str__(self) -> str:
        return f"{self.version} to {self.audience}"


class PublicationClock(models.Model):
    """The last stamp given. Its row is held from stamping to commit: order is commit order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_us = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="clock_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"last stamp {self.last_us}"


class Observable(models.Model):
    """A kind and the value it is matched by, interned: `core.observables` names both."""

    kind = models.CharField(max_length=20)
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "kind"], name="observable_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Mention(models.Model):
    """A version speaks of an observable: an indicator's pattern, or the object itself."""

    pk = models.CompositePrimaryKey("observable_id", "version_id")
    observable = models.ForeignKey(
        Observable, models.PROTECT, related_name="mentions", db_index=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="mentions")

    def __str__(self) -> str:
        return f"{self.observable} in {self.version}"


class Sighting(models.Model):
    """One organisation saw an object at work.

    `version` is the STIX sighting that says so, and has an audience of its own; readers outside
    it know the sighting as one more in a count. STIX 2.1, section 5.2.
    """

    stix_id = models.CharField(max_length=160)
    seen_by = models.ForeignKey(Organisation, models.PROTECT, related_name="sightings")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    first_seen_us = models.BigIntegerField()
    last_seen_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], name="sighting_once_per_version"),
            models.CheckConstraint(
                name="sighting_ends_after_it_starts",
                condition=Q(last_seen_us__gte=F("first_seen_us")),
            ),
            models.CheckConstraint(
                name="sighting_count_in_range", condition=Q(count__range=(1, 999_999_999))
            ),
        ]
        indexes = [models.Index(fields=["stix_id"], name="sighting_of_an_object")]

    def __str__(self) -> str:
        return f"{self.stix_id} seen {self.count}x by {self.seen_by}"


class Feedback(models.Model):
    """What one organisation says of an object to its author; the latest word counts.

    Who `is_nameless` left and asked not to be named: the verdict counts, nobody reads whose.
    """

    class Verdict(models.TextChoices):
        FALSE_POSITIVE = "false-positive"
        EXPIRED = "expired"
        NOT_AFFECTED = "not-affected"
        MITIGATED = "mitigated"
        NEED_HELP = "need-help"

    stix_id = models.CharField(max_length=160)
    said_by = models.ForeignKey(Organisation, models.PROTECT, related_name="feedback")
    verdict = models.CharField(max_length=14, choices=Verdict.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    is_nameless = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stix_id", "said_by", "verdict"], name="feedback_once_per_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_by}: {self.verdict} on {self.stix_id}"
