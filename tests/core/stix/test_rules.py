"""The rules between the properties of one object, and the rules for what STIX does not define."""

from __future__ import annotations

import pytest

from minga.core.stix import Document
from minga.core.stix.objects import TYPES
from minga.core.stix.objects.base import Order
from tests.core.stix.samples import (
    EXTENSION,
    IDENTITY,
    MARKING,
    UUID,
    bare,
    faults_of,
    full,
    judged,
    structure,
    write,
)

EARLY, LATE = "2026-01-31T10:20:30.123Z", "2026-01-31T10:20:30.124Z"
ORDERS = [(type_, order) for type_ in TYPES for order in structure(type_).orders]


def test_every_pair_of_timestamps_that_the_standard_orders_is_known():
    pairs = {(type_, order.first, order.last, order.strict) for type_, order in ORDERS}
    assert {(t, "created", "modified", False) for t in TYPES if "modified" in bare(t)} <= pairs
    assert ("indicator", "valid_from", "valid_until", True) in pairs
    assert ("relationship", "start_time", "stop_time", True) in pairs
    assert ("sighting", "first_seen", "last_seen", False) in pairs
    assert ("observed-data", "first_observed", "last_observed", False) in pairs
    assert ("network-traffic", "start", "end", False) in pairs


@pytest.mark.parametrize(("type_", "order"), ORDERS)
def test_a_timestamp_that_goes_backwards_is_refused_at_the_later_one(type_, order: Order):
    backwards = faults_of(full(type_) | {order.first: LATE, order.last: EARLY})
    assert LATE in backwards[order.last]
    assert not faults_of(full(type_) | {order.first: EARLY, order.last: LATE})
    assert bool(faults_of(full(type_) | {order.first: EARLY, order.last: EARLY})) is order.strict


@pytest.mark.parametrize(
    ("first", "last", "goes_backwards"),
    [
        ("2026-01-31T10:20:30.1Z", "2026-01-31T10:20:30.100Z", False),
        ("2026-01-31T10:20:30.100Z", "2026-01-31T10:20:30.1Z", False),
        ("2026-01-31T10:20:30.1000001Z", "2026-01-31T10:20:30.100Z", True),
        ("2026-01-31T10:20:30Z", "2026-01-31T10:20:30.000000001Z", False),
        ("2026-01-31T10:20:30.000000001Z", "2026-01-31T10:20:30Z", True),
        ("2026-01-31T10:20:30.9Z", "2026-01-31T10:20:31Z", False),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z", False),
        ("2027-01-01T00:00:00Z", "2026-12-31T23:59:60Z", True),
    ],
)
def test_timestamps_are_compared_as_instants_whatever_their_digits(first, last, goes_backwards):
    sighting = bare("sighting") | {"first_seen": first, "last_seen": last}
    assert bool(faults_of(sighting)) is goes_backwards


def test_one_instant_written_in_two_ways_is_not_later_than_itself():
    indicator = bare("indicator") | {"valid_from": "2026-01-31T10:20:30.1Z"}
    assert "valid_until" in faults_of(indicator | {"valid_until": "2026-01-31T10:20:30.100Z"})
    assert not faults_of(indicator | {"valid_until": "2026-01-31T10:20:30.1001Z"})


def without(sample, *names):
    return {name: value for name, value in sample.items() if name not in names}


