"""The identity provider by which an organisation's people may sign in."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from minga.core.problems import Invalid, NotFound
from minga.features.membership.services.people import require_administration_of
from minga.store import outbound, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Identity, IdentityProvider, Organisation, Person
from minga.web import identities, openid

LONGEST_ISSUER = LONGEST_CLIENT = 255
LONGEST_SECRET = 500


def set_provider(
    organisation: Organisation, *, by: Actor, issuer: str, client_id: str, secret: str = ""
) -> IdentityProvider:
    """Let the organisation's people sign in at this issuer, once each has connected himself.

    The issuer is asked at once where its endpoints are. An empty secret keeps the one there is.
    Who was connected with another issuer is connected no more. Raises Forbidden when `by` may not
    administer the organisation, Invalid for an issuer, client or secret that cannot be,
    openid.Unproven and outbound.Unreachable when the issuer does not answer as one.
    """
    require_administration_of(organisation, by=by)
    issuer, client_id = issuer.strip(), client_id.strip()
    _refuse_words(issuer, client_id, secret)
    outbound.refuse_address(issuer)
    before = IdentityProvider.objects.filter(organisation=organisation).first()
    if before is None and not secret:
        raise Invalid("Write the secret that the issuer gave for this hub.", field="secret")
    endpoints = openid.discover(issuer)  # outside the transaction: it may take seconds
    with transaction.atomic():
        provider = before or IdentityProvider(organisation=organisation)
        if provider.issuer != issuer:
            _forget_identities_of(organisation)
        provider.issuer, provider.client_id = issuer, client_id
        provider.authorization_endpoint = endpoints.authorization
        provider.token_endpoint, provider.keys_endpoint = endpoints.token, endpoints.keys
        provider.checked_at = world.now()
        if secret:
            provider.secret = identities.sealed_secret(secret, provider=provider)
        provider.save()
        journal.record(
            "identity-provider-set", by=by, subject=organisation.stix_id, concerns=organisation,
            issuer=issuer, client=client_id,
        )  # fmt: skip
    return provider


@transaction.atomic
def end_provider(organisation: Organisation, *, by: Actor) -> None:
    """Nobody signs in by the organisation's provider any more, and who was connected is signed out.

    Raises Forbidden as `set_provider` does, and NotFound when there is none.
    """
    require_administration_of(organisation, by=by)
    ended, _ = IdentityProvider.objects.filter(organisation=organisation).delete()
    if not ended:
        raise NotFound(f"{organisation} has no identity provider here.")
    _forget_identities_of(organisation)
    journal.record(
        "identity-provider-ended", by=by, subject=organisation.stix_id, concerns=organisation
    )


def _forget_identities_of(organisation: Organisation) -> None:
    """Whoever came in by a provider that is gone is out; his other ways in stay."""
    connected = Person.objects.filter(organisation=organisation, identity__isnull=False)
    connected.update(times_shut_out=F("times_shut_out") + 1)
    Identity.objects.filter(person__organisation=organisation).delete()


def _refuse_words(issuer: str, client_id: str, secret: str) -> None:
    if len(issuer) > LONGEST_ISSUER or "?" in issuer or "#" in issuer:
        raise Invalid(
            f"The issuer is {issuer[:100]!r}; expected https://name/path, {LONGEST_ISSUER} "
            "characters at most, without ? and #.",
            field="issuer",
        )
    if not client_id or len(client_id) > LONGEST_CLIENT or not client_id.isprintable():
        raise Invalid(
            f"The client has {len(client_id)} characters; expected 1 to {LONGEST_CLIENT}, all "
            "visible.",
            field="client_id",
        )
    if len(secret) > LONGEST_SECRET or not secret.isprintable():
        raise Invalid(
            f"The secret has {len(secret)} characters; expected {LONGEST_SECRET} at most, all "
            "visible.",
            field="secret",
        )
