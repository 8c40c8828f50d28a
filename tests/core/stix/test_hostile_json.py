"""JSON made to mislead: refused, and never read in two ways."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from minga.core.problems import Invalid, Malformed, Problem, TooLarge
from minga.core.stix import (
    Document,
    Limits,
    Refused,
    read_envelope,
    read_object,
    stream_objects,
)
from tests.core.stix.samples import bare, full, write

HUGE = b"9007199254740993"
TOOL = write(bare("tool"))[:-1]
"""A valid object that is still open at its end."""


def verdict_on(raw: bytes) -> Document | Refused:
    reading = read_envelope(b'{"objects":[%b]}' % raw)
    return (*reading.documents, *reading.refused)[0]


@pytest.mark.parametrize(
    ("tail", "place"),
    [
        (b',"name":"other"}', ".name"),
        (b',"n\\u0061me":"other"}', ".name"),
        (b',"x_a":1,"x_a":1}', ".x_a"),
        (b',"x_a":{"b":1,"b":1}}', ".x_a.b"),
        (b',"x_a":{"b":1,"\\u0062":1}}', ".x_a.b"),
        (b',"x_a":[{"b":[{"c":1,"c":2}]}]}', ".x_a[0].b[0].c"),
        (b',"type":"tool"}', ".type"),
        (b',"x_a":{"\\"":1,"\\u0022":1}}', '.x_a."'),
        (b',"x_a":"NUL \\u0000"}', ".x_a"),
        (b',"description":"\\u0000"}', ".description"),
        (b',"x_a":"\\ud800"}', ".x_a"),
        (b',"x_a":"\\udc00\\ud800"}', ".x_a"),
        (b',"x_a":{"\\ud800":1}}', ".x_a.'\\ud800'"),
        (b',"x_a":9007199254740993}', ".x_a"),
        (b',"x_a":-9007199254740993}', ".x_a"),
        (b',"x_a":[1e400]}', ".x_a[0]"),
        (b',"x_a":-1e400}', ".x_a"),
        (b',"x_a":%b}' % (b"9" * 5000), ".x_a"),
        (b',"x_a":0.%b}' % (b"1" * 5000), ".x_a"),
        (b',"x_a":%b1%b}' % (b"[" * 64, b"]" * 64), ""),
        (b',"x_a":"%b"}' % (b"a" * 65_537), ".x_a"),
        (
            b',"x_a":"\\\\","external_references":[{"source_name":"a","url":"b","\\\\":%b}]}'
            % HUGE,
            ".external_references[0].\\",
        ),
        (
            b',"extensions":{"a-b-ext":{"c":%b}}}' % HUGE,
            ".extensions.a-b-ext.c",
        ),
        (b',"x_a":{"%b":1}}' % (b"a" * 65_537), f".x_a.{chr(39)}{'a' * 78}…"),
        (b',"x_%b":1}' % (b"a" * 300), f".{chr(39)}x_{'a' * 76}…"),
    ],
)
def test_a_hostile_object_is_refused_at_its_place_and_the_others_go_in(tail, place):
    good = write(full("campaign"))
    reading = read_envelope(b'{"objects":[%b,%b,%b]}' % (good, TOOL + tail, good))
    assert [document.raw for document in reading.documents] == [good, good]
    assert f"objects[1]{place}" in [fault.place for fault in reading.refused[0].faults]
    reading.refused[0].message.encode()


@pytest.mark.parametrize(
    ("type_", "tail", "place"),
    [
        ("location", b',"latitude":1.%b,"longitude":1}' % (b"1" * 80), ".latitude"),
        ("process", b',"environment_variables":{"a":%b}}' % HUGE, ".environment_variables.a"),
        ("network-traffic", b',"ipfix":{"a":[%b]}}' % HUGE, ".ipfix.a[0]"),
        ("language-content", b',"contents":{"es":{"a":%b}}}' % HUGE, ".contents.es.a"),
        ("observed-data", b',"objects":{"0":{"a":%b}}}' % HUGE, ".objects.0.a"),
        ("marking-definition", b',"definition":{"a":%b}}' % HUGE, ".definition.a"),
        ("process", b',"environment_variables":{"a":%b%b}}' % (b"[" * 63, b"]" * 63), ""),
    ],
)
def test_what_the_standard_leaves_open_is_bounded_all_the_same(type_, tail, place):
    left_out = {"contents", "object_refs", "definition", "region"}
    sample = {name: value for name, value in bare(type_).items() if name not in left_out}
    verdict = verdict_on(write(sample)[:-1] + tail)
    assert isinstance(verdict, Refused)
    assert f"objects[0]{place}" in [fault.place for fault in verdict.faults]


@pytest.mark.parametrize(
    "tail",
    [
        b',"x_a":9007199254740992,"x_b":-9007199254740992}',
        b',"x_a":[1.0e3,0.1,-0,1E-7,1.2345678901234567]}',
        b',"x_a":"\\ud83d\\ude00 \\u2019 \\\\u0000 \\/ \\" \\\\"}',
        '  ,"x_a"\n:\t"ñandú 😀"}'.encode(),
        b',"x_a":%b1%b}' % (b"[" * 63, b"]" * 63),
        b',"x_a":"%b"}' % (b"a" * 65_536),
        b',"x_a":{"b":{"c":1},"c":{"c":1}}}',
        b',"description":"%b"}' % (b"a" * 1_000_000),
        b',"x_a":{"":1," ":2,"A":3}}',
    ],
)
def test_unusual_but_honest_json_is_accepted_as_received(tail):
    verdict = verdict_on(TOOL + tail)
    assert isinstance(verdict, Document), verdict.message
    assert verdict.raw == TOOL + tail


@pytest.mark.parametrize(
    "raw",
    [
        TOOL + b',"x_a":NaN}',
        TOOL + b',"x_a":[Infinity]}',
        TOOL + b',"x_a":-Infinity}',
        TOOL + b',"x_a":01}',
        TOOL + b',"x_a":1.}',
        TOOL + b',"x_a":+1}',
        TOOL + b',"x_a":.5}',
        TOOL + b',"x_a":0x10}',
        TOOL + b',"x_a":tru}',
        TOOL + b",'x_a':1}",
        TOOL + b',"x_a":"\\q"}',
        TOOL + b',"x_a":"\\u12"}',
        TOOL + b',"x_a":"a\nb"}',
        TOOL + b',"x_a":"a\x00b"}',
        TOOL + b',"x_a":"\xff"}',
        TOOL + b',"x_a":"\xed\xa0\x80"}',
        TOOL + b',"x_a":"\xc0\x80"}',
        TOOL + b',"name":"\xf4\x90\x80\x80"}',
        TOOL + b',"x_a":1,}',
        TOOL + b',"x_a":[1,]}',
        TOOL + b',"x_a" 1}',
        TOOL + b",x_a:1}",
        TOOL + b"/**/}",
        TOOL,
        TOOL + b"]}",
        TOOL + b"}}",
        TOOL + b"} 1",
        b"tru",
        b'"open',
    ],
)
def test_what_is_not_json_spoils_the_whole_and_says_where(raw):
    with pytest.raises(Malformed) as caught:
        verdict_on(raw)
    caught.value.message.encode()
    assert "objects[0]" in caught.value.message or "Byte " in caught.value.message
    with pytest.raises((Malformed, Invalid)):
        read_object(raw)


@pytest.mark.parametrize(
    "data",
    [
        b'{"objects":[],"objects":[]}',
        b'{"objects":[],"o\\u0062jects":[]}',
        b'{"objects":[],"x_a":1,"x_a":1}',
        b'{"x_a":{"b":1,"b":2},"objects":[]}',
        b'{"x_a":"\\ud800","objects":[]}',
        b'{"x_a":"\\u0000","objects":[]}',
        b'{"x_a":NaN,"objects":[]}',
        b'{"x_a":1e999,"objects":[]}',
        b'{"x_a":12345678901234567890,"objects":[]}',
        b'{"x_a":%b%b,"objects":[]}' % (b"[" * 65, b"]" * 65),
        b'{"\\ud800":1,"objects":[]}',
        b'{"objects":[]',
        b'{"objects":[}',
        b'{"objects":[,]}',
        b'{"objects":[{},]}',
        b'{"objects":[] "a":1}',
        b'{"objects":[],}',
        b'{"objects"}',
        b'{1:2,"objects":[]}',
        b'{"objects":[]}{"objects":[]}',
        b'{"objects":[]}\x00',
        b'{"objects":[\xff]}',
        '{"objects":[]}'.encode("utf-16"),
        b"",
        b"   ",
        b"<html>",
        b"[1,2",
    ],
)
def test_an_envelope_that_two_readers_could_take_differently_is_malformed(data):
    with pytest.raises(Malformed) as caught:
        read_envelope(data)
    caught.value.message.encode()


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_is_refused_where_it_stands_and_a_bomb_as_a_whole(opening, closing):
    def nested(levels: int) -> bytes:
        return TOOL + b',"x_a":%b1%b}' % (opening * levels, closing * levels)

    assert isinstance(verdict_on(nested(63)), Document)
    verdict = verdict_on(nested(64))
    assert verdict.message == "objects[0]: found nesting 65 deep; expected 64 at most."
    assert (verdict.type, verdict.id) == ("tool", bare("tool")["id"])
    assert isinstance(verdict_on(nested(990)), Refused)
    for bomb in (nested(200_000), opening * 200_000):
        with pytest.raises(Malformed, match="over 1000 deep"):
            verdict_on(bomb)
    with pytest.raises(Problem):
        read_envelope(opening * 200_000)


def test_limits_name_themselves():
    with pytest.raises(TooLarge, match="100 bytes; the limit is 99"):
        read_envelope(b" " * 100, limits=Limits(body=99))
    with pytest.raises(TooLarge, match="more than 2 objects"):
        read_envelope(b'{"objects":[1,2,3]}', limits=Limits(objects=2))
    assert len(read_envelope(b'{"objects":[1,2]}', limits=Limits(objects=2)).refused) == 2
    with pytest.raises(TooLarge, match="the limit is 50"):
        read_object(TOOL + b"}", limits=Limits(body=50))
    with pytest.raises(TooLarge, match="more than 50 bytes"):
        list(stream_objects([b'{"objects":[%b},%b}]}' % (TOOL, TOOL)], limits=Limits(body=50)))
    with pytest.raises(TooLarge, match="more than 1000 properties"):
        read_envelope(b"{%b}" % b",".join(b'"x_%d":1' % number for number in range(1001)))
    with pytest.raises(ValueError, match="depth is 3"):
        Limits(depth=3)


SIZE = 200_000


@pytest.mark.parametrize(
    "inside",
    [
        b'"' + b"a" * SIZE,
        b'"' + b"a" * SIZE + b'"',
        b'"' + b'\\"' * (SIZE // 2) + b'"',
        b'"' + b"\\\\" * (SIZE // 2) + b'"',
        b"1" * SIZE,
        b"[" + b",".join([b'{"type":{}}'] * (SIZE // 12)) + b"]",
        b"[" + b",".join([b"1"] * (SIZE // 2)) + b"]",
        b"{" + b",".join([b'"a":1'] * (SIZE // 6)) + b"}",
        b"{" + b",".join(b'"%d":1' % i for i in range(SIZE // 10)) + b"}",
        b"[{]}" * (SIZE // 4),
        b'"a' * (SIZE // 2),
        b" " * SIZE,
    ],
)
def test_mischief_takes_time_in_proportion_to_its_size(inside):
    start = time.process_time()
    for open_object in (TOOL + b',"x_a":', TOOL + b',"labels":'):
        with contextlib.suppress(Problem):
            verdict_on(open_object + inside + b"}")
    assert time.process_time() - start < 4, "quadratic work would take a minute"


def test_a_payload_may_be_longer_than_a_name():
    artifact = bare("artifact") | {"payload_bin": "TWlu" * 100_000}
    assert read_object(write(artifact)).type == "artifact"
    with pytest.raises(Invalid, match="100000 characters; expected 65536 at most"):
        read_object(write(bare("tool") | {"name": "a" * 100_000}))
    yara = bare("indicator") | {"pattern_type": "yara", "pattern": "rule a { }" * 20_000}
    assert read_object(write(yara)).pattern == yara["pattern"]


def test_an_object_with_thousands_of_faults_names_the_first_fifty():
    verdict = verdict_on(write(bare("tool") | {"labels": [1] * 5000}))
    assert len(verdict.faults) == 50


def test_a_refusal_never_repeats_unprintable_or_endless_text():
    hostile = {"type": "tool\u202e", "id": "a" * 10_000, "modified": "\ud800"}
    verdict = verdict_on(json.dumps(hostile).encode())
    assert (verdict.type, verdict.id, verdict.version) == ("", "", "")
    assert all(len(str(fault)) < 400 for fault in verdict.faults)
    verdict.message.encode()
