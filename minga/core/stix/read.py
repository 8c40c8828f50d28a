"""From received bytes to documents and refusals."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from minga.core.problems import Invalid, Malformed, TooLarge
from minga.core.stix.document import Document
from minga.core.stix.faults import Fault, Refused
from minga.core.stix.limits import Limits
from minga.core.stix.objects import TYPES, Custom

CheckPattern = Callable[[str, str], str | None]

_KNOWN = msgspec.json.Decoder(functools.reduce(operator.or_, TYPES.values()))


@dataclass(frozen=True, slots=True)
class Reading:
    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]
    extra: dict[str, Any]


def read_envelope(
    data: bytes, *, limits: Limits = Limits(), check_pattern: CheckPattern | None = None
) -> Reading:
    if len(data) > limits.body:
        raise TooLarge(f"The body has {len(data)} bytes; the limit is {limits.body}.")
    try:
        top = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        raws = msgspec.json.decode(top.pop("objects"), type=list[msgspec.Raw])
    except KeyError:
        raise Invalid('No "objects" list; expected {"objects": […]}.') from None
    except msgspec.DecodeError as error:
        raise Malformed(f"Not JSON: {error}.") from None
    read = [_read(bytes(raw), f"objects[{i}]") for i, raw in enumerate(raws)]
    return Reading(
        tuple(x for x in read if isinstance(x, Document)),
        tuple(x for x in read if isinstance(x, Refused)),
        {key: msgspec.json.decode(value) for key, value in top.items() if key not in ("type", "id")},
    )


def _read(raw: bytes, place: str) -> Document | Refused:
    try:
        return Document(raw, place, _KNOWN.decode(raw))
    except msgspec.ValidationError as error:
        try:
            return Document(raw, place, msgspec.json.decode(raw, type=Custom))
        except msgspec.ValidationError:
            return Refused(place, "", "", "", (Fault(place, str(error), "STIX 2.1"),))


def read_object(
    data: bytes,
    *,
    place: str = "object",
    limits: Limits = Limits(),
    check_pattern: CheckPattern | None = None,
) -> Document:
    result = _read(data, place)
    if isinstance(result, Refused):
        raise Invalid(result.message)
    return result


def stream_objects(
    chunks: Iterable[bytes],
    *,
    limits: Limits = Limits(),
    check_pattern: CheckPattern | None = None,
) -> Iterator[Document | Refused]:
    reading = read_envelope(b"".join(chunks))
    yield from reading.documents
    yield from reading.refused
