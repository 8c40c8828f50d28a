"""The shape of every type, and a fast test that a decoded object keeps to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import UNSET, inspect

from minga.core.stix.forms import UUID, Form
from minga.core.stix.objects import TYPES, Custom, Observable, Order, Part, StixObject
from minga.core.stix.shapes import (
    Choice,
    Flag,
    Number,
    Property,
    Several,
    Shape,
    Structure,
    Table,
    Text,
)


def structure_of(struct: type[StixObject | Part]) -> Structure:
    """The shape that the annotations of a struct declare."""
    fields = inspect.type_info(struct).fields  # type: ignore[attr-defined]  # a struct has them
    names = [field.name for field in fields]
    orders = getattr(struct, "orders", ())
    if "created" in names and "modified" in names:
        orders = (Order("created", "modified"), *orders)
    own = (*(name for name in names if name not in Observable.__struct_fields__), "extensions")
    presence = tuple(
        wanted if wanted.names else wanted._replace(names=own) for wanted in struct.presence
    )
    return Structure(struct, tuple(_property(struct, field) for field in fields), orders, presence)


def _property(struct: type[StixObject | Part], field: inspect.Field) -> Property:
    shape = _shape(field.type)
    tag = struct.__struct_config__.tag
    if field.name == "id" and tag:
        shape = Text(Form(f"{tag}--{UUID}", f"an identifier of the form {tag}--UUID"))
    fault = next(shape.faults(None, ""), None)
    return Property(field.name, shape, field.required, fault.expected if fault else "a value")


def _shape(declared: inspect.Type) -> Shape:
    if isinstance(declared, inspect.Metadata):
        return _plain_shape(declared.type, declared.extra or {})
    return _plain_shape(declared, {})


def _plain_shape(declared: inspect.Type, extra: dict[str, Any]) -> Shape:
    match declared:
        case inspect.StrType():
            return Text(extra.get("form"))
        case inspect.LiteralType():
            return Choice(declared.values, extra.get("expected", ""))
        case inspect.BoolType():
            return Flag()
        case inspect.IntType():
            return Number((int,), declared.ge, declared.le)
        case inspect.FloatType():
            return Number((int, float), declared.ge, declared.le)
        case inspect.VarTupleType():
            return Several(_shape(declared.item_type), declared.min_length or 0)
        case inspect.DictType():
            item, least = _shape(declared.value_type), declared.min_length or 0
            return Table(item, least, **extra)
        case inspect.StructType():
            return structure_of(declared.cls)  # type: ignore[arg-type]  # ours are all of the two
        case _:
            return Shape()


def test_of(structure: Structure) -> Callable[[Any], bool]:
    """A test for decoded objects of one type, with the verdict of `structure.faults`.

    The forms of required strings are one expression over all of them, joined by line ends that
    none of them may contain: one call of the regular expression engine instead of six.
    """
    texts = {p.name: form for p in structure.properties if (form := _required_form(p))}
    others = {
        p.name: test
        for p in structure.properties
        if p.name not in texts and (test := p.shape.check())
    }
    spelling = re.compile("\n".join(f"(?:{form.pattern})" for form in texts.values())).fullmatch
    required, optional = _getter(list(texts)), _getter(list(others))
    tests, absent = list(others.values()), (UNSET,) * len(others)
    rules = structure.rules()

    def holds(obj: Any) -> bool:
        if not spelling("\n".join(required(obj))):
            return False
        values = optional(obj)
        if values != absent:
            for value, test in zip(values, tests, strict=True):
                if value is not UNSET and not test(value):
                    return False
        for rule in rules:  # noqa: SIM110 - a generator doubles the cost of the hottest loop
            if not rule(obj):
                return False
        return True

    return holds


def _required_form(wanted: Property) -> Form | None:
    shape = wanted.shape
    return shape.form if wanted.required and isinstance(shape, Text) else None


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda obj: (getattr(obj, names[0]),)
    return attrgetter(*names)


def is_open(structure: Structure) -> bool:
    """Whether objects of this type hold more than their struct says: free tables, or floats."""
    return any(
        type(wanted.shape) is Shape
        or (isinstance(wanted.shape, Number) and float in wanted.shape.kinds)
        or (isinstance(wanted.shape, Table) and not isinstance(wanted.shape.item, Text))
        for wanted in structure.properties
        if wanted.name != "extensions"
    )


_STRUCTS: tuple[type[StixObject], ...] = (*TYPES.values(), Custom)

STRUCTURES: dict[type[StixObject], Structure] = {
    struct: structure_of(struct) for struct in _STRUCTS
}

TESTS: dict[type[StixObject], Callable[[Any], bool]] = {
    struct: test_of(structure) for struct, structure in STRUCTURES.items()
}
