"""The agreement in its versions, who signed which of its clauses, and the documents about it."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from minga.core import agreement as core
from minga.core.agreement import Agreement
from minga.store import world
from minga.store.people.models import Organisation, Person


class AgreementVersion(models.Model):
    """One version of the agreement, as the text that was loaded.

    At most one is in force. A replaced one holds for those who have not moved, until it ends.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        IN_FORCE = "in-force"
        REPLACED = "replaced"

    version = models.PositiveSmallIntegerField(unique=True)
    source = models.TextField()
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    loaded_at = models.DateTimeField(default=world.now)
    in_force_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="in-force"),
                name="agreementversion_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def agreement(self) -> Agreement:
        """What the text says."""
        return _read(self.source)


@lru_cache(maxsize=8)
def _read(source: str) -> Agreement:
    return core.read(source)


class Document(models.Model):
    """A PDF as it was made or as it came, byte for byte. It is never made again nor changed.

    Who may read it follows from what refers to it.
    """

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    content = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(default=world.now)

    def __str__(self) -> str:
        return f"document {self.uuid}"


class Signature(models.Model):
    """An organisation signed clauses of a version. It is never changed but to be ended.

    `signer` and `capacity` are what was declared: who signed and by what power of the
    organisation. `reference` names the paper, for what was signed outside.
    """

    class Level(models.TextChoices):
        """Ley 19.799 art. 2 knows simple and advanced signatures; paper is as good as either."""

        SIMPLE = "simple", _("Simple signature")
        ADVANCED = "advanced", _("Advanced signature")
        PAPER = "paper", _("On paper")

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    clauses = models.JSONField()
    level = models.CharField(max_length=8, choices=Level.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    signer = models.CharField(max_length=120)
    capacity = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(default=world.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation"],
                name="signature_live",
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} signed clauses {self.clauses} of {self.agreement}"
