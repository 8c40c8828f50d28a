"""Which TLP label an object carries, all its markings together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from minga.core.policy import Tlp
from minga.core.stix.document import Document
from minga.core.stix.objects.meta import MarkingDefinition
from minga.core.stix.tlp import declared_tlp, marking_tlp

_NONE: Mapping[str, Document] = MappingProxyType({})


def effective_tlp(document: Document, *, definitions: Mapping[str, Document] = _NONE) -> Tlp | None:
    """The strictest label of the object's own and its granular markings; None when unmarked.

    A marking of part of the object counts for all of it, because parts are never cut out.
    `definitions` are marking-definitions by id; those among them that state a TLP under an id of
    their own are understood, but never against the nine ids that everybody knows.
    """
    granular = (marking.marking_ref for marking in document.granular_markings)
    labels = [
        label
        for marking_id in (*document.object_marking_refs, *granular)
        if isinstance(marking_id, str) and (label := _label_of(marking_id, definitions)) is not None
    ]
    return max(labels, default=None)


def _label_of(marking_id: str, definitions: Mapping[str, Document]) -> Tlp | None:
    known = marking_tlp(marking_id)
    if known is not None:
        return known
    found = definitions.get(marking_id)
    marking = found.object if found is not None else None
    if not isinstance(marking, MarkingDefinition):
        return None
    return declared_tlp(marking.definition_type, marking.definition, marking.extensions)
