"""Signing a PDF: PAdES, ETSI EN 319 142-1, level B-B."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from minga.store import world

_SIG_FLAGS = NumberObject(3)  # type: ignore[no-untyped-call] # pyHanko's


def sign(pdf: bytes, key: rsa.RSAPrivateKey, certificate: Certificate, *, field: str) -> bytes:
    """The PDF with an invisible signature behind it, in a new field of this name, dated now."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        tight_size_estimates=True,
    )
    signed = BytesIO()
    signer = _DatedSigner(metadata, signer=_Signer(key, certificate))
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=signed)
    return signed.getvalue()


def with_field(pdf: bytes, *, field: str) -> bytes:
    """The PDF with an empty, invisible field of this name behind it, for somebody to sign in.

    It says already that it is signed and only added to (ISO 32000-1, table 219): then signing
    changes nothing but the field.
    """
    prepared = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(field))
    writer.root["/AcroForm"][pdf_name("/SigFlags")] = _SIG_FLAGS
    writer.write(prepared)  # type: ignore[no-untyped-call] # pyHanko's
    return prepared.getvalue()


class _Signer(Signer):
    """Signs with a key that is read once: pyHanko's own reads it anew each time, for 100 ms."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: Certificate) -> None:
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko's
        known.register(certificate)
        super().__init__(signing_cert=certificate, cert_registry=known)
        self.key = key

    async def async_sign_raw(self, data: bytes, *_rest: Any, **_named: Any) -> bytes:
        """The raw signature, over the SHA-256 that `sign` asks for."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _DatedSigner(PdfSigner):
    """Signs at the hub's own time."""

    def init_signing_session(self, *arguments: Any, **named: Any) -> PdfSigningSession:
        """The session, dated."""
        session = super().init_signing_session(*arguments, **named)
        session.system_time = world.now()
        return session
