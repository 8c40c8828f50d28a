"""STIX 2.1: received bytes to typed documents, with everything that is wrong named by its place.

Pure: no clock, no network, no storage. Patterns have a module of their own, `patterns`.
"""

from __future__ import annotations

from minga.core.stix.document import Document
from minga.core.stix.faults import Fault, Refused
from minga.core.stix.limits import Limits
from minga.core.stix.markings import effective_tlp
from minga.core.stix.read import Reading, read_envelope, read_object, stream_objects
from minga.core.stix.sco_ids import sco_id
from minga.core.stix.tlp import (
    TLP_MARKING_IDS,
    TLP_MARKINGS,
    WELL_KNOWN_MARKINGS,
    marking_tlp,
)

__all__ = [
    "TLP_MARKINGS",
    "TLP_MARKING_IDS",
    "WELL_KNOWN_MARKINGS",
    "Document",
    "Fault",
    "Limits",
    "Reading",
    "Refused",
    "effective_tlp",
    "marking_tlp",
    "read_envelope",
    "read_object",
    "sco_id",
    "stream_objects",
]
