"""Who belongs: organisations, people, keys, and what lets people in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from minga.core.agreement import Exit
from minga.core.policy import Tlp
from minga.store import world


def new_seal() -> bytes:
    """32 unpredictable bytes."""
    return world.random_bytes(32)


class Organisation(models.Model):
    """A legal entity that takes part: the hub, or a member.

    `granted` (powers, with spaces between), `reads_up_to` (a TLP, -1 for nothing) and
    `may_be_named` (in public, as a member) follow from the clauses it signed. They stand here so
    that no request has to look at signatures; only the signing and ending of clauses writes them.
    `allows_logo` is its own word, on top of the clause, that the hub may show its logo in public.
    `sector` is a code of `core/sectors` or the hub's own word. `is_essential` and `is_vital` are
    those of Ley 21.663 art. 4 and 5.
    `counterpart` and `deputy` are whom others reach at any hour; it confirms them every quarter.
    """

    class Role(models.TextChoices):
        HUB = "hub"
        MEMBER = "member"

    class Size(models.TextChoices):
        """By sales a year, as Ley 20.416 art. 2 has it; who sells nothing says what it is like."""

        MICRO = "micro"
        SMALL = "small"
        MEDIUM = "medium"
        LARGE = "large"

    class Contact(models.TextChoices):
        """Who is shown the security contact: the hub alone, or every member too."""

        HUB = "hub"
        MEMBERS = "members"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200, blank=True)
    rut = models.CharField(max_length=12, blank=True)
    foreign_id = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.MEMBER)
    sector = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=6, choices=Size.choices, blank=True)
    is_essential = models.BooleanField(default=False)
    is_vital = models.BooleanField(default=False)
    security_email = models.EmailField(max_length=254, blank=True)
    security_phone = models.CharField(max_length=20, blank=True)
    security_web = models.URLField(max_length=200, blank=True)
    shows_contact = models.CharField(max_length=7, choices=Contact.choices, default=Contact.HUB)
    counterpart = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    contacts_confirmed_at = models.DateTimeField(null=True, blank=True)
    granted = models.CharField(max_length=200, blank=True)
    reads_up_to = models.SmallIntegerField(default=-1)
    may_be_named = models.BooleanField(default=False)
    allows_logo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=world.now)
    leaves_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(role="hub"), name="organisation_one_hub"
            ),
            models.CheckConstraint(
                condition=models.Q(allows_logo=False) | models.Q(may_be_named=True),
                name="organisation_shows_no_logo_without_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stix_id(self) -> str:
        """The id of the STIX identity that speaks for this organisation."""
        return f"identity--{self.uuid}"

    @property
    def is_hub(self) -> bool:
        """Whether it operates this instance."""
        return self.role == self.Role.HUB


class Departure(models.Model):
    """An organisation leaves, or has left, and what becomes of what it shared.

    `fate` is what the clause says that it signed; `asks_anonymity` that it asked for more than
    that. `shared` counts its contributions when it left, `settled_at` is when the last of them
    had met its fate. `seal` makes the ids of what is shared anew without its name, and is
    forgotten with the last: from then on nothing tells which object was which.
    """

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departures")
    announced_at = models.DateTimeField(default=world.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    return_by = models.DateTimeField(null=True, blank=True)
    asks_anonymity = models.BooleanField(default=False)
    fate = models.CharField(
        max_length=9, choices=[(each.value, each.value) for each in Exit], default=Exit.STAY.value
    )
    shared = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    seal = models.BinaryField(max_length=32, default=new_seal)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(taken_back_at=None),
                name="departure_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"departure of {self.organisation}"


class Person(AbstractBaseUser):
    """A human who acts for one organisation.

    `times_shut_out` counts how often all his sessions were ended; one begun before stays ended.
    `expected_since` is when he was invited or let back in: from then, or from his last sign-in,
    counts how long he has not come. Who changed organisation `moved_to` an account of his own
    there, with his address; what he did before stays with the old one.

    An address is one person's of an organisation. Who works for two has an account at each, and
    neither organisation learns of the other's: an address that were refused would tell.
    """

    class Role(models.TextChoices):
        COUNTERPART = "counterpart"
        ANALYST = "analyst"
        READER = "reader"
        DIRECTOR = "director"
        MANAGER = "manager"
        ADMINISTRATOR = "administrator"

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    email = models.EmailField(max_length=254, db_index=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=13, choices=Role.choices, default=Role.ANALYST)
    language = models.CharField(max_length=2, default="es")
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    times_shut_out = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=world.now)
    expected_since = models.DateTimeField(default=world.now)
    moved_to = models.OneToOneField("self", models.PROTECT, null=True, related_name="moved_from")

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "uuid"
    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_address_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"], name="person_address_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"


class PgpKey(models.Model):
    """A public PGP key of an organisation, shown beside its contact to whom sees that."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="pgp_keys")
    fingerprint = models.CharField(max_length=64)
    user_ids = models.JSONField(default=list)
    armoured = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=world.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"], name="pgpkey_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"PGP key {self.fingerprint[-16:]} of {self.organisation}"


