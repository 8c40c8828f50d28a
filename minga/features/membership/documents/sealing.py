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
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from minga.store import world

KEY_BITS = 3072
LASTS = timedelta(days=20 * 365)
FIELD = "Seal"
LONGEST_COMMON_NAME = 64  # RFC 5280, upper bound of a common name


@dataclass(frozen=True, slots=True)
class Seal:
    """The hub's sealing key and the certificate that others verify it by."""

    key: rsa.RSAPrivateKey
    certificate: asn1_x509.Certificate

    @property
    def certificate_pem(self) -> bytes:
        """The certificate, to hand out."""
        armoured: bytes = pem.armor("CERTIFICATE", self.certificate.dump())
        return armoured

    @property
    def fingerprint(self) -> str:
        """The certificate's SHA-256 in hex, to compare by telephone."""
        return str(self.certificate.sha256.hex())


def seal(pdf: bytes) -> bytes:
    """The same document with the hub's seal behind it, dated now. It takes some 20 ms.

    What was there stays byte for byte; the seal covers all of it.
    """
    sealer = _Sealer(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            tight_size_estimates=True,
        ),
        signer=_Signer(present_seal()),
    )
    sealed = BytesIO()
    sealer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=sealed)
    return sealed.getvalue()


def present_seal() -> Seal:
    """The hub's seal, made when it is first needed; `minga init` needs it."""
    path = Path(settings.HOME) / "seal.pem"
    if not path.exists():
        _keep(_new_seal(), path)
    return _read(path.read_bytes())


class _Signer(Signer):
    """Signs with a key that is read once: pyHanko's own reads it anew each time, for 100 ms."""

    def __init__(self, its: Seal) -> None:
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko's
        known.register(its.certificate)
        super().__init__(signing_cert=its.certificate, cert_registry=known)
        self.key = its.key

    async def async_sign_raw(self, data: bytes, *_rest: Any, **_named: Any) -> bytes:
        """The raw signature, over the SHA-256 that `seal` asks for."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _Sealer(PdfSigner):
    """Signs at the hub's own time."""

    def init_signing_session(self, *arguments: Any, **named: Any) -> PdfSigningSession:
        """The session, dated."""
        session = super().init_signing_session(*arguments, **named)
        session.system_time = world.now()
        return session


@lru_cache(maxsize=2)
def _read(kept: bytes) -> Seal:
    parts = {kind: der for kind, _, der in pem.unarmor(kept, multiple=True)}
    key = serialization.load_der_private_key(parts["PRIVATE KEY"], password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"The sealing key is a {type(key).__name__}; expected RSA.")
    return Seal(key, asn1_x509.Certificate.load(parts["CERTIFICATE"]))


def _new_seal() -> bytes:
    """A new key and its certificate. RSA, because every reader of PDFs can verify it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _name_of_hub())])
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
    return (hub.name if hub else str(settings.HUB_NAME))[:LONGEST_COMMON_NAME]


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
