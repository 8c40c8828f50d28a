"""A certification authority for tests, and people who sign PDFs with what it issued."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAY = timedelta(days=1)


_LISTED_AT = x509.CRLDistributionPoints(
    [x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/ca.crl")], None, None, None
    )]
)  # fmt: skip


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True)
class Pen:
    """Somebody's key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def sign(self, pdf: bytes, *, field: str = "Firma", **metadata) -> bytes:
        """The PDF with his PAdES signature behind it."""
        private = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )  # fmt: skip
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        known = SimpleCertificateStore()
        signer = SimpleSigner(
            asn1_x509.Certificate.load(der), asn1_keys.PrivateKeyInfo.load(private), known
        )
        said = PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **metadata
        )
        signed = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        PdfSigner(said, signer=signer).sign_pdf(writer, output=signed)
        return signed.getvalue()


class Authority:
    """A root that issues certificates to people."""

    def __init__(self, name: str = "Autoridad de prueba") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate(name, self.key.public_key(), is_root=True)

    @cached_property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def pen(self, name: str = "ANA SOTO", **options) -> Pen:
        """A certificate for this person; `begins`, `ends` and `may_sign` say how far it goes."""
        key = ec.generate_private_key(ec.SECP256R1())
        return Pen(key, self._certificate(name, key.public_key(), **options))

    def revoking(self, pen: Pen) -> bytes:
        """A list of revoked certificates, with this one on it, as PEM."""
        now = datetime.now(UTC)
        revoked = (
            x509.RevokedCertificateBuilder()
            .serial_number(pen.certificate.serial_number)
            .revocation_date(now - 2 * DAY)
            .build()
        )
        listed = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - DAY)
            .next_update(now + DAY)
            .add_revoked_certificate(revoked)
            .sign(self.key, hashes.SHA256())
        )
        return listed.public_bytes(serialization.Encoding.PEM)

    def _certificate(
        self, name, public, *, is_root=False, begins=-10 * DAY, ends=10 * DAY, may_sign=True
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = x509.KeyUsage(
            digital_signature=may_sign, content_commitment=may_sign and not is_root,
            key_encipherment=not may_sign, data_encipherment=False, key_agreement=False,
            key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(name) if is_root else self.certificate.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(_LISTED_AT, critical=False)
            .sign(self.key, hashes.SHA256())
        )
