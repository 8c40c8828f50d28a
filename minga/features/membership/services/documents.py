"""Keeping documents."""

from __future__ import annotations

import hashlib

from minga.features.membership.models import Document


def keep_document(pdf: bytes) -> Document:
    """Keep a PDF as it is, with its SHA-256. Call it in the transaction that refers to it."""
    return Document.objects.create(content=pdf, digest=hashlib.sha256(pdf).digest())
