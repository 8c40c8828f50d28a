"""Who a person is at his organisation's identity provider: found, connected, forgotten.

A connection is made by somebody who has proved otherwise who he is. Nothing that a provider says
of somebody, an address least of all, finds a person here who did not connect himself.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from minga.core.problems import Conflict, Forbidden, NotFound
from minga.store import sealing, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Identity, IdentityProvider, Person
from minga.web.openid import Proof

COOKIE = "provider"
"""What a browser keeps of the provider by which somebody came in, to be offered it again."""


def remembered(request: HttpRequest) -> IdentityProvider | None:
    """The provider by which somebody came in with this browser, while it is there."""
    try:
        known = UUID(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None
    found = IdentityProvider.objects.filter(uuid=known, organisation__left_at=None)
    return found.select_related("organisation").first()


def secret_of(provider: IdentityProvider) -> str:
    """What this hub shows to the provider to be known by it."""
    purpose = f"identity provider {provider.uuid}"
    return sealing.unseal(bytes(provider.secret), purpose=purpose).decode()


def sealed_secret(secret: str, *, provider: IdentityProvider) -> bytes:
    """The secret as it is stored with this provider, and opens with no other."""
    return sealing.seal(secret.encode(), purpose=f"identity provider {provider.uuid}")


def person_of(proof: Proof, *, provider: IdentityProvider) -> Person | None:
    """The person of the provider's organisation who connected this identity, or None.

    Who was closed out, or went to another organisation, is nobody here.
    """
    found = Identity.objects.select_related("person__organisation").filter(
        issuer=proof.issuer,
        subject=proof.subject,
        person__organisation=provider.organisation_id,
        person__is_active=True,
        person__organisation__left_at=None,
    )
    identity = found.first()
    if identity is None:
        return None
    identity.last_used_at = world.now()
    identity.save(update_fields=["last_used_at"])
    return identity.person


@transaction.atomic
def connect(proof: Proof, *, by: Actor, provider: IdentityProvider) -> Identity:
    """From now on, this identity is the acting person; one that he had before is forgotten.

    Raises Forbidden when a key acts or the provider is another organisation's, and Conflict when
    the identity is somebody else's.
    """
    if by.person is None or provider.organisation_id != by.organisation.pk:
        raise Forbidden("Only a person connects, and only with his own organisation's provider.")
    Identity.objects.filter(person=by.person).delete()
    try:
        with transaction.atomic():
            made = Identity.objects.create(
                person=by.person, issuer=proof.issuer, subject=proof.subject
            )
    except IntegrityError:
        raise Conflict(
            "That account at your identity provider is connected with another person here."
        ) from None
    journal.record("identity-connected", by=by, subject=str(by.person.uuid), issuer=proof.issuer)
    return made


@transaction.atomic
def disconnect(*, by: Actor) -> None:
    """Forget who the actor is at his provider. Raises NotFound when he is nobody there."""
    forgotten, _ = Identity.objects.filter(person=by.person).delete()
    if not forgotten or by.person is None:
        raise NotFound("Your account is not connected with an identity provider.")
    journal.record("identity-disconnected", by=by, subject=str(by.person.uuid))