@pytest.mark.parametrize(
    ("place", "sample"),
    [
        ("", without(bare("location"), "region")),
        ("longitude", bare("location") | {"latitude": 1.5}),
        ("latitude", bare("location") | {"longitude": 1.5}),
        ("precision", bare("location") | {"precision": 10}),
        ("name", bare("malware") | {"is_family": True}),
        ("", without(bare("malware-analysis"), "result")),
        ("", without(bare("observed-data"), "object_refs")),
        ("", bare("observed-data") | {"objects": {"0": {"type": "url", "value": "a"}}}),
        ("", without(bare("artifact"), "payload_bin")),
        ("", bare("artifact") | {"url": "https://example.com", "hashes": {"MD5": "0" * 32}}),
        ("hashes", without(bare("artifact"), "payload_bin") | {"url": "https://example.com"}),
        ("encryption_algorithm", bare("artifact") | {"decryption_key": "infected"}),
        ("body", full("email-message") | {"body": "hello"}),
        ("body_multipart", full("email-message") | {"is_multipart": False}),
        ("body_multipart[0]", full("email-message") | {"body_multipart": [{}]}),
        (
            "body_multipart[0].body_raw_ref",
            full("email-message") | {"body_multipart": [{"body_raw_ref": IDENTITY}]},
        ),
        (
            "external_references[0].hashes.MD5",
            bare("tool")
            | {"external_references": [{"source_name": "a", "url": "b", "hashes": {"MD5": "c"}}]},
        ),
        ("", without(bare("file"), "name")),
        ("", without(bare("network-traffic"), "src_ref")),
        ("end", bare("network-traffic") | {"is_active": True, "end": EARLY}),
        ("", without(bare("process"), "pid")),
        ("", without(bare("user-account"), "user_id")),
        ("", without(bare("windows-registry-key"), "key")),
        ("", without(bare("x509-certificate"), "issuer")),
        ("values[0]", bare("windows-registry-key") | {"values": [{}]}),
        ("key", bare("windows-registry-key") | {"key": "hklm\\Software"}),
        ("external_references[0]", bare("tool") | {"external_references": [{"source_name": "a"}]}),
        ("granular_markings[0]", bare("tool") | {"granular_markings": [{"selectors": ["name"]}]}),
        (
            "granular_markings[0]",
            bare("tool")
            | {
                "granular_markings": [{"selectors": ["id"], "lang": "es", "marking_ref": MARKING}],
            },
        ),
        ("value", bare("ipv4-addr") | {"value": "198.51.100.300"}),
        ("value", bare("ipv4-addr") | {"value": "198.51.100.0/33"}),
        ("value", bare("ipv4-addr") | {"value": "198[.]51[.]100[.]3"}),
        ("value", bare("ipv6-addr") | {"value": "2001:db8:::1"}),
        ("value", bare("ipv6-addr") | {"value": "2001:db8::/129"}),
        ("value", bare("ipv6-addr") | {"value": "2001:db8::/6٤"}),
        ("value", bare("mac-addr") | {"value": "D2-FB-49-24-37-18"}),
        ("definition", without(bare("marking-definition"), "definition")),
        ("definition_type", without(bare("marking-definition"), "definition_type")),
        ("definition.statement", bare("marking-definition") | {"definition": {"text": "a"}}),
        ("created_by_ref", without(bare("extension-definition"), "created_by_ref")),
        (
            "extension_properties",
            full("extension-definition") | {"extension_types": ["property-extension"]},
        ),
        ("hashes.MD5", bare("file") | {"hashes": {"MD5": "abc"}}),
        ("hashes.SHA-256", bare("file") | {"hashes": {"SHA-256": "g" * 64}}),
        ("hashes.SHA 256", bare("file") | {"hashes": {"SHA 256": "a"}}),
        ("contents.español", bare("language-content") | {"contents": {"español": {"name": "a"}}}),
        ("ipfix.a b", full("network-traffic") | {"ipfix": {"a b": 1}}),
        ("confidence", bare("tool") | {"confidence": 101}),
        ("labels", bare("tool") | {"labels": []}),
        ("Name", bare("tool") | {"Name": "a"}),
        ("ab", bare("tool") | {"ab": 1}),
        ("x-y-z", bare("tool") | {"x-y-z": 1}),
    ],
)
def test_what_the_standard_forbids_is_refused_at_its_place(place, sample):
    faults = faults_of(sample)
    assert list(faults) == [place]


