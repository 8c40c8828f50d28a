"""What an accepted object tells about itself."""

from __future__ import annotations

import pytest

from minga.core.stix import Document, read_object
from minga.core.stix.forms import microseconds
from tests.core.stix.samples import IDENTITY, MARKING, UUID, bare, full, write


def read(sample) -> Document:
    return read_object(write(sample))


def test_an_indicator_tells_its_times_in_microseconds_and_its_version_as_received():
    indicator = read(
        full("indicator")
        | {
            "created": "2024-01-26T21:28:21.01893Z",
            "modified": "2024-01-26T21:28:21.018930999Z",
            "valid_from": "1970-01-01T00:00:01Z",
            "valid_until": "2038-01-19T03:14:08.5Z",
            "revoked": True,
            "confidence": 0,
            "labels": ["a", "b"],
        }
    )
    assert indicator.version == "2024-01-26T21:28:21.018930999Z"
    assert indicator.created_us == indicator.modified_us == 1_706_304_501_018_930
    assert indicator.valid_from_us == 1_000_000
    assert indicator.valid_until_us == 2_147_483_648_500_000
    assert (indicator.revoked, indicator.confidence) == (True, 0)
    assert indicator.labels == ("a", "b")
    assert indicator.created_by_ref == IDENTITY
    assert indicator.object_marking_refs == (MARKING,)
    assert indicator.granular_markings[0].marking_ref == MARKING
    assert (indicator.name, indicator.pattern_type) == ("a name", "stix")
    assert indicator.pattern == "[domain-name:value = 'example.com']"


def test_an_observable_has_no_version():
    address = read(bare("ipv4-addr"))
    assert (address.version, address.created_us, address.modified_us) == ("", 0, 0)
    assert (address.created_by_ref, address.name, address.pattern) == (None, None, None)
    assert (address.confidence, address.valid_from_us, address.valid_until_us) == (None, None, None)
    assert (address.revoked, address.labels) == (False, ())
    assert (address.object_marking_refs, address.granular_markings) == ((), ())


def test_a_marking_definition_is_versioned_by_its_creation():
    marking = read(bare("marking-definition") | {"created": "2017-01-20T00:00:00Z"})
    assert marking.version == "2017-01-20T00:00:00Z"
    assert marking.modified_us == marking.created_us == 1_484_870_400_000_000


def test_a_custom_object_tells_what_it_has():
    custom = {"type": "x-thing", "id": f"x-thing--{UUID}", "name": ["not", "text"]}
    times = {"created": "2026-01-31T10:20:30.123Z", "modified": "2026-01-31T10:20:31.123Z"}
    thing = read(custom | times | {"spec_version": "2.1", "created_by_ref": IDENTITY})
    assert (thing.type, thing.name, thing.created_by_ref) == ("x-thing", None, IDENTITY)
    assert thing.modified_us - thing.created_us == 1_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1969-12-31T23:59:59.999999Z", -1),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799_999_999),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ("2024-02-29T00:00:00.1Z", 1_709_164_800_100_000),
    ],
)
def test_instants_are_exact_to_the_microsecond(text, expected):
    assert microseconds(text) == expected


def test_references_name_the_property_and_the_target_wherever_they_stand():
    file = f"file--{UUID}"
    message = bare("email-message") | {
        "from_ref": f"email-addr--{UUID}",
        "to_refs": [f"email-addr--{UUID}", f"email-addr--{UUID.upper()}"],
        "body_multipart": [{"body_raw_ref": file}],
        "object_marking_refs": [MARKING],
        "granular_markings": [{"marking_ref": MARKING, "selectors": ["id"]}],
        "extensions": {"archive-ext": {"contains_refs": [file]}},
        "x_seen_by_ref": IDENTITY,
        "x_deep": [{"inner_refs": [file, 7, "no identifier"]}, {"text_ref": "no"}],
        "x_reference": file,
    }
    assert list(read(message).references()) == [
        ("from_ref", f"email-addr--{UUID}"),
        ("to_refs", f"email-addr--{UUID}"),
        ("to_refs", f"email-addr--{UUID.upper()}"),
        ("body_multipart.body_raw_ref", file),
        ("object_marking_refs", MARKING),
        ("granular_markings.marking_ref", MARKING),
        ("extensions.archive-ext.contains_refs", file),
        ("x_seen_by_ref", IDENTITY),
        ("x_deep.inner_refs", file),
    ]


@pytest.mark.parametrize("type_", ["sighting", "relationship", "report", "malware-analysis"])
def test_every_reference_of_the_standard_is_found(type_):
    sample = full(type_)
    wanted = {name for name in sample if name.endswith(("_ref", "_refs"))}
    found = {path for path, _ in read(sample).references()}
    assert found == wanted | {"granular_markings.marking_ref"}


def test_an_object_without_references_has_none():
    assert list(read(bare("tool")).references()) == []
    assert list(read(bare("tool") | {"name": "a_ref"}).references()) == []
