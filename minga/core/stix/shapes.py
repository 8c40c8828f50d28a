"""What the structs declare, as shapes that can check a value fast or explain what is wrong.

`check` gives a test for what typed decoding leaves open (forms, keys, rules), to be applied to
decoded structs. `faults` walks the plain JSON value and names everything that does not fit. Both
read the annotations of `objects`, so they give the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any

from msgspec import UNSET

from minga.core.stix.faults import MAX_FAULTS, Fault, quote, shown
from minga.core.stix.forms import PROPERTY_NAME, Form, earlier
from minga.core.stix.objects import Broken, OneOf, Order, Part, StixObject
from minga.core.stix.strict import Unfit

Check = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Shape:
    """Anything at all."""

    def check(self) -> Check | None:
        """A test for a decoded value, or None when decoding has proved everything."""
        return None

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        """Everything about a JSON value that does not fit, each with its place."""
        del value, place
        return iter(())


@dataclass(frozen=True, slots=True)
class Text(Shape):
    form: Form | None = None

    def check(self) -> Check | None:
        return self.form.holds if self.form else None

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(place, quote(value), self.form.expected if self.form else "a string")
        elif self.form and not self.form.holds(value):
            yield Fault(place, quote(value), self.form.expected)


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    values: tuple[Any, ...]
    expected: str = ""

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in self.values:
            listed = ", ".join(map(str, self.values))
            yield Fault(place, quote(value), self.expected or f"one of {listed}")


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(place, quote(value), "true or false")


@dataclass(frozen=True, slots=True)
class Number(Shape):
    kinds: tuple[type, ...]
    least: float | None
    most: float | None

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, self.kinds) or self._is_outside(value):
            yield Fault(place, quote(value), self._expected())

    def _is_outside(self, value: Any) -> bool:
        below = self.least is not None and value < self.least
        return below or (self.most is not None and value > self.most)

    def _expected(self) -> str:
        noun = "a number" if float in self.kinds else "an integer"
        bounds = [] if self.least is None else [f"from {self.least}"]
        bounds += [] if self.most is None else [f"to {self.most}"]
        return " ".join([noun, *bounds])


@dataclass(frozen=True, slots=True)
class Several(Shape):
    item: Shape
    least: int

    def check(self) -> Check | None:
        test = self.item.check()
        return None if test is None else lambda values: all(map(test, values))

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, list) or len(value) < self.least:
            full = " that is not empty" if self.least else ""
            yield Fault(place, quote(value), f"a list{full}")
            return
        for position, item in enumerate(value):
            if not isinstance(item, Unfit):
                yield from self.item.faults(item, f"{place}[{position}]")


@dataclass(frozen=True, slots=True)
class Table(Shape):
    """An object whose keys are data. `forms` binds the values of some keys, `rule` all of them."""

    item: Shape
    least: int
    keys: Form | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    rule: Callable[[str, Any], Broken | None] | None = None

    def check(self) -> Check | None:
        keys, forms, rule = self.keys, self.forms, self.rule
        if keys is None:
            return None

        def holds(table: Any) -> bool:
            return all(
                keys.holds(key)
                and (key not in forms or forms[key].holds(value))
                and (rule is None or rule(key, value) is None)
                for key, value in table.items()
            )

        return holds

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, dict) or len(value) < self.least:
            full = " that is not empty" if self.least else ""
            yield Fault(place, quote(value), f"an object{full}")
            return
        for key, item in value.items():
            inside = f"{place}.{shown(key)}"
            if self.keys and not self.keys.holds(key):
                yield Fault(inside, quote(key), self.keys.expected)
            elif not isinstance(item, Unfit):
                yield from self._faults_of(key, item, inside)

    def _faults_of(self, key: str, item: object, place: str) -> Iterator[Fault]:
        shape = Text(self.forms[key]) if key in self.forms else self.item
        found = list(islice(shape.faults(item, place), MAX_FAULTS))
        broken = self.rule(key, item) if self.rule and not found else None
        if broken:
            found.append(Fault(f"{place}.{broken.path}", broken.found, broken.expected))
        yield from found


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    shape: Shape
    required: bool
    expected_when_missing: str


@dataclass(frozen=True, slots=True)
class Structure(Shape):
    """A struct of `objects`: its properties, then the rules between them."""

    struct: type[StixObject | Part]
    properties: tuple[Property, ...]
    orders: tuple[Order, ...] = ()
    presence: tuple[OneOf, ...] = ()

    def check(self) -> Check | None:
        tests = [(attrgetter(p.name), test) for p in self.properties if (test := p.shape.check())]
        rules = self.rules()

        def holds(part: Any) -> bool:
            for get, test in tests:
                value = get(part)
                if value is not UNSET and not test(value):
                    return False
            for rule in rules:  # noqa: SIM110 - a generator doubles the cost of the hottest loop
                if not rule(part):
                    return False
            return True

        if len(rules) == 1 and not tests:
            return rules[0]
        return holds if tests or rules else None

    def rules(self) -> tuple[Check, ...]:
        """Tests for the rules between properties."""
        rules: tuple[Check, ...] = tuple(map(_present, self.presence))
        if self.orders:
            rules = (_in_order(self.orders), *rules)
        if self.struct.broken_rules not in (StixObject.broken_rules, Part.broken_rules):
            rules = (*rules, lambda part: next(part.broken_rules(), None) is None)
        return rules

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(place, quote(value), "an object")
            return
        sound: dict[str, Any] = {}
        for wanted in self.properties:
            item = value.get(wanted.name, UNSET)
            found = list(islice(_faults_of(wanted, item, f"{place}.{wanted.name}"), MAX_FAULTS))
            yield from found
            # Present but false, whatever it was: rules of presence hold, others look away.
            sound[wanted.name] = "" if item and (found or isinstance(item, Unfit)) else item
        if issubclass(self.struct, StixObject):
            yield from _misnamed(value, place)
        for broken in self._broken_rules(sound):
            inside = f"{place}.{broken.path}" if broken.path else place
            yield Fault(inside, broken.found, broken.expected)

    def _broken_rules(self, sound: dict[str, Any]) -> Iterator[Broken]:
        """The rules, asked of an object whose faulty properties are present but empty."""
        partial = self.struct(**sound)
        for order in self.orders:
            if not _in_order((order,))(partial):
                start = getattr(partial, order.first)
                after = "after" if order.strict else "not before"
                found, expected = quote(getattr(partial, order.last)), f"an instant {after}"
                yield Broken(order.last, found, f"{expected} {order.first}, which is {start}")
        for wanted in self.presence:
            if not _present(wanted)(partial):
                some = any(getattr(partial, name) is not UNSET for name in wanted.names)
                yield Broken("", *_presence_words(wanted, too_many=some))
        yield from partial.broken_rules()


def _faults_of(wanted: Property, item: object, place: str) -> Iterable[Fault]:
    if item is UNSET:
        missing = Fault(place, "nothing", wanted.expected_when_missing)
        return (missing,) if wanted.required else ()
    return () if isinstance(item, Unfit) else wanted.shape.faults(item, place)


def _misnamed(value: dict[str, Any], place: str) -> Iterator[Fault]:
    for name in value:
        if not PROPERTY_NAME.holds(name):
            yield Fault(f"{place}.{shown(name)}", quote(name), PROPERTY_NAME.expected)


def _in_order(orders: tuple[Order, ...]) -> Check:
    pairs = [(attrgetter(first, last), strict) for first, last, strict in orders]

    def holds(part: Any) -> bool:
        for both, strict in pairs:
            start, end = both(part)
            if start == end:
                if strict and start:
                    return False
            elif start and end and (earlier(end, start) or (strict and not earlier(start, end))):
                return False
        return True

    return holds


def _present(wanted: OneOf) -> Check:
    names, exclusive = wanted.names, wanted.exclusive
    if exclusive:
        return lambda part: sum(getattr(part, name) is not UNSET for name in names) == 1
    values, absent = attrgetter(*names), (UNSET,) * len(names)
    return lambda part: values(part) != absent


def _presence_words(wanted: OneOf, *, too_many: bool) -> tuple[str, str]:
    if too_many:
        return " and ".join(wanted.names), f"{wanted.expected}, and no more than one"
    return "none of these", wanted.expected
