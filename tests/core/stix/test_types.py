"""Every type, property by property, as its struct declares it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import stix2
from stix2.registry import STIX2_OBJ_MAPS

from minga.core.stix import Document
from minga.core.stix.objects import (
    DOMAIN_OBJECTS,
    META_OBJECTS,
    OBSERVABLES,
    RELATIONSHIPS,
    TYPES,
    base,
)
from minga.core.stix.shapes import Choice, Flag, Number, Several, Shape, Structure, Table, Text
from tests.core.stix.samples import UUID, bare, faults_of, full, judged, structure, write

every_type = pytest.mark.parametrize("type_", TYPES)

BAD_TIMES = (
    "2026-01-31",
    "2026-01-31T10:20:30.123",
    "2026-01-31T10:20:30.123+00:00",
    "2026-01-31 10:20:30.123Z",
    "2026-01-31t10:20:30.123z",
    "2026-02-29T10:20:30.123Z",
    "2026-04-31T10:20:30.123Z",
    "2026-13-01T10:20:30.123Z",
    "2026-00-10T10:20:30.123Z",
    "2026-01-00T10:20:30.123Z",
    "2026-01-31T24:00:00.000Z",
    "2026-01-31T10:60:00.000Z",
    "2026-01-31T10:20:61.000Z",
    "0000-01-31T10:20:30.123Z",
    "2026-01-31T10:20:30.Z",
    "2026-01-31T10:20:30.123Z\n",
    "٢026-01-31T10:20:30.123Z",
    "",
)


def test_the_standard_defines_nineteen_domain_objects_and_eighteen_observables():
    assert len(DOMAIN_OBJECTS) == 19
    assert len(OBSERVABLES) == 18
    assert len(RELATIONSHIPS) == 2
    assert len(TYPES) == 19 + 18 + 2 + 3
    assert tuple(DOMAIN_OBJECTS) == base.DOMAIN
    assert tuple(OBSERVABLES) == base.OBSERVABLES
    assert tuple(RELATIONSHIPS) == base.RELATIONSHIPS
    assert {"bundle", *META_OBJECTS} == set(base.META)


# Where the text of the standard and the library differ: (only here, only there).
DIFFERENCES = {
    "incident": (set(), {"kill_chain_phases"}),
    "language-content": ({"lang"}, set()),
    "extension-definition": ({"lang", "confidence", "extensions"}, set()),
}


@every_type
def test_a_property_exists_exactly_if_the_reference_library_knows_it(type_):
    maps = STIX2_OBJ_MAPS["2.1"]
    theirs = set((maps["objects"] | maps["observables"])[type_]._properties)
    ours = {p.name for p in structure(type_).properties} | {"type"}
    assert (ours - theirs, theirs - ours) == DIFFERENCES.get(type_, (set(), set()))


@every_type
def test_an_object_with_every_property_is_accepted_and_kept_byte_for_byte(type_):
    sample = full(type_)
    verdict = judged(sample)
    assert isinstance(verdict, Document), verdict.message
    assert verdict.raw == write(sample)
    assert (verdict.id, verdict.type, verdict.place) == (sample["id"], type_, "objects[0]")


@every_type
def test_an_object_with_nothing_to_spare_is_accepted(type_):
    verdict = judged(bare(type_))
    assert isinstance(verdict, Document), verdict.message


@every_type
def test_the_reference_library_accepts_the_same_samples(type_):
    ours_alone = DIFFERENCES.get(type_, ((), ()))[0]
    for sample in (full(type_), bare(type_)):
        stix2.parse({name: value for name, value in sample.items() if name not in ours_alone})


@every_type
def test_each_required_property_is_missed_by_its_name(type_):
    sample = full(type_)
    for wanted in structure(type_).properties:
        if wanted.required:
            without = {name: value for name, value in sample.items() if name != wanted.name}
            assert "found nothing; expected" in faults_of(without)[wanted.name]


@every_type
def test_all_that_is_missing_is_named_at_once(type_):
    required = {p.name for p in structure(type_).properties if p.required}
    assert required <= faults_of({"type": type_}).keys()


@every_type
def test_a_value_of_the_wrong_type_is_named_at_its_place(type_):
    for wanted in structure(type_).properties:
        for wrong in wrong_values(wanted.shape):
            faults = faults_of(full(type_) | {wanted.name: wrong})
            assert wanted.name in faults, (wanted.name, wrong)
            assert "; expected " in faults[wanted.name]


def wrong_values(shape: Shape) -> list[Any]:
    match shape:
        case Text() | Choice():
            return [7, True, None, ["a"], {"a": "b"}, 1.5]
        case Flag():
            return ["true", 1, 0, None, []]
        case Number(kinds):
            return ["7", True, None, [7], *([] if float in kinds else [7.0, 1.5])]
        case Several():
            return ["a", 7, None, True, [], {}]
        case Table(_, least):
            return ["a", 7, None, True, [], *([{}] if least else [])]
    return []


@every_type
def test_what_stands_wrong_in_a_list_is_named_with_its_position(type_):
    for wanted in structure(type_).properties:
        if isinstance(wanted.shape, Several):
            good = full(type_).get(wanted.name, ["a"])
            faults = faults_of(full(type_) | {wanted.name: [*good, None]})
            assert f"{wanted.name}[{len(good)}]" in faults


@every_type
def test_a_word_outside_a_closed_enumeration_is_refused(type_):
    for path, shape in leaves(structure(type_)):
        if isinstance(shape, Choice):
            for wrong in ("no-such-word", shape.values[0].upper() + "-", ""):
                faults = faults_of(replaced(type_, path, wrong))
                assert place(path) in faults, (path, wrong)


@every_type
def test_a_timestamp_that_is_not_utc_of_rfc_3339_is_refused(type_):
    for path, shape in leaves(structure(type_)):
        if isinstance(shape, Text) and shape.form and "timestamp" in shape.form.expected:
            for wrong in BAD_TIMES:
                assert place(path) in faults_of(replaced(type_, path, wrong)), (path, wrong)


@every_type
def test_a_reference_to_a_type_that_may_not_stand_there_is_refused(type_):
    for path, shape in leaves(structure(type_)):
        if isinstance(shape, Text) and shape.form and path[-1] != "id":
            if "identifier" not in shape.form.expected:
                continue
            others = [f"{other}--{UUID}" for other in (*TYPES, "x-thing")]
            wrong = [text for text in others if not shape.form.holds(text)][::7]
            for text in (*wrong, f"bundle--{UUID}", UUID, "identity--1", f"Identity--{UUID}"):
                faults = faults_of(replaced(type_, path, text))
                assert place(path) in faults, (path, text)


@every_type
def test_an_id_is_of_its_own_type_and_a_uuid_of_rfc_4122(type_):
    uuid = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
    other = "campaign" if type_ == "tool" else "tool"
    for wrong in (
        f"{other}--{uuid}",
        uuid,
        f"{type_}-{uuid}",
        f"{type_}--{uuid[:-1]}",
        f"{type_}--{uuid}0",
        f"{type_}--8e2e2d2b-17d4-4cbf-c38f-98ee46b3cd3f",
        f"{type_}--8e2e2d2b17d44cbf938f98ee46b3cd3f",
        f"{type_}--00000000-0000-0000-0000-000000000000",
        f" {type_}--{uuid}",
    ):
        assert "id" in faults_of(full(type_) | {"id": wrong}), wrong
    for right in ("1ec9414c-232a-6b00-b3c8-9e6bdeced846", uuid.upper(), f"{uuid[:14]}5{uuid[15:]}"):
        assert not faults_of(bare(type_) | {"id": f"{type_}--{right}"}), right


@every_type
def test_a_number_out_of_its_range_is_refused(type_):
    for path, shape in leaves(structure(type_)):
        if isinstance(shape, Number):
            for bound, step in ((shape.least, -1), (shape.most, 1)):
                if bound is not None:
                    assert place(path) in faults_of(replaced(type_, path, bound + step)), path
                    other = {k for k in faults_of(replaced(type_, path, bound)) if k == place(path)}
                    assert not other, (path, bound)


def leaves(shape: Shape, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Shape]]:
    """Every plain value of a type, with the way to it in the full sample."""
    match shape:
        case Structure(_, properties):
            return [leaf for p in properties for leaf in leaves(p.shape, (*path, p.name))]
        case Several(item):
            return leaves(item, (*path, 0))
        case _:
            return [(path, shape)]


def replaced(type_: str, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The full sample with another value at the end of the path."""
    sample = full(type_)
    node: Any = sample
    for step, following in itertools.pairwise(path):
        if isinstance(node, dict):
            node[step] = node.get(step, [{}] if following == 0 else {})
        node = node[step]
    if isinstance(node, list):
        node[:] = [value]
    else:
        node[path[-1]] = value
    return sample


def place(path: tuple[Any, ...]) -> str:
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")
