"""The hub's seal: it proves that a document came from this hub and was not changed since.

The seal is a PAdES signature (ETSI EN 319 142-1, level B-B) under a certificate that the hub made
for itself. It is no advanced signature of Ley 19.799: nobody accredited vouches for it, so who
verifies must have the hub's certificate from the hub.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from minga.store import world

KEY_BITS = 3072
LASTS = timedelta(days=20 * 365)
FIELD = "Seal"
LONGEST_COMMON_NAME = 64  # RFC 5280, upper bound of a common name


@dataclass(frozen=True, slots=True)
class PublicSeal:
    """What others need to verify the hub's seal."""

    certificate_pem: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The hub's sealing key and the certificate that others verify it by."""

    key: rsa.RSAPrivateKey
    certificate: asn1_x509.Certificate

    @property
    def public(self) -> PublicSeal:
        """The certificate to hand out, and its SHA-256 in hex to compare by telephone."""
        armoured = pem.armor("CERTIFICATE", self.certificate.dump())
        return PublicSeal(armoured, self.certificate.sha256.hex())


def seal(pdf: bytes) -> bytes:
    """The same document with the hub's seal behind it, dated now. It takes some 20 ms.

    What was there stays byte for byte; the seal covers all of it.
    """
    from minga.features.membership.documents.pades import sign  # pyHanko loads for a second

    its = present_seal()
    return sign(pdf, its.key, its.certificate, field=FIELD)


def present_seal() -> Seal:
    """The hub's seal, made when it is first asked for: when the hub is founded."""
    path = Path(settings.HOME) / "seal.pem"
    if not path.exists():
        _keep(new_seal(_name_of_hub()), path)
    return _read(path.read_bytes())


@lru_cache(maxsize=2)
def _read(kept: bytes) -> Seal:
    parts = {kind: der for kind, _, der in pem.unarmor(kept, multiple=True)}
    key = serialization.load_der_private_key(parts["PRIVATE KEY"], password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"The sealing key is a {type(key).__name__}; expected RSA.")
    return Seal(key, asn1_x509.Certificate.load(parts["CERTIFICATE"]))


def new_seal(of: str) -> bytes:
    """A new key and its certificate as PEM. RSA, because every reader of PDFs can verify it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, of[:LONGEST_COMMON_NAME])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(world.now() - timedelta(days=1))
        .not_valid_after(world.now() + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SEALS_ONLY, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


_SEALS_ONLY = x509.KeyUsage(
    digital_signature=True, content_commitment=True, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


def _name_of_hub() -> str:
    # Models are there once Django is; this module can be imported before.
    from minga.store.people.models import Organisation

    hub = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    return hub.name if hub else str(settings.HUB_NAME)


def _keep(kept: bytes, path: Path) -> None:
    """Write it for the hub's user alone, whole or not at all; the first to come is kept."""
    partial = path.with_suffix(f".{world.random_bytes(8).hex()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(partial)
    finally:
        partial.unlink()
