"""Looking at a PDF that somebody signed outside: is it what we issued, and who vouches for it?

What comes from outside may be made to break who reads it, so it is read in a process of its own,
with little memory and little time (`look_at`). Nothing is fetched: certificates are trusted by the
folder of roots alone, and revocation is known from the file and from `*.crl` in that folder.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

MOST_BYTES = 5_000_000
MOST_MEMORY_BYTES = 1_500_000_000
MOST_CPU_SECONDS = 15
MOST_SECONDS = 30


class Fault(StrEnum):
    """Why a file is no advanced signature of what was issued; empty when it is one."""

    NONE = ""
    NO_PDF = "no-pdf"
    OTHER = "other-document"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"
    SEVERAL = "several-signatures"
    CHANGED_AFTER = "changed-after-signing"
    CHANGED_BEFORE = "changed-before-signing"
    BROKEN = "broken"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNFIT = "unfit-certificate"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: a fault or none, and the certificate of who signed, as far as it was read."""

    fault: Fault
    subject: str = ""
    issuer: str = ""
    serial: str = ""


def look_at(pdf: bytes, *, issued: bytes, roots: Path, at: datetime) -> Verdict:
    """Whether this PDF is the issued one with one signature behind it that a root vouches for.

    Its certificate has to be valid at `at`, the instant at which it came: nobody else says when
    it was signed. It takes two seconds and at most half a minute.
    """
    if not pdf.startswith(b"%PDF-"):
        return Verdict(Fault.NO_PDF)
    if not pdf.startswith(issued):
        return Verdict(Fault.OTHER)
    if len(pdf) == len(issued):
        return Verdict(Fault.UNSIGNED)
    command = [sys.executable, "-m", __name__, str(roots), at.isoformat(), str(len(issued))]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            command, input=pdf, capture_output=True, check=False, timeout=MOST_SECONDS
        )
        said: dict[str, str] = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return Verdict(Fault.UNREADABLE)
    return Verdict(**said | {"fault": Fault(said["fault"])})  # type: ignore[arg-type] # see above


def read_roots(folder: Path) -> list[Any]:
    """The certificates of a folder that are trusted to vouch for others: its `*.pem`, `*.crt`."""
    from asn1crypto.x509 import Certificate

    return [Certificate.load(der) for der in _read(folder, ("*.pem", "*.crt"), "CERTIFICATE")]


def _read(folder: Path, patterns: Iterable[str], kind: str) -> list[bytes]:
    from asn1crypto import pem

    files = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return [
        der
        for path in files
        for named, _, der in pem.unarmor(path.read_bytes(), multiple=True)
        if named == kind
    ]


def _look(pdf: bytes, *, issued_bytes: int, roots: Path, at: datetime) -> Verdict:
    """The same, in the process of its own. That it begins with what was issued is known by now."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
    from pyhanko.sign.diff_analysis.policy_api import SuspiciousModification
    from pyhanko.sign.validation import SignatureCoverageLevel

    reader = PdfFileReader(BytesIO(pdf))
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return Verdict(Fault.SEVERAL if signatures else Fault.UNSIGNED)
    signature = signatures[0]
    signature.compute_integrity_info(skip_diff=True)
    if signature.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return _verdict(Fault.CHANGED_AFTER, signature)
    try:
        issued = PdfFileReader(BytesIO(pdf[:issued_bytes]))
        last = issued.xrefs.total_revisions - 1
        found = DEFAULT_DIFF_POLICY.review_file(reader, base_revision=last)
    except SuspiciousModification:
        return _verdict(Fault.CHANGED_BEFORE, signature)
    if (
        isinstance(found, SuspiciousModification)
        or found.modification_level > ModificationLevel.FORM_FILLING
        or found.changed_form_fields - {signature.field_name}
    ):
        return _verdict(Fault.CHANGED_BEFORE, signature)
    return _verdict(_fault_of_signature(signature, roots=roots, at=at), signature)


def _fault_of_signature(signature: EmbeddedPdfSignature, *, roots: Path, at: datetime) -> Fault:
    from asn1crypto.crl import CertificateList
    from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    crls = [CertificateList.load(der) for der in _read(roots, ("*.crl",), "X509 CRL")]
    inside_crls, inside_ocsps = _revocations_in(signature)
    context = ValidationContext(
        trust_roots=read_roots(roots),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
        crls=crls + inside_crls,
        ocsps=inside_ocsps,
    )
    status = validate_pdf_signature(signature, context, skip_diff=True)
    if not (status.intact and status.valid):
        return Fault.BROKEN
    problem = status.trust_problem_indic
    if status.revoked or problem in {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE}:
        return Fault.REVOKED
    certificate = signature.signer_cert
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return Fault.EXPIRED
    if problem in {
        AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE, AdESIndeterminate.SIG_CONSTRAINTS_FAILURE,
    }:  # fmt: skip
        return Fault.UNFIT
    if not status.trusted:
        return Fault.UNTRUSTED
    return Fault.NONE if status.bottom_line else Fault.UNFIT


def _revocations_in(signature: EmbeddedPdfSignature) -> tuple[list[Any], list[Any]]:
    """The CRLs and OCSP answers that were signed along, as Adobe's readers do."""
    from pyhanko.sign.general import find_unique_cms_attribute

    try:
        attributes = signature.signer_info["signed_attrs"]
        found = find_unique_cms_attribute(attributes, "adobe_revocation_info_archival")
    except (ValueError, KeyError, LookupError):
        return [], []
    return list(found["crl"] or ()), list(found["ocsp"] or ())


def _verdict(fault: Fault, signature: EmbeddedPdfSignature) -> Verdict:
    certificate = signature.signer_cert
    return Verdict(
        fault,
        subject=certificate.subject.human_friendly[:300],
        issuer=certificate.issuer.human_friendly[:300],
        serial=f"{certificate.serial_number:x}"[:64],
    )


def _main() -> None:
    """Read a PDF on standard input, and say what it is on standard output."""
    import logging

    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    roots, at = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]).astimezone(UTC)
    pdf = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        verdict = _look(pdf, issued_bytes=int(sys.argv[3]), roots=roots, at=at)
    except (Exception, MemoryError):  # noqa: BLE001 - hostile files break anything
        verdict = Verdict(Fault.UNREADABLE)
    sys.stdout.write(json.dumps(asdict(verdict)))


if __name__ == "__main__":
    _main()