@pytest.mark.parametrize(
    "sample",
    [
        without(bare("location"), "region") | {"latitude": -33.4, "longitude": -70},
        without(bare("location"), "region") | {"country": "CL"},
        bare("malware") | {"is_family": True, "name": "Example"},
        without(bare("malware-analysis"), "result") | {"analysis_sco_refs": [f"file--{UUID}"]},
        without(bare("artifact"), "payload_bin")
        | {"url": "https://example.com/a", "hashes": {"SHA-256": "0" * 64}},
        without(bare("file"), "name") | {"hashes": {"SSDEEP": "3:aaX8v:aV"}},
        without(bare("process"), "pid")
        | {"extensions": {"windows-process-ext": {"aslr_enabled": True}}},
        bare("ipv4-addr") | {"value": "198[.]51[.]100[.]3", "defanged": True},
        bare("ipv4-addr") | {"value": "198.51.100.0/24"},
        bare("ipv6-addr") | {"value": "fe80::1%eth0"},
        bare("ipv6-addr") | {"value": "::ffff:198.51.100.3"},
        bare("tool") | {"x_vendor_rank": {"Any Key": [None, 1.5]}, "a" * 250: 1},
        bare("indicator") | {"pattern_type": "my-own", "pattern": "anything"},
        bare("relationship") | {"source_ref": f"x-thing--{UUID}"},
        bare("tool") | {"external_references": [{"source_name": "cve", "external_id": "x"}]},
        bare("tool") | {"granular_markings": [{"selectors": ["name"], "lang": "es"}]},
    ],
)
def test_what_the_standard_allows_is_accepted(sample):
    assert faults_of(sample) == {}


@pytest.mark.parametrize(
    ("selector", "resolves"),
    [
        ("name", True),
        ("labels", True),
        ("labels.[1]", True),
        ("labels.[2]", False),
        ("labels.1", False),
        ("external_references.[0].url", True),
        ("external_references.[0].external_id", False),
        ("external_references.url", False),
        ("description", False),
        ("x_deep.some_key.[0].inner", True),
        ("name.[0]", False),
        ("name..x", False),
        ("[0]", False),
    ],
)
def test_a_selector_must_lead_to_something_that_the_object_has(selector, resolves):
    tool = bare("tool") | {
        "labels": ["a", "b"],
        "external_references": [{"source_name": "a", "url": "b"}],
        "x_deep": {"some_key": [{"inner": 1}]},
        "granular_markings": [{"marking_ref": MARKING, "selectors": ["id", selector]}],
    }
    wanted = set() if resolves else {"granular_markings[0].selectors[1]"}
    assert faults_of(tool).keys() == wanted


def test_an_object_without_spec_version_is_called_stix_2_0():
    fault = faults_of(without(bare("indicator"), "spec_version"))["spec_version"]
    assert fault == (
        'objects[0].spec_version: found nothing; expected "2.1" '
        "(an object without it is STIX 2.0: convert it first)."
    )
    assert "STIX 2.0" in faults_of(bare("indicator") | {"spec_version": "2.0"})["spec_version"]


def test_created_and_modified_are_precise_to_the_millisecond():
    assert "created" in faults_of(bare("tool") | {"created": "2026-01-31T10:20:30Z"})
    assert "modified" in faults_of(bare("tool") | {"modified": "2026-01-31T10:20:30.12Z"})
    assert not faults_of(bare("marking-definition") | {"created": "2026-01-31T10:20:30Z"})


def test_a_fault_of_one_property_makes_no_false_fault_of_another():
    assert faults_of(bare("malware-analysis") | {"result": 7}).keys() == {"result"}
    assert faults_of(bare("artifact") | {"payload_bin": "no base64!"}).keys() == {"payload_bin"}
    assert faults_of(bare("indicator") | {"valid_from": "now", "valid_until": EARLY}).keys() == {
        "valid_from"
    }


