"""Deterministic identifiers of cyber-observables, beside the reference library."""

from __future__ import annotations

import uuid

import pytest
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2.canonicalization.Canonicalize import canonicalize

from minga.core.problems import Invalid
from minga.core.stix import sco_id
from minga.core.stix.objects import OBSERVABLES
from minga.core.stix.sco_ids import CONTRIBUTING, canonical_json
from tests.core.stix.samples import full

TYPES = list(OBSERVABLES)


def test_the_vector_of_the_interoperability_contract():
    address = sco_id("ipv4-addr", {"value": "198.51.100.3"})
    assert address == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"


def test_every_observable_has_its_contributing_properties():
    assert set(CONTRIBUTING) == set(TYPES)
    for type_, struct in OBSERVABLES.items():
        assert set(CONTRIBUTING[type_]) <= set(struct.__struct_fields__)


@pytest.mark.parametrize("type_", [type_ for type_ in TYPES if CONTRIBUTING[type_]])
def test_the_id_is_the_one_that_the_reference_library_makes(type_):
    sample = full(type_)
    without_id = {name: value for name, value in sample.items() if name != "id"}
    assert sco_id(type_, sample) == stix2.parse(without_id).id
    assert sco_id(type_, without_id | {"x_other": 1, "defanged": True}) == sco_id(type_, sample)


@given(
    hashes=st.dictionaries(
        st.sampled_from(["MD5", "SHA-1", "SHA-256", "SHA-512", "SHA3-256", "TLSH"]),
        st.just("ab"),
        min_size=1,
    ).filter(lambda hashes: len(hashes) == 1 or hashes.keys() - {"SHA3-256", "TLSH"}),
    name=st.none() | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_one_hash_and_any_name_contribute_as_in_the_reference_library(hashes, name):
    lengths = {"MD5": 16, "SHA-1": 20, "SHA-256": 32, "SHA-512": 64, "SHA3-256": 32, "TLSH": 35}
    properties = {"hashes": {key: "ab" * lengths[key] for key in hashes}}
    properties |= {} if name is None else {"name": name}
    assert sco_id("file", properties) == stix2.v21.File(**properties).id


def test_of_uncommon_hashes_the_first_by_name_contributes():
    one, both = {"SHA3-256": "a"}, {"TLSH": "b", "SHA3-256": "a"}
    assert sco_id("file", {"hashes": both}) == sco_id("file", {"hashes": one})


def test_without_contributing_properties_the_id_is_random():
    ids = {sco_id("process", {"pid": 7}) for _ in range(5)}
    assert len(ids) == 5
    assert all(uuid.UUID(text.removeprefix("process--")).version == 4 for text in ids)


def test_only_cyber_observables_have_deterministic_ids():
    with pytest.raises(Invalid, match="indicator"):
        sco_id("indicator", {"name": "a"})


FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FINITE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(value=VALUES)
@settings(max_examples=200, deadline=None)
def test_canonical_json_is_that_of_rfc_8785(value):
    spelled = canonical_json(value)
    assert spelled == canonicalize(value, utf8=False)


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (0.000000000000000000000000001, "1e-27"),
        (-0.0, "0"),
        (9007199254740993.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (5e-324, "5e-324"),
    ],
)
def test_the_number_vectors_of_rfc_8785(number, spelled):
    assert canonical_json(number) == spelled
