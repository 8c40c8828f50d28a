"""PGP keys of organisations: read from what was pasted, and shown with its contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from pysequoia import Cert
from pysequoia.packet import Packet, PacketPile, PublicKeyAlgorithm, Tag

from minga.core.problems import Invalid, NotFound
from minga.features.membership import queries
from minga.features.membership.services.people import require_administration_of
from minga.store import locks, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, PgpKey

LONGEST = 100_000
MOST_KEYS, MOST_USER_IDS, LONGEST_USER_ID = 10, 20, 200
_SECRET = (Tag.SecretKey, Tag.SecretSubkey)
_WEAK = (PublicKeyAlgorithm.DSA, PublicKeyAlgorithm.ElGamalEncrypt)
LEAST_RSA_BITS = 2_048
"""Of the modulus (NIST SP 800-131A)."""
_KEYS = (Tag.PublicKey, Tag.PublicSubkey)
_RSA = (
    PublicKeyAlgorithm.RSAEncryptSign, PublicKeyAlgorithm.RSAEncrypt, PublicKeyAlgorithm.RSASign,
)  # fmt: skip


class Unfit(StrEnum):
    """Why a key is not shown; `pages.pgp` says each in the reader's language."""

    LONG = "long"
    NO_KEY = "no-key"
    SECRET = "secret"  # noqa: S105 - a kind of key, no secret
    SEVERAL = "several"
    WEAK = "weak"
    MANY = "many"
    UNBOUND = "unbound"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NAMELESS = "nameless"
    NAMES = "names"


class UnfitKey(Invalid):
    """A pasted key is none that can be shown to others; `unfit` says why."""

    def __init__(self, unfit: Unfit, message: str) -> None:
        super().__init__(message, field="key")
        self.unfit = unfit


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a pasted key says. `expires_at` is None for one that never does."""

    fingerprint: str
    user_ids: tuple[str, ...]
    expires_at: datetime | None
    armoured: str


def read_public_key(text: str) -> PublicKey:
    """One public key as people paste it, armoured.

    Raises UnfitKey, never repeating what was pasted, for what is no key or several, for a secret
    key, and for one that is revoked, expired, nobody's, too weak or not signed by itself, or names
    people in signs that cannot be shown.
    """
    if len(text) > LONGEST:
        raise UnfitKey(
            Unfit.LONG, f"The key has {len(text)} characters; expected {LONGEST} at most."
        )
    data = text.encode()
    try:
        certs = Cert.split_bytes(data)
        packets = list(PacketPile.from_bytes(data))
    except Exception:  # noqa: BLE001 - the parser names no kinds, and its words hold the input
        raise UnfitKey(
            Unfit.NO_KEY, "It is no PGP key; paste all of it, BEGIN and END lines included."
        ) from None
    if any(packet.tag in _SECRET for packet in packets):
        raise UnfitKey(
            Unfit.SECRET,
            "It is a secret key. Nothing of it was kept; take it for known, and paste the public.",
        )
    if len(certs) != 1:
        raise UnfitKey(Unfit.SEVERAL, f"There are {len(certs)} keys; paste one.")
    if any(_is_weak(packet) for packet in packets):
        raise UnfitKey(
            Unfit.WEAK, f"It is too weak; expected RSA of {LEAST_RSA_BITS} bits or a curve."
        )
    return _refuse_unfit(_said_of(certs[0]), is_revoked=certs[0].is_revoked)


@transaction.atomic
def add_pgp_key(slug: str, text: str, *, by: Actor) -> PgpKey:
    """Show this public key beside the contact of an organisation, to whom sees that.

    The same key again, renewed, takes the place of the one before. Raises NotFound, Forbidden
    unless `by` administers the organisation or the hub, and UnfitKey as `read_public_key` and for
    more than MOST_KEYS.
    """
    organisation = queries.organisation(slug, reader=by.reader)
    require_administration_of(organisation, by=by)
    read = read_public_key(text)
    locks.hold(f"pgp keys {organisation.pk}")
    if organisation.pgp_keys.exclude(fingerprint=read.fingerprint).count() >= MOST_KEYS:
        raise UnfitKey(Unfit.MANY, f"There are {MOST_KEYS} keys already; take one away first.")
    key, _ = PgpKey.objects.update_or_create(
        organisation=organisation,
        fingerprint=read.fingerprint,
        defaults={
            "user_ids": list(read.user_ids), "expires_at": read.expires_at,
            "armoured": read.armoured, "added_at": world.now(),
        },
    )  # fmt: skip
    journal.record(
        "pgp-key-added", by=by, subject=organisation.stix_id, concerns=organisation,
        fingerprint=read.fingerprint,
    )  # fmt: skip
    return key


@transaction.atomic
def remove_pgp_key(slug: str, fingerprint: str, *, by: Actor) -> Organisation:
    """Show a key no more. Raises NotFound, and Forbidden as `add_pgp_key`."""
    organisation = queries.organisation(slug, reader=by.reader)
    require_administration_of(organisation, by=by)
    removed, _ = PgpKey.objects.filter(organisation=organisation, fingerprint=fingerprint).delete()
    if not removed:
        raise NotFound(f"{organisation} shows no key {fingerprint}.", field="key")
    journal.record(
        "pgp-key-removed", by=by, subject=organisation.stix_id, concerns=organisation,
        fingerprint=fingerprint,
    )  # fmt: skip
    return organisation


def _said_of(cert: Cert) -> PublicKey:
    try:
        names = tuple(str(each) for each in cert.user_ids)
        return PublicKey(cert.fingerprint.upper(), names, cert.expiration, str(cert))
    except RuntimeError:  # no signature of its own that holds today binds its names to it
        raise UnfitKey(
            Unfit.UNBOUND,
            "Its own signatures do not hold; make it anew, or renew it with a current program.",
        ) from None


def _refuse_unfit(key: PublicKey, *, is_revoked: bool) -> PublicKey:
    if is_revoked:
        raise UnfitKey(Unfit.REVOKED, "It is revoked; paste one that holds.")
    if key.expires_at is not None and key.expires_at <= world.now():
        raise UnfitKey(
            Unfit.EXPIRED, f"It expired on {key.expires_at:%Y-%m-%d}; renew it and paste it again."
        )
    if not key.user_ids:
        raise UnfitKey(Unfit.NAMELESS, "It names nobody; add a user id to it.")
    if len(key.user_ids) > MOST_USER_IDS or not all(map(_can_be_shown, key.user_ids)):
        raise UnfitKey(
            Unfit.NAMES,
            f"Its user ids cannot be shown; expected {MOST_USER_IDS} at most, each of up to "
            f"{LONGEST_USER_ID} visible characters.",
        )
    return key


def _can_be_shown(name: str) -> bool:
    """Whether a page shows it as it is: neither NUL nor signs that turn a line around."""
    return len(name) <= LONGEST_USER_ID and name.isprintable()


def _is_weak(packet: Packet) -> bool:
    """Whether a key or subkey can be broken: DSA, ElGamal, short RSA (RFC 9580, section 5.5.2)."""
    if packet.tag not in _KEYS:
        return False
    if packet.key_algorithm in _RSA:
        return int.from_bytes(packet.body[6:8], "big") < LEAST_RSA_BITS
    return packet.key_algorithm in _WEAK
