"""Envelopes and bundles, whole and in chunks: one verdict, whatever the pieces."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.problems import Invalid, Malformed, Problem, TooLarge
from minga.core.stix import (
    Document,
    Limits,
    Reading,
    Refused,
    read_envelope,
    read_object,
    scan,
    stream_objects,
)
from tests.core.stix.samples import UUID, bare, full, write

TOOL = write(bare("tool"))
BAD = write(bare("tool") | {"labels": []})
ODD = b'{"type":"x-thing","id":"x-thing--%b","x_a":{"type":[{}, {"type":"]},{"}]}}' % UUID.encode()


def test_a_taxii_envelope_gives_its_objects_in_order():
    reading = read_envelope(b'{"more":true,"next":"abc","objects":[%b,%b]}' % (TOOL, ODD))
    assert [document.raw for document in reading.documents] == [TOOL, ODD]
    assert [document.place for document in reading.documents] == ["objects[0]", "objects[1]"]
    assert reading.refused == ()
    assert reading.extra == {}


def test_a_bundle_gives_its_objects_and_keeps_custom_properties_apart():
    bundle = b'{"type":"bundle","id":"bundle--%b","x_note":{"a":[1]},"objects":[%b]}'
    reading = read_envelope(bundle % (UUID.encode(), TOOL))
    assert reading.extra == {"x_note": {"a": [1]}}
    assert len(reading.documents) == 1


def test_one_bad_object_does_not_spoil_the_others():
    reading = read_envelope(b'{"objects":[%b, %b ,%b,7]}' % (TOOL, BAD, TOOL))
    assert [document.place for document in reading.documents] == ["objects[0]", "objects[2]"]
    assert [refused.place for refused in reading.refused] == ["objects[1]", "objects[3]"]
    refused = reading.refused[0]
    assert (refused.id, refused.type) == (f"tool--{UUID}", "tool")
    assert refused.version == "2026-01-31T10:20:30.123Z"
    assert refused.message == (
        "objects[1].labels: found an empty list; expected a list that is not empty."
    )


@pytest.mark.parametrize(
    "spoiled",
    [
        bare("tool") | {"created_by_ref": f"tool--{UUID}"},
        bare("tool") | {"modified": "2020-01-01T00:00:00.000Z"},
        bare("tool") | {"id": "tool--1"},
        bare("tool") | {"external_references": [{"source_name": "a"}]},
        bare("tool") | {"granular_markings": [{"lang": "es", "selectors": ["nothing"]}]},
        bare("malware") | {"is_family": True},
        bare("indicator") | {"valid_until": "2020-01-01T00:00:00.000Z"},
    ],
)
def test_a_bad_object_is_found_among_many_good_ones(spoiled):
    elements = [*[TOOL] * 40, write(spoiled), *[TOOL] * 40]
    reading = read_envelope(b'{"objects":[%b]}' % b", ".join(elements))
    assert [refused.place for refused in reading.refused] == ["objects[40]"]
    assert [document.raw for document in reading.documents] == [TOOL] * 80


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"[%b]" % TOOL,
        TOOL,
        b"7",
        b'"objects"',
        b"null",
        b"{}",
        b'{"more":false}',
        b'{"objects":{}}',
        b'{"objects":null}',
        b'{"objects":"[]"}',
        b'{"type":"report","objects":[]}',
        b'{"type":7,"objects":[]}',
        b'{"type":"bundle","id":"bundle--1","objects":[]}',
        b'{"id":7,"objects":[]}',
    ],
)
def test_well_formed_json_that_is_no_envelope_is_invalid(data):
    with pytest.raises(Invalid, match="expected") as caught:
        read_envelope(data)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize(
    "data", [b'{"objects":[]}', b' {"objects" : [ ] } \n', b'\xef\xbb\xbf{"objects":[]}']
)
def test_an_envelope_may_be_empty(data):
    assert read_envelope(data) == Reading((), (), {})


def test_raw_bytes_are_exact_slices_of_what_was_received():
    spaced = b'{ "type" : "tool",\r\n\t"id":"tool--%b"' % UUID.encode()
    spaced += TOOL[TOOL.index(b', "spec_version"') :].replace(b", ", b" ,\n")
    data = b'{"objects": [\n %b\t, %b,%b ] }' % (spaced, ODD, TOOL)
    reading = read_envelope(data)
    assert [document.raw for document in reading.documents] == [spaced, ODD, TOOL]
    assert all(document.raw in data for document in reading.documents)


def test_a_single_object_is_read_or_all_its_faults_told():
    assert read_object(b"\n" + TOOL + b" ").raw == TOOL
    with pytest.raises(Invalid) as caught:
        read_object(write(bare("tool") | {"labels": [], "confidence": -1}), place="body")
    assert caught.value.message == (
        "body.labels: found an empty list; expected a list that is not empty. "
        "body.confidence: found -1; expected an integer from 0 to 100."
    )
    assert caught.value.field == "body.labels"
    for nothing in (b"", b"  ", TOOL + TOOL, TOOL + b"]"):
        with pytest.raises(Malformed):
            read_object(nothing)


def outcome(verdicts) -> tuple[list[Document | Refused], str]:
    """What came out before the end, and the problem that ended it."""
    got = []
    try:
        for verdict in verdicts:
            got.append(verdict)  # noqa: PERF402 - what came before a problem must not be lost
    except Problem as problem:
        return got, f"{type(problem).__name__}: {problem.message}"
    return got, ""


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


ELEMENTS = [
    TOOL,
    BAD,
    ODD,
    write(full("file")),
    write(full("report")),
    write(bare("tool") | {"name": 'quotes " and \\ and } , {"type" é😀'}),
    b'{"type":"tool","external_references":[{"type":1}, {"type":2}]}',
    b"7",
    b"null",
    b'"},{"',
    b"[]",
    b"{}",
    b"tru",
    b'{"a":}',
    b"",
]


@st.composite
def envelopes(draw) -> bytes:
    comma = draw(st.sampled_from([b",", b", ", b"\n  ,\n"]))
    elements = comma.join(draw(st.lists(st.sampled_from(ELEMENTS), max_size=8)))
    before = draw(st.sampled_from([b"", b'"type":"bundle",', b'"x_a":[{"objects":[]}],', b'"x":,']))
    after = draw(st.sampled_from([b"", b"", b',"x_b":"]}"', b',"objects":[]', b",", b',"type":7']))
    return b'{%b"objects":[%b]%b}%b' % (before, elements, after, draw(st.sampled_from([b"", b"x"])))


CUTS = st.lists(st.integers(0, 10_000), max_size=6)


@given(data=envelopes(), cuts=CUTS, window=st.integers(1, 900))
@settings(max_examples=150, deadline=None)
def test_reading_in_chunks_gives_what_reading_the_whole_gives(data, cuts, window):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "WINDOW", window)
        streamed, problem = outcome(stream_objects(cut(data, cuts)))
    whole: list[Reading] = []
    _, problem_of_the_whole = outcome(whole.append(read_envelope(data)) for _ in range(1))
    assert problem == problem_of_the_whole
    for reading in whole:
        assert [v for v in streamed if isinstance(v, Document)] == list(reading.documents)
        assert [v for v in streamed if isinstance(v, Refused)] == list(reading.refused)
        assert [v.place for v in streamed] == [f"objects[{i}]" for i in range(len(streamed))]


def test_objects_are_handed_out_while_the_bundle_still_arrives():
    arrived = 0

    def chunks():
        nonlocal arrived
        yield b'{"objects":['
        for _ in range(6000):
            arrived += 1
            yield TOOL + b","
        yield TOOL + b"]}"

    stream = stream_objects(chunks())
    assert isinstance(next(stream), Document)
    assert arrived < 3000
    assert sum(1 for _ in stream) == 6000


def test_memory_does_not_grow_with_the_file():
    def bundle(objects: int):
        yield b'{"objects":['
        for _ in range(objects - 1):
            yield TOOL + b","
        yield TOOL + b"]}"

    def peak(objects: int) -> int:
        tracemalloc.start()
        try:
            assert sum(1 for _ in stream_objects(bundle(objects))) == objects
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(12_000) < peak(3_000) * 1.5


def test_one_object_in_a_stream_is_bounded():
    endless = [b'{"objects":[{"a":"', *[b"a" * 10_000] * 100]
    with pytest.raises(TooLarge, match="50000 bytes"):
        list(stream_objects(endless, limits=Limits(body=50_000)))


def test_the_bound_holds_inside_a_window_too():
    big = write(bare("tool") | {"name": "a" * 2000})
    for data in (
        b'{"objects":[%b]}' % b",".join([*[TOOL] * 20, big, *[TOOL] * 20]),
        b'{"x_a":"%b","objects":[]}' % (b"a" * 2000),
    ):
        with pytest.raises(TooLarge, match="1000 bytes"):
            list(stream_objects([data], limits=Limits(body=1000)))


def test_a_stream_that_ends_too_early_says_so_after_what_it_had():
    got, problem = outcome(stream_objects([b'{"objects":[', TOOL, b",", TOOL[:50]]))
    assert [document.raw for document in got] == [TOOL]
    assert problem.startswith("Malformed: Byte ")
    assert problem.endswith("found the end; expected the rest of the value.")