class Key(models.Model):
    """A machine's credential. Its secret is shown once and kept only as a hash.

    `doors` are those it opens, with spaces between. `ceiling` is the strictest label it reads by
    any way. `addresses` are the networks it may call from, with spaces between; none is anywhere.
    """

    class Door(models.TextChoices):
        TAXII = "taxii"
        API = "api"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=120)
    locator = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    can_share = models.BooleanField(default=False)
    doors = models.CharField(max_length=40, default="api taxii")
    ceiling = models.PositiveSmallIntegerField(
        choices=[(t.value, t.label) for t in Tlp], default=Tlp.RED.value
    )
    addresses = models.TextField(blank=True)
    created_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=world.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.organisation}"


class SignInLink(models.Model):
    """A link that signs one person in, once; in the demo, as often as he likes."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="links")
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    may_be_reused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"link for {self.person}"


class Passkey(models.Model):
    """A WebAuthn credential of a person. It asks for its owner (user verification) at every use.

    `credential` is the attested credential data (WebAuthn 3, section 6.5.2): authenticator model,
    credential id and public key. `sign_count` is the last one seen, 0 for those that do not count.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="passkeys")
    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=world.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.person}"


class CodeApp(models.Model):
    """A person's app that shows codes: TOTP, RFC 6238. One at most.

    `secret` is sealed. `last_step` is the time step of the last code taken: neither it nor an
    earlier one is taken again.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="code_app")
    secret = models.BinaryField(max_length=100)
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField(default=world.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code app of {self.person}"


class RecoveryCode(models.Model):
    """One of the codes a person keeps for the day he has lost the rest. Kept as a hash."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=world.now)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery code of {self.person}"


class Session(AbstractBaseSession):
    """What a browser's cookie stands for: somebody signed in, or still arriving.

    `session_key` is a hash of the cookie: a copy of this table opens no session. `person` is null
    until somebody is signed in. `seen_at` is exact to a minute.
    """

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    begun_at = models.DateTimeField(default=world.now)
    seen_at = models.DateTimeField(default=world.now)
    way = models.CharField(max_length=40, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=64, blank=True)


class Tries(models.Model):
    """How often something was tried in a span of time, by the database's clock.

    A turn that somebody holds (`store.turns`) stands here too, until he gives it back.
    `name` is a hash: the table tells neither addresses nor accounts. `ends_at` counts seconds
    since 1970.
    """

    name = models.CharField(max_length=32, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.count} tries"


class IdentityProvider(models.Model):
    """The OpenID provider by which the people of one organisation may sign in.

    `secret` is sealed. The three endpoints are those that the issuer published when it was asked
    last; all are https.
    """

    uuid = models.UUIDField(unique=True, default=world.random_uuid)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="provider")
    issuer = models.URLField(max_length=255)
    client_id = models.CharField(max_length=255)
    secret = models.BinaryField(max_length=1_000)
    authorization_endpoint = models.URLField(max_length=500)
    token_endpoint = models.URLField(max_length=500)
    keys_endpoint = models.URLField(max_length=500)
    checked_at = models.DateTimeField(default=world.now)

    def __str__(self) -> str:
        return f"{self.issuer} of {self.organisation}"


class Identity(models.Model):
    """Who a person is at the provider of his organisation: issuer and subject, nothing else.

    OpenID Connect Core 1.0, section 5.7: only the two together are stable and unique. An address
    that the provider tells is no identity, for whoever runs it may write any there.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="identity")
    issuer = models.URLField(max_length=255)
    subject = models.CharField(max_length=255)
    connected_at = models.DateTimeField(default=world.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_one_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
