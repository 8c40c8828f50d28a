"""The agreement in its versions, who signed which of its clauses, and the documents about it."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from minga.core import agreement as core
from minga.core.agreement import Agreement
from minga.store import world
from minga.store.audiences.models import Circle
from minga.store.people.models import Departure, Organisation, Person


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


class Ceremony(models.Model):
    """Organisations sign a version of the agreement one after the other, before each other.

    `convened_by` is who convenes for the hub, as declared. `link` is where they see each other.
    `act` tells of it all once it is closed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    title = models.CharField(max_length=120)
    agreement = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="ceremonies")
    convener = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    convened_by = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField()
    link = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    created_at = models.DateTimeField(default=world.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    act = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.title


class Signatory(models.Model):
    """An organisation that is to sign in a ceremony, and who it declares to sign for it."""

    ceremony = models.ForeignKey(Ceremony, models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    signer = models.CharField(max_length=120, blank=True)
    capacity = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ceremony", "organisation"], name="signatory_once_in_a_ceremony"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.ceremony}"


class Signature(models.Model):
    """An organisation signed clauses of a version. It is never changed but to be ended.

    `signer` and `capacity` are what was declared: who signed and by what power of the
    organisation. `reference` names the paper, for what was signed outside. `factor` is the second
    factor that he proved to be himself with. `act` tells of it all, sealed; it is made soon after.
    An advanced one names the `certificate` behind it, and keeps the `signed_document` that came.
    What is left of a signature when a clause is taken back `continues` it, under the same act.
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
    factor = models.CharField(max_length=20, blank=True)
    certificate = models.CharField(max_length=300, blank=True)
    signed_document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ceremony = models.ForeignKey(
        Ceremony, models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    continues = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    act = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="acts")
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


class IssuedAct(models.Model):
    """An act that is to be signed outside by an advanced signature: these bytes and no others."""

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    clauses = models.JSONField()
    signer = models.CharField(max_length=120)
    capacity = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=world.now)

    def __str__(self) -> str:
        return f"act for {self.organisation} to sign"


class ReturnedAct(models.Model):
    """A file that came back for an issued act. With a `fault` it is kept aside and grants nothing.

    The fault is one of `documents.verification.Fault`; `subject` is what its certificate says.
    """

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    issued = models.ForeignKey(IssuedAct, models.PROTECT, related_name="returned")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    fault = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=world.now)
    signature = models.OneToOneField(
        Signature, models.PROTECT, null=True, blank=True, related_name="returned"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="returnedact_grants_nothing_with_a_fault",
                condition=models.Q(fault="") ^ models.Q(signature=None),
            ),
        ]

    def __str__(self) -> str:
        return f"what came back for {self.issued}"


class Statement(models.Model):
    """What an organisation that left could read of others', and so may hold.

    `audiences` are those it sat in at the end. From them a job makes the lines, a file of JSON
    lines whose SHA-256 is `lines`, and the document; until then both are empty. Only the
    organisation reads them: it could read what the hub cannot.
    """

    departure = models.OneToOneField(Departure, models.PROTECT, related_name="statement")
    audiences = models.JSONField(default=list)
    circles = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    until_us = models.BigIntegerField()
    lines = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"what {self.departure.organisation} held"


class Certificate(models.Model):
    """Who left says that what it received is returned or destroyed.

    `kept` is what a law obliges it to keep, in its words. `reference` names the paper.
    """

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("Returned to who shared it")
        DESTROYED = "destroyed", _("Destroyed")

    class Way(models.TextChoices):
        """Before it left, signed in; after, by a link made for nothing else, or on paper."""

        SIMPLE = "simple", _("Simple signature")
        LINK = "link", _("By a one-time link")
        PAPER = "paper", _("On paper")

    departure = models.OneToOneField(Departure, models.PROTECT, related_name="certificate")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    kept = models.CharField(max_length=500, blank=True)
    way = models.CharField(max_length=6, choices=Way.choices)
    signer = models.CharField(max_length=120)
    capacity = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(default=world.now)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"certificate of {self.departure.organisation}"


class ReturnLink(models.Model):
    """Lets somebody of an organisation that left read its statement and sign its certificate.

    It opens nothing else. Only the hash of its token is kept.
    """

    departure = models.OneToOneField(Departure, models.CASCADE, related_name="return_link")
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link for {self.departure}"


class Admission(models.Model):
    """An organisation is to sit in a circle that admits by vote or by a sponsor.

    It asked itself, or who sits there proposed it. `decides_at` is when silence or the votes cast
    decide; None while a candidate that asked waits for a sponsor. `decided_at` stays None where
    nobody decided: the circle admits otherwise now.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ADMITTED = "admitted"
        DECLINED = "declined"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="admissions")
    candidate = models.ForeignKey(Organisation, models.CASCADE, related_name="admissions")
    sponsor = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(default=world.now)
    decides_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "candidate"],
                condition=models.Q(state="open"),
                name="admission_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} to {self.circle}: {self.state}"


class Ballot(models.Model):
    """How one organisation of a circle voted. Nobody is ever shown whose vote it was."""

    admission = models.ForeignKey(Admission, models.CASCADE, related_name="ballots")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    in_favour = models.BooleanField()
    cast_at = models.DateTimeField(default=world.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["admission", "organisation"], name="ballot_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"a vote on {self.admission}"
