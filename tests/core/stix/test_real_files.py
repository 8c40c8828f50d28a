"""The public files that members will bring, each object of them, beside the reference library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import stix2
from stix2.exceptions import STIXError
from stix2validator import ValidationOptions, validate_instance

from minga.core.stix import Document, read_envelope, stream_objects
from tests.core.stix.samples import structure

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "stix"
FILES = sorted(FOLDER.glob("*.json"))

if not FILES:
    pytest.skip(f"the public STIX files are not in {FOLDER}", allow_module_level=True)

OBJECTS = {
    "amnesty-novispy.json": 37,
    "amnesty-pegasus.json": 3099,
    "attack-ics-18.1.json": 1826,
    "oasis-apt1.json": 76,
    "oasis-defining-campaigns-threat-actors-intrusion-sets.json": 26,
    "oasis-identifying-a-threat-actor-profile.json": 3,
    "oasis-indicator-for-malicious-url.json": 3,
    "oasis-malware-indicator-for-file-hash.json": 3,
    "oasis-sighting-of-an-indicator.json": 4,
    "oasis-sighting-of-observed-data.json": 8,
    "oasis-using-granular-markings.json": 4,
    "oasis-using-marking-definitions.json": 4,
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_object_goes_in_with_the_bytes_it_came_with(path):
    data = path.read_bytes()
    reading = read_envelope(data)
    received = json.loads(data)["objects"]
    assert [refused.message for refused in reading.refused] == []
    assert len(reading.documents) == OBJECTS[path.name]
    assert [json.loads(document.raw) for document in reading.documents] == received
    rest = memoryview(data)
    for document in reading.documents:
        start = bytes(rest).find(document.raw) if len(data) < 100_000 else 0
        assert start >= 0
        rest = rest[start:] if len(data) < 100_000 else rest


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_reads_the_same_in_chunks(path):
    data = path.read_bytes()
    chunks = [data[start : start + 70_001] for start in range(0, len(data), 70_001)]
    assert tuple(stream_objects(chunks)) == read_envelope(data).documents


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_documents_tell_is_what_the_json_says(path):
    for document in read_envelope(path.read_bytes()).documents:
        said = json.loads(document.raw)
        assert document.id == said["id"]
        assert document.type == said["type"]
        assert document.version == said.get("modified", said.get("created", ""))
        assert document.created_by_ref == said.get("created_by_ref")
        assert document.labels == tuple(said.get("labels", ()))
        assert document.object_marking_refs == tuple(said.get("object_marking_refs", ()))
        assert document.revoked is said.get("revoked", False)
        targets = {target for _, target in document.references()}
        named = ("source_ref", "target_ref", "created_by_ref", "sighting_of_ref")
        assert targets >= {said[name] for name in named if name in said}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_reference_library_agrees_that_the_objects_are_right(path):
    for said in json.loads(path.read_bytes())["objects"][:40]:
        stix2.parse(said, allow_custom=True)


def spoiled(said: dict[str, object]) -> list[dict[str, object]]:
    """One real object with faults on which the standard is clear."""
    worse: list[dict[str, object]] = [
        said | {"id": str(said["id"])[:-1]},
        said | {"id": f"tool--{str(said['id'])[-36:]}x"},
        said | {"created": "yesterday"},
        said | {"created": "2030-01-01T00:00:00.000Z", "modified": "2029-01-01T00:00:00.000Z"},
        said | {"created_by_ref": f"tool--{str(said['id'])[-36:]}"},
        said | {"confidence": "high"},
        said | {"confidence": 101},
        said | {"labels": []},
        said | {"object_marking_refs": ["tlp:red"]},
        said | {"external_references": [{"description": "no name"}]},
        said | {"granular_markings": [{"lang": "es", "selectors": ["no_such_property"]}]},
        said | {"spec_version": "3.0"},
    ]
    required = {p.name for p in structure(str(said["type"])).properties if p.required} - {"id"}
    return worse + [
        {key: value for key, value in said.items() if key != name} for name in sorted(required)
    ]


def refused_by_a_reference(worse: dict[str, object]) -> bool:
    """Whether the library or the validator refuses; each overlooks something of the standard."""
    try:
        stix2.parse(worse, allow_custom=True)
    except (STIXError, ValueError):
        return True
    return not validate_instance(worse, ValidationOptions(version="2.1", disabled="all")).is_valid


def test_spoiled_real_objects_are_refused_here_and_by_a_reference():
    by_type = {
        said["type"]: said
        for path in FILES
        for said in json.loads(path.read_bytes())["objects"]
        if not said["type"].startswith("x-") and "modified" in said
    }
    assert len(by_type) >= 12
    for said in by_type.values():
        for worse in spoiled(said):
            assert read_envelope(json.dumps({"objects": [worse]}).encode()).refused, worse
            assert refused_by_a_reference(worse), worse


def test_documents_of_the_largest_file_know_what_they_refer_to():
    largest = max(FILES, key=lambda path: path.stat().st_size)
    documents = read_envelope(largest.read_bytes()).documents
    ids = {document.id for document in documents}
    relationships = [d for d in documents if isinstance(d, Document) and d.type == "relationship"]
    targets = [dict(relationship.references()) for relationship in relationships]
    assert sum(target["source_ref"] in ids for target in targets) == len(relationships) > 1000
