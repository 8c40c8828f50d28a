"""Envelopes, bundles and single objects: the three ways in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from minga.core.problems import Invalid, Malformed, TooLarge
from minga.core.stix import strict
from minga.core.stix.document import Document
from minga.core.stix.faults import Refused, quote, shown
from minga.core.stix.forms import reference_to
from minga.core.stix.judge import Judge
from minga.core.stix.limits import Limits
from minga.core.stix.scan import Batch, Source, pieces

DEFAULT_LIMITS = Limits()

MAX_PROPERTIES = 1000
"""Properties of an envelope itself; the standards define five."""

_OF_THE_STANDARD = frozenset({"type", "id", "objects", "more", "next"})
_BUNDLE_ID = reference_to("bundle")


@dataclass(frozen=True, slots=True)
class Reading:
    """One envelope or bundle, each object with its verdict, in the order received.

    `extra` holds the properties of the envelope itself that neither standard defines.
    """

    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]
    extra: dict[str, Any]


def read_envelope(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a TAXII envelope or a STIX bundle. One bad object does not spoil the others.

    The pattern of an indicator may be any text here; `patterns` judges it.
    Raises TooLarge over `limits.body` bytes or `limits.objects` objects, Malformed if it is not
    JSON or repeats a key at the top, Invalid if it has no list of objects or calls itself
    something else than a bundle.
    """
    if len(data) > limits.body:
        raise TooLarge(f"The body has {len(data)} bytes; the limit is {limits.body}.")
    documents: list[Document] = []
    refused: list[Refused] = []
    extra: dict[str, Any] = {}
    judge, before = Judge(limits), 0
    for batch in _batches(Source(pieces(data), longest=limits.body), limits, extra):
        if before + len(batch.elements) > limits.objects:
            raise TooLarge(f"There are more than {limits.objects} objects, which is the limit.")
        for verdict in judge.all_of(batch, before):
            if isinstance(verdict, Document):
                documents.append(verdict)
            else:
                refused.append(verdict)
        before += len(batch.elements)
    return Reading(tuple(documents), tuple(refused), extra)


def stream_objects(
    chunks: Iterable[bytes], *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Document | Refused]:
    """Read a bundle of any size as its bytes arrive, with the verdicts of `read_envelope`.

    Memory holds one window of chunks, or one object where that is larger. `limits.body` bounds
    each object instead of the whole, and `limits.objects` nothing. Raises what `read_envelope`
    raises, but when it gets there: objects before that place have been handed out already.
    """
    judge, before = Judge(limits), 0
    for batch in _batches(Source(chunks, longest=limits.body), limits, {}):
        yield from judge.all_of(batch, before)
        before += len(batch.elements)


def read_object(data: bytes, *, place: str = "object", limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one object. Raises Invalid with all its faults, Malformed, or TooLarge."""
    if len(data) > limits.body:
        raise TooLarge(f"The object has {len(data)} bytes; the limit is {limits.body}.")
    source = Source([data], longest=limits.body)
    raw = source.value()
    if source.peek():
        raise source.malformed("nothing after the object")
    verdict = Judge(limits)(raw, place)
    if isinstance(verdict, Refused):
        raise Invalid(verdict.message, field=verdict.faults[0].place)
    return verdict


def _batches(source: Source, limits: Limits, extra: dict[str, Any]) -> Iterator[Batch]:
    """The elements of `objects`, while the rest of the envelope is checked and put in `extra`."""
    keys: set[str] = set()
    for key in _keys(source, limits):
        if key in keys:
            raise Malformed(f"The key {quote(key)} appears more than once; expected it once.")
        keys.add(key)
        if len(keys) > MAX_PROPERTIES:
            raise TooLarge(f"The envelope has more than {MAX_PROPERTIES} properties.")
        if key == "objects" and source.peek() == b"[":
            yield from source.elements()
            continue
        value = _small_value(source, limits, place=shown(key))
        _check_wrapper(key, value)
        if key not in _OF_THE_STANDARD:
            extra[key] = value
    if "objects" not in keys:
        raise Invalid('Found no "objects"; expected an envelope or bundle: {"objects": […]}.')


def _keys(source: Source, limits: Limits) -> Iterator[str]:
    """The keys of the outermost object; the caller reads each value before the next key."""
    if source.peek() not in (b"{", b""):
        value = _small_value(source, limits, place="document")
        raise Invalid(f'Found {quote(value)}; expected an envelope or bundle: {{"objects": […]}}.')
    source.expect(b"{")
    while source.peek() != b"}":
        key = _small_value(source, limits, place="document")
        if not isinstance(key, str):
            raise source.malformed("a key before this")
        source.expect(b":")
        yield key
        if source.peek() != b"}":
            source.expect(b",")
            if source.peek() == b"}":
                raise source.malformed("another key after the comma")
    source.expect(b"}")
    if source.peek():
        raise source.malformed("nothing after the envelope")


def _small_value(source: Source, limits: Limits, *, place: str) -> Any:
    return strict.read_value(source.value(), place=place, limits=limits)


def _check_wrapper(key: str, value: object) -> None:
    if key == "objects":
        raise Invalid(f"objects: found {quote(value)}; expected a list.", field="objects")
    if key == "type" and value != "bundle":
        raise Invalid(f'type: found {quote(value)}; expected "bundle".', field="type")
    if key == "id" and not (isinstance(value, str) and _BUNDLE_ID.holds(value)):
        raise Invalid(f"id: found {quote(value)}; expected {_BUNDLE_ID.expected}.", field="id")
