"""What the fast reader accepts, a strict reader reads the same: properties over spelled JSON."""

from __future__ import annotations

import json
import random

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minga.core.problems import Malformed
from minga.core.stix import (
    Document,
    Limits,
    Refused,
    read_envelope,
    strict,
)
from minga.core.stix.judge import Judge
from tests.core.stix import strict_json
from tests.core.stix.samples import MARKING, bare, full, write

HUGE = b"9007199254740993"
TOOL = write(bare("tool"))[:-1]
"""A valid object that is still open at its end."""


def verdict_on(raw: bytes) -> Document | Refused:
    reading = read_envelope(b'{"objects":[%b]}' % raw)
    return (*reading.documents, *reading.refused)[0]


JSON_STRINGS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=6
)
KEYS = st.sampled_from(["a", "b", "aa", "é", '"', "\\", "", "x_a"])


@st.composite
def spelled_strings(draw, texts=JSON_STRINGS) -> str:
    """A string in one of the many ways that JSON can spell it."""
    return '"' + "".join(draw(spelled_characters(c)) for c in draw(texts)) + '"'


@st.composite
def spelled_characters(draw, character: str) -> str:
    plain = json.dumps(character, ensure_ascii=False)[1:-1]
    units = character.encode("utf-16-be")
    pairs = [units[i : i + 2].hex() for i in range(0, len(units), 2)]
    escaped = "".join(f"\\u{pair}" for pair in pairs)
    return draw(st.sampled_from([plain, plain, escaped, escaped.upper().replace("\\U", "\\u")]))


@st.composite
def spelled_values(draw, depth: int = 3) -> str:
    """JSON text of any value, in which keys may repeat."""
    kinds = ["string", "number", "word", *(["object", "list"] * 2 if depth else [])]
    kind, space = draw(st.sampled_from(kinds)), draw(st.sampled_from(["", " ", "\n\t"]))
    if kind == "string":
        return draw(spelled_strings())
    if kind == "number":
        numbers = ["0", "-1", "1.5", "1e5", "9007199254740993", "1e999", "9" * 17, "2" * 15]
        return draw(st.sampled_from(numbers))
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null"]))
    items = [draw(spelled_values(depth - 1)) for _ in range(draw(st.integers(0, 3)))]
    if kind == "list":
        return f"[{space}{f'{space},'.join(items)}{space}]"
    members = [f"{draw(spelled_strings(KEYS))}{space}:{space}{item}" for item in items]
    return f"{{{space}{f'{space},{space}'.join(members)}{space}}}"


def strictly_readable(raw: bytes) -> bool:
    try:
        strict_json.read(raw)
    except strict_json.Refusal:
        return False
    return True


@given(value=spelled_values())
@settings(max_examples=200, deadline=None)
@example('{"a":1,"\\u0061":2}')
@example('{"\\"":{"\\\\":"\\\\\\""}}')
def test_whatever_is_accepted_was_read_without_losing_anything(value):
    thing = b'{"type":"x-thing","id":"x-thing--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"'
    inner = b',"external_references":[{"source_name":"a","url":"b","x_any":%b}]}'
    for raw in (
        TOOL + b',"x_any":%b}' % value.encode(),
        thing + b',"x_any":%b}' % value.encode(),
        TOOL + inner % value.encode(),
        TOOL + b',"extensions":{"a-b-ext":{"c":%b}}}' % value.encode(),
        TOOL + b',"x_text":"a","x_list":["b","c"],"x_flag":true' + inner % value.encode(),
    ):
        assert isinstance(verdict_on(raw), Document) is strictly_readable(raw)


MUTABLE = [write(full("indicator")), write(bare("file") | {"x_a": [{"b": '\\"é'}]}), TOOL + b"}"]


@given(seed=st.integers(0, 2**32), raw=st.sampled_from(MUTABLE))
@settings(max_examples=300, deadline=None)
def test_bytes_changed_at_random_are_never_accepted_unless_strict_json(seed, raw):
    chance, mutant = random.Random(seed), bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutant))
        piece = chance.choice([b"", b'"', b"\\", b"}", b"{", b",", b"\xff", b"\x00", b"1", b"u00"])
        mutant[at : at + chance.randint(0, 2)] = piece + mutant[at : at + chance.randint(0, 12)]
    try:
        verdict = verdict_on(bytes(mutant))
    except Malformed:
        return
    if isinstance(verdict, Document):
        assert strictly_readable(bytes(mutant))
        assert json.loads(verdict.raw) == strict_json.read(bytes(mutant))


POOL = [None, True, 7, 2**60, 1.5, "", "x", "2026-01-31T10:20:30.123Z", [], ["x"], {}, {"a": 1}]
SAMPLES = [full("indicator"), full("relationship"), full("file"), full("marking-definition")]


@st.composite
def altered_samples(draw) -> bytes:
    """Valid objects with some properties replaced, dropped, added or repeated."""
    sample = dict(draw(st.sampled_from(SAMPLES)))
    for name in draw(st.lists(st.sampled_from(sorted(sample)), max_size=2)):
        sample[name] = draw(st.sampled_from(POOL))
    for name in draw(st.lists(st.sampled_from(sorted(sample)), max_size=3)):
        sample.pop(name, None)
    extra = {"x_a", "X", "granular_markings", "revoked", "extensions"}
    for name in draw(st.lists(st.sampled_from(sorted(extra)), max_size=2)):
        sample[name] = draw(st.sampled_from(POOL))
    raw = write(sample)
    return raw[:-1] + draw(st.sampled_from([b"}", b"}", b',"x_a":1}', b',"id":"\\u0061"}']))


@given(batch=st.lists(altered_samples(), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_the_fast_and_the_careful_way_give_one_verdict(batch):
    batch = [raw for raw in batch if raw != b"}"]
    judge = Judge(Limits())
    for position, raw in enumerate(batch):
        quick, careful = judge(raw, "object"), judge.examined(raw, "object")
        assert quick == careful
        text = b'{"objects":[%b]}' % b",".join(batch)
        accepted = {d.place for d in read_envelope(text).documents}
        assert (f"objects[{position}]" in accepted) is isinstance(quick, Document)


@given(value=spelled_values(), tail=st.sampled_from(["", "", " ", "]", '"', "1", '"\\"\\"']))
@settings(max_examples=150, deadline=None)
def test_a_document_of_any_kind_is_read_as_the_strict_reader_reads_it(value, tail):
    data = (value + tail).encode()
    try:
        expected = strict_json.read(data)
    except strict_json.Refusal:
        with pytest.raises(Malformed):
            strict.read(data, place="body", limits=Limits())
    else:
        assert strict.read(data, place="body", limits=Limits()) == expected


def test_granular_markings_are_resolved_in_the_careful_way_only():
    sample = full("tool")
    assert sample["granular_markings"][0]["marking_ref"] == MARKING
    assert isinstance(Judge(Limits())(write(sample), "object"), Document)


def test_the_decoder_underneath_still_behaves_as_the_proofs_assume():
    assert msgspec.json.decode(b'{"a":1,"a":2}') == {"a": 2}
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(b'"a\x00"')
    for text in ('"\u2028\x7f/é"', "[true,null,1.5]"):
        assert msgspec.json.encode(msgspec.json.decode(text)).decode() == text
