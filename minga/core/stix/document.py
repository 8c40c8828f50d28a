"""One accepted object: the bytes as they came, and a typed view to read them by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from minga.core.stix.forms import IDENTIFIER, microseconds
from minga.core.stix.objects import Custom, GranularMarking, StixObject


class _Named(msgspec.Struct):
    """The name of a custom object, which may be of any kind."""

    name: Any = None


_decode_named = msgspec.json.Decoder(_Named).decode


class Document(msgspec.Struct, frozen=True, gc=False):
    """An object that the standard allows. `raw` is what is stored and served, never `object`.

    `place` is where it stood in what was received, such as `objects[41]`. Properties that the
    object lacks are None, an empty tuple or, for texts and times of the version, empty and 0.
    """

    raw: bytes
    place: str
    object: StixObject

    @property
    def id(self) -> str:
        return self.object.id

    @property
    def type(self) -> str:
        return self.object.type

    @property
    def version(self) -> str:
        """`modified` as received, else `created`, else empty: observables have neither."""
        text = self._text("modified") or self._text("created")
        return text or ""

    @property
    def created_us(self) -> int:
        """Microseconds since 1970, 0 without `created`."""
        text = self._text("created")
        return microseconds(text) if text else 0

    @property
    def modified_us(self) -> int:
        """Microseconds since 1970 of `modified`, else of `created`, else 0."""
        text = self.version
        return microseconds(text) if text else 0

    @property
    def valid_from_us(self) -> int | None:
        text = self._text("valid_from")
        return microseconds(text) if text else None

    @property
    def valid_until_us(self) -> int | None:
        text = self._text("valid_until")
        return microseconds(text) if text else None

    @property
    def created_by_ref(self) -> str | None:
        return self._text("created_by_ref")

    @property
    def revoked(self) -> bool:
        return bool(getattr(self.object, "revoked", UNSET))

    @property
    def confidence(self) -> int | None:
        value = getattr(self.object, "confidence", UNSET)
        return None if value is UNSET else value

    @property
    def labels(self) -> tuple[str, ...]:
        return getattr(self.object, "labels", UNSET) or ()

    @property
    def name(self) -> str | None:
        if isinstance(self.object, Custom):
            value = _decode_named(self.raw).name
            return value if isinstance(value, str) else None
        return self._text("name")

    @property
    def pattern(self) -> str | None:
        return self._text("pattern")

    @property
    def pattern_type(self) -> str | None:
        return self._text("pattern_type")

    @property
    def object_marking_refs(self) -> tuple[str, ...]:
        return self.object.object_marking_refs or ()

    @property
    def granular_markings(self) -> tuple[GranularMarking, ...]:
        return self.object.granular_markings or ()

    def references(self) -> Iterator[tuple[str, str]]:
        """(property path, identifier) of every property that ends in `_ref` or `_refs`.

        Custom properties and extensions are included. Positions in lists are left out of the
        path: `object_refs`, `granular_markings.marking_ref`,
        `extensions.archive-ext.contains_refs`.
        """
        if b"_ref" not in self.raw and b"\\" not in self.raw:  # an escape could spell it otherwise
            return iter(())
        return _references(msgspec.json.decode(self.raw), "")

    def _text(self, name: str) -> str | None:
        value = getattr(self.object, name, UNSET)
        return value if isinstance(value, str) else None


def _references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = f"{path}.{key}" if path else key
            if key.endswith(("_ref", "_refs")):
                for target in item if isinstance(item, list) else (item,):
                    if isinstance(target, str) and IDENTIFIER.holds(target):
                        yield inner, target
            elif isinstance(item, (dict, list)):
                yield from _references(item, inner)
