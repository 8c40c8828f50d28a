"""The Traffic Light Protocol inside STIX: the nine known markings and how others declare one.

TLP 1 is four marking-definitions that STIX 2.1, section 7.2.1.4 fixes. TLP 2.0 is five more with
an extension that OASIS published in October 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from minga.core.policy import Tlp
from minga.core.problems import Invalid

TLP_2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

_TLP_1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
_TLP_2 = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
_KNOWN = _TLP_1 | _TLP_2


def marking_tlp(marking_id: str) -> Tlp | None:
    """The label of one of the nine marking-definitions that everybody knows, else None."""
    return _KNOWN.get(marking_id)


def declared_tlp(definition_type: object, definition: object, extensions: object) -> Tlp | None:
    """The label that a marking-definition states in its content, whatever its id.

    The tlp_2_0 extension counts before a definition of TLP 1; a word that is no label is None.
    """
    extension = extensions.get(TLP_2_EXTENSION) if isinstance(extensions, Mapping) else None
    if isinstance(extension, Mapping) and "tlp_2_0" in extension:
        return _label(extension["tlp_2_0"])
    if definition_type == "tlp" and isinstance(definition, Mapping):
        return _label(definition.get("tlp"))
    return None


def _label(word: object) -> Tlp | None:
    try:
        return Tlp.read(word) if isinstance(word, str) else None
    except Invalid:
        return None


def _definition(marking_id: str, tlp: Tlp) -> bytes:
    properties: dict[str, Any] = {
        "created": "2022-10-01T00:00:00.000Z",
        "extensions": {
            TLP_2_EXTENSION: {
                "extension_type": "property-extension",
                "tlp_2_0": tlp.label.removeprefix("TLP:").lower(),
            }
        },
        "id": marking_id,
        "name": tlp.label,
        "spec_version": "2.1",
        "type": "marking-definition",
    }
    return msgspec.json.encode(properties, order="sorted")


def _old_definition(marking_id: str, tlp: Tlp) -> bytes:
    word = "white" if tlp == Tlp.CLEAR else tlp.name.lower()
    properties = {
        "created": "2017-01-20T00:00:00.000Z",
        "definition": {"tlp": word},
        "definition_type": "tlp",
        "id": marking_id,
        "name": f"TLP:{word.upper()}",
        "spec_version": "2.1",
        "type": "marking-definition",
    }
    return msgspec.json.encode(properties, order="sorted")


TLP_MARKINGS: dict[Tlp, bytes] = {tlp: _definition(key, tlp) for key, tlp in _TLP_2.items()}
"""The five marking-definitions of TLP 2.0 as canonical JSON (RFC 8785)."""

TLP_MARKING_IDS: dict[Tlp, str] = {tlp: key for key, tlp in _TLP_2.items()}
"""The id of the TLP 2.0 marking-definition of each label."""

WELL_KNOWN_MARKINGS: dict[str, bytes] = {
    **{key: _old_definition(key, tlp) for key, tlp in _TLP_1.items()},
    **{key: TLP_MARKINGS[tlp] for key, tlp in _TLP_2.items()},
}
"""The nine marking-definitions that everybody knows, by id. TLP 1: STIX 2.1, section 7.2.1.4."""
