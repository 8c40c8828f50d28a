"""Which label an object carries, TLP 1 and 2.0, whole and in part."""

from __future__ import annotations

import itertools
import json

import pytest
import stix2

from minga.core.policy import Tlp
from minga.core.stix import (
    TLP_MARKING_IDS,
    TLP_MARKINGS,
    WELL_KNOWN_MARKINGS,
    Document,
    effective_tlp,
    marking_tlp,
    read_object,
)
from minga.core.stix.sco_ids import canonical_json
from minga.core.stix.tlp import TLP_2_EXTENSION
from tests.core.stix.samples import UUID, bare, write

KNOWN = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    "94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
UNKNOWN = f"marking-definition--{UUID}"


def marked(*ids: str, granular: tuple[str, ...] = ()) -> Document:
    sample = bare("tool")
    if ids:
        sample["object_marking_refs"] = list(ids)
    if granular:
        sample["granular_markings"] = [
            {"marking_ref": marking, "selectors": ["name"]} for marking in granular
        ] + [{"lang": "es", "selectors": ["name"]}]
    return read_object(write(sample))


@pytest.mark.parametrize(("uuid", "tlp"), list(KNOWN.items()))
def test_the_nine_known_markings_have_their_label(uuid, tlp):
    assert marking_tlp(f"marking-definition--{uuid}") is tlp
    assert effective_tlp(marked(f"marking-definition--{uuid}")) is tlp
    assert effective_tlp(marked(granular=(f"marking-definition--{uuid}",))) is tlp


def test_any_other_marking_has_none():
    assert marking_tlp(UNKNOWN) is None
    assert marking_tlp("") is None
    assert effective_tlp(marked()) is None
    assert effective_tlp(marked(UNKNOWN)) is None


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Tlp, repeat=2)))
def test_the_strictest_of_object_and_granular_markings_counts(one, other):
    ids = TLP_MARKING_IDS
    strictest = max(one, other)
    assert effective_tlp(marked(ids[one], ids[other])) is strictest
    assert effective_tlp(marked(ids[one], granular=(ids[other],))) is strictest
    assert effective_tlp(marked(granular=(ids[one], ids[other]))) is strictest
    assert effective_tlp(marked(UNKNOWN, ids[one], granular=(UNKNOWN, ids[other]))) is strictest


def definition(**properties) -> dict[str, Document]:
    sample = bare("marking-definition")
    del sample["definition_type"], sample["definition"]
    return {UNKNOWN: read_object(write(sample | properties))}


@pytest.mark.parametrize(
    ("properties", "tlp"),
    [
        ({"definition_type": "tlp", "definition": {"tlp": "red"}}, Tlp.RED),
        ({"definition_type": "tlp", "definition": {"tlp": "white"}}, Tlp.CLEAR),
        ({"definition_type": "tlp", "definition": {"tlp": "AMBER+STRICT"}}, Tlp.AMBER_STRICT),
        ({"definition_type": "tlp", "definition": {"tlp": "purple"}}, None),
        ({"definition_type": "tlp", "definition": {"tlp": 7}}, None),
        ({"definition_type": "statement", "definition": {"statement": "red"}}, None),
        ({"definition_type": "x-tlp", "definition": {"tlp": "red"}}, None),
    ],
)
def test_a_definition_with_an_id_of_its_own_is_understood_when_at_hand(properties, tlp):
    assert effective_tlp(marked(UNKNOWN), definitions=definition(**properties)) is tlp
    assert effective_tlp(marked(UNKNOWN)) is None


@pytest.mark.parametrize("tlp", list(Tlp))
def test_a_tlp_2_extension_with_an_id_of_its_own_is_understood_when_at_hand(tlp):
    word = tlp.label.removeprefix("TLP:").lower()
    extension = {TLP_2_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": word}}
    definitions = definition(extensions=extension)
    assert effective_tlp(marked(UNKNOWN), definitions=definitions) is tlp
    both = definition(extensions=extension, definition_type="tlp", definition={"tlp": "green"})
    assert effective_tlp(marked(UNKNOWN), definitions=both) is tlp


def test_no_definition_changes_what_a_known_id_means():
    red = TLP_MARKING_IDS[Tlp.RED]
    fake = definition(definition_type="tlp", definition={"tlp": "white"})[UNKNOWN]
    assert effective_tlp(marked(red), definitions={red: fake}) is Tlp.RED


def test_a_definition_that_is_no_marking_is_not_trusted():
    assert effective_tlp(marked(UNKNOWN), definitions={UNKNOWN: marked()}) is None


@pytest.mark.parametrize("tlp", list(Tlp))
def test_the_marking_objects_of_tlp_2_are_canonical_and_equal_to_the_published_ones(tlp):
    raw = TLP_MARKINGS[tlp]
    assert raw == canonical_json(json.loads(raw)).encode()
    document = read_object(raw)
    assert document.id == TLP_MARKING_IDS[tlp]
    assert document.name == tlp.label
    assert marking_tlp(document.id) is tlp
    theirs = json.loads(stix2.parse(raw, allow_custom=True).serialize())
    assert json.loads(raw) == theirs


@pytest.mark.parametrize("marking_id", WELL_KNOWN_MARKINGS)
def test_each_well_known_marking_is_one_that_the_standard_allows_and_says_its_label(marking_id):
    document = read_object(WELL_KNOWN_MARKINGS[marking_id])
    assert document.id == marking_id
    assert Tlp.read(document.name) == marking_tlp(marking_id)
