"""Reading PDFs with tools that are not ours: poppler's on the command line, pyHanko in here."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from minga.features.membership.documents import present_seal


def pdfsig(pdf: bytes, folder) -> str:
    """What poppler says of the signatures of a document."""
    return _poppler("pdfsig", pdf, folder)


def words_of(pdf: bytes, folder) -> str:
    """The words of a document, on one line each run of them."""
    return " ".join(_poppler("pdftotext", pdf, folder, "-").split())


def verdict(pdf: bytes) -> PdfSignatureStatus:
    """What pyHanko says of the one signature of a document, trusting the hub's seal."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[present_seal().certificate], allow_fetching=False)
    return validate_pdf_signature(signature, trusted)


def _poppler(tool: str, pdf: bytes, folder, *arguments: str) -> str:
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"{tool} is not installed: apt-get install poppler-utils")
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    ended = subprocess.run(
        [path, str(file), *arguments], capture_output=True, text=True, check=False,
        timeout=timedelta(minutes=1).total_seconds(),
    )  # fmt: skip
    return ended.stdout + ended.stderr