def test_all_faults_of_an_object_are_told_together():
    indicator = bare("indicator") | {
        "created": LATE,
        "modified": EARLY,
        "pattern_type": 5,
        "confidence": 300,
        "labels": ["a", 1],
        "granular_markings": [{"marking_ref": MARKING, "selectors": ["nothing"]}],
    }
    assert faults_of(indicator).keys() == {
        "modified",
        "pattern_type",
        "confidence",
        "labels[1]",
        "granular_markings[0].selectors[0]",
    }


def test_a_bundle_inside_objects_is_refused():
    assert "type" in faults_of({"type": "bundle", "id": f"bundle--{UUID}", "objects": []})


@pytest.mark.parametrize("odd", [7, "text", None, True, [], [bare("tool")]])
def test_something_that_is_no_object_is_refused_in_its_place(odd):
    assert "expected an object" in faults_of(odd)[""]


CUSTOM = {"type": "x-thing", "id": f"x-thing--{UUID}"}
VERSIONED = CUSTOM | {"spec_version": "2.1", "created": EARLY, "modified": LATE}


def test_an_object_of_a_custom_type_is_kept_as_received():
    for sample in (CUSTOM, VERSIONED, VERSIONED | {"x_any": [{"Deep Key": None}], "name": ["odd"]}):
        verdict = judged(sample)
        assert isinstance(verdict, Document)
        assert verdict.raw == write(sample)
        assert verdict.type == "x-thing"


@pytest.mark.parametrize(
    ("place", "sample"),
    [
        ("type", CUSTOM | {"type": "X-Thing"}),
        ("type", without(CUSTOM, "type")),
        ("type", CUSTOM | {"type": "x--thing"}),
        ("type", CUSTOM | {"type": "x" * 251}),
        ("type", CUSTOM | {"type": ["x-thing"]}),
        ("id", CUSTOM | {"id": f"x-other--{UUID}"}),
        ("id", without(CUSTOM, "id")),
        ("created", without(VERSIONED, "created")),
        ("modified", without(VERSIONED, "modified")),
        ("spec_version", without(VERSIONED, "spec_version")),
        ("modified", VERSIONED | {"created": LATE, "modified": EARLY}),
        ("created_by_ref", VERSIONED | {"created_by_ref": f"tool--{UUID}"}),
        ("labels", VERSIONED | {"labels": []}),
        ("extensions", VERSIONED | {"extensions": {}}),
    ],
)
def test_a_custom_type_keeps_the_common_rules(place, sample):
    assert place in faults_of(sample)


@pytest.mark.parametrize(
    ("place", "extensions"),
    [
        ("", {EXTENSION: {"extension_type": "property-extension", "any": [1, None]}}),
        ("", {"windows-pebinary-ext": {"pe_type": "exe", "Odd Key": 1}}),
        ("", {EXTENSION: {"extension_type": "new-sco"}, "archive-ext": {"contains_refs": ["x"]}}),
        (f".{EXTENSION}.extension_type", {EXTENSION: {}}),
        (f".{EXTENSION}.extension_type", {EXTENSION: {"extension_type": "old-sco"}}),
        (f".{EXTENSION}", {EXTENSION: "text"}),
        (".Bad Key", {"Bad Key": {}}),
    ],
)
def test_extensions_are_kept_as_received_if_they_say_what_they_are(place, extensions):
    faults = faults_of(bare("file") | {"extensions": extensions})
    assert faults.keys() == ({f"extensions{place}"} if place else set())


def test_a_known_tlp_id_cannot_mean_another_label():
    red = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
        "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp",
        "definition": {"tlp": "red"},
    }
    assert faults_of(red) == {}
    assert faults_of(red | {"definition": {"tlp": "white"}}).keys() == {""}
    assert faults_of(red | {"definition_type": "x-my", "definition": {"a": "b"}}).keys() == {""}


def test_a_marking_does_not_mark_itself():
    marking = bare("marking-definition")
    assert "object_marking_refs" in faults_of(marking | {"object_marking_refs": [marking["id"]]})
    assert IDENTITY not in marking
