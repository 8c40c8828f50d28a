"""Passkeys: WebAuthn as the browser speaks it, checked by `fido2`.

A ceremony has two halves. The hub gives out a challenge, kept in the session; the answer takes the
challenge away, so each is answered once. User verification is always asked for and looked at: that
is what makes a passkey two factors.

WebAuthn 3: https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from minga.core.problems import Malformed
from minga.core.stix import strict
from minga.core.stix.limits import Limits
from minga.store import world
from minga.store.people.models import Passkey, Person
from minga.web import throttle

CHALLENGE = "challenge"
ANSWERED_WITHIN = timedelta(minutes=5)
LONGEST_ANSWER = 20_000
_ES256, _EDDSA, _ES384, _ES512, _RS256 = -7, -8, -35, -36, -257
ALGORITHMS = (_ES256, _EDDSA, _ES384, _ES512, _RS256)
# What a hostile answer makes the parser of CBOR, keys and JSON raise.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, Malformed)
_VERIFIED = UserVerificationRequirement.REQUIRED


class Refused(Exception):
    """An answer that proves nothing; the text says why, for the log of the hub, not for pages."""


def site() -> tuple[str, str]:
    """(RP id, origin) of this hub: to them alone its passkeys answer.

    The RP id is the host of MINGA_URL. WebAuthn knows no addresses, so a hub on loopback has its
    passkeys at `localhost`.
    """
    parts = urlsplit(settings.URL)
    host = "localhost" if settings.IS_LOOPBACK else parts.hostname or ""
    is_usual = parts.port in {None, 443 if parts.scheme == "https" else 80}
    port = "" if is_usual else f":{parts.port}"
    return host, f"{parts.scheme}://{host}{port}"


def elsewhere(request: HttpRequest) -> str:
    """The address of this page where passkeys work, when they do not where it is visited."""
    host, origin = site()
    is_there = request.get_host().rpartition(":")[0] == host or request.get_host() == host
    return "" if is_there else origin + request.get_full_path()


def ask_for_new(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Options for `navigator.credentials.create`: a passkey that this person does not have yet."""
    user = PublicKeyCredentialUserEntity(
        id=person.uuid.bytes, name=person.email, display_name=person.name
    )
    options, state = _server().register_begin(
        user,
        credentials=_known(person.passkeys.all()),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=_VERIFIED,
        challenge=world.random_bytes(32),
    )
    _keep(request, state, "create")
    return dict(options)


def ask_for_known(request: HttpRequest, person: Person | None) -> dict[str, Any]:
    """Options for `navigator.credentials.get`: of this person, or of whoever sits there."""
    known = _known(person.passkeys.all()) if person is not None else None
    options, state = _server().authenticate_begin(
        known or None, user_verification=_VERIFIED, challenge=world.random_bytes(32)
    )
    _keep(request, state, "get")
    return dict(options)


def add(request: HttpRequest, person: Person, *, answer: str, name: str) -> Passkey:
    """Keep the passkey that a browser made for this person. Raises Refused."""
    state = _take(request, "create")
    try:
        response = RegistrationResponse.from_dict(_read(answer))
        made = _server().register_complete(state, response)
    except _UNREADABLE as error:
        raise Refused(str(error)) from error
    data = made.credential_data
    if data is None or Passkey.objects.filter(credential_id=data.credential_id).exists():
        raise Refused("The credential is registered already.")
    return Passkey.objects.create(
        person=person,
        credential_id=data.credential_id,
        credential=bytes(data),
        sign_count=made.counter,
        name=name,
    )


def whose(request: HttpRequest, *, answer: str) -> Passkey:
    """The passkey that signed the challenge, of somebody who may enter. Raises Refused."""
    state = _take(request, "get")
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        passkey = _of(response.raw_id)
        known = [AttestedCredentialData(bytes(passkey.credential))]
        _server().authenticate_complete(state, known, response)
        handle = response.response.user_handle
    except _UNREADABLE as error:
        raise Refused(str(error)) from error
    if handle and handle != passkey.person.uuid.bytes:
        raise Refused("The answer names another person than its passkey.")
    _note_use(passkey, response.response.authenticator_data.counter)
    return passkey


def _server() -> Fido2Server:
    rp_id, origin = site()
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=rp_id, name=settings.HUB_NAME),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda said: said == origin,
    )
    server.allowed_algorithms = [p for p in server.allowed_algorithms if p.alg in ALGORITHMS]
    return server


def _of(credential_id: bytes) -> Passkey:
    found = Passkey.objects.select_related("person__organisation").filter(
        credential_id=credential_id,
        person__is_active=True,
        person__organisation__left_at=None,
    )
    passkey = found.first()
    if passkey is None:
        raise Refused("Nobody who may enter has this passkey.")
    return passkey


def _note_use(passkey: Passkey, count: int) -> None:
    """Remember the counter. One that stands still was copied: WebAuthn 3, section 7.2, step 22."""
    before = passkey.sign_count
    if (count or before) and count <= before:
        raise Refused(f"The counter is {count} after {before}: the passkey was copied.")
    noted = Passkey.objects.filter(pk=passkey.pk, sign_count=before).update(
        sign_count=count, last_used_at=world.now()
    )
    if not noted:
        raise Refused("The passkey was used twice at once.")


def _known(passkeys: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(each.credential)) for each in passkeys]


def _keep(request: HttpRequest, state: dict[str, Any], kind: str) -> None:
    """A stranger who asks gets a session for as long as the answer may take."""
    until = world.now() + ANSWERED_WITHIN
    if request.session.is_empty():
        request.session.set_expiry(until)
    request.session[CHALLENGE] = {"state": state, "kind": kind, "until": until.timestamp()}


def _take(request: HttpRequest, kind: str) -> dict[str, Any]:
    kept = request.session.pop(CHALLENGE, None)
    if kept is None or kept["kind"] != kind or kept["until"] < world.now().timestamp():
        raise Refused("No challenge of ours waits for this answer.")
    state: dict[str, Any] = kept["state"]
    if not throttle.is_first(state["challenge"], within=ANSWERED_WITHIN):
        raise Refused("The challenge was answered already.")
    return state


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise Malformed(f"The answer has {len(answer)} characters; at most {LONGEST_ANSWER}.")
    value = strict.read(answer.encode(), place="the passkey's answer", limits=Limits())
    if not isinstance(value, dict):
        raise Malformed("The answer is no object.")
    return value
