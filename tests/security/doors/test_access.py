"""T-ACL: every address × method × caller × thing, as the table says, and nothing besides."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection

from tests.architecture.addresses import addresses
from tests.security.doors.asking import (
    HIDDEN,
    IN,
    NO_SUCH_METHOD,
    SIGN_IN,
    UNKNOWN,
    ask,
    became_of,
    filled,
    undone,
)
from tests.security.doors.bodies import body_of
from tests.security.doors.rows import changed_by
from tests.security.doors.table import TABLE, lines, methods_of, outdated, rules, unsaid

pytestmark = pytest.mark.django_db
LINES = [pytest.param(line, id=f"{'-'.join(line.methods)} {line.route}") for line in lines()]
once = pytest.mark.skipif(bool(os.environ.get("MINGA_DATABASE")), reason="the same on any database")
SIGNING_OUT = re.compile(r"^/sign-out/$|/end-all$")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "LOCK"}
OTHERWISE = (
    {"accept": "application/json"},
    {"accept": "text/html;q=0.1, image/png", "content-type": "text/plain"},
    {"accept": "*/*", "content-type": "multipart/form-data; boundary=x"},
    {"hx-request": "true", "x-requested-with": "XMLHttpRequest"},
    {"x-http-method-override": "GET", "x-forwarded-host": "elsewhere.example"},
)
"""Ways to say the same that must not open a door: other media types, another kind of client."""


def test_every_address_has_a_line_in_the_table():
    missing = unsaid()

    assert not missing, (
        f"Say who gets what at these addresses. Add to [doors] in {TABLE}, with one of the rules "
        f"that stand there ({', '.join(rules())}):\n" + "\n".join(missing)
        + "\nWhat an address names is a `thing` of tests/security/doors/things.py; what must be "
        "sent with it stands in tests/security/doors/bodies.py. Then write the page: "
        "python -m tests.architecture.reference"
    )  # fmt: skip


def test_every_line_is_of_an_address():
    assert outdated() == [], f"take these out of {TABLE}"


@pytest.mark.parametrize("line", LINES)
def test_everybody_gets_what_the_table_says(line, town, things, before):
    """And who is refused has changed nothing, but what is written down of his trying."""
    wrong = []
    for method, caller, thing in cells(line, town, things):
        path, body = filled(line.route, thing.path), body_of(method, line.route, thing)
        asked = partial(ask, caller, method, path, body)
        answer, changed = changed_by(asked, before, concerns=is_refusal)
        found, expected = became_of(answer), line.expected(caller, thing)
        moved = {table for table, _ in changed if not table.startswith("journal_")}
        if found != expected or moved:
            wrong.append(f"{method} by {caller.name} with {thing.name}: {found}, not {expected}")
            wrong += [f"    and changed {table}" for table in moved]
    assert not wrong, "\n".join(wrong)


@once
@pytest.mark.parametrize("line", LINES)
def test_no_other_way_of_asking_opens_a_closed_door(line, town, things):
    opened, asked, ways = [], set(), itertools.cycle(OTHERWISE)
    for method, caller, thing in cells(line, town, things):
        closed = line.expected(caller, thing)
        if closed == IN or (method, caller.role, closed) in asked:
            continue
        asked.add((method, caller.role, closed))
        way, path = next(ways), filled(line.route, thing.path)
        body = body_of(method, line.route, thing)
        with undone():
            found = became_of(ask(caller, method, path, body, **way))
        if found == IN:
            opened.append(f"{method} by {caller.name} with {thing.name}, {way}")
    assert not opened, "\n".join(opened)


@once
@pytest.mark.parametrize("address", addresses(), ids=lambda each: each.route)
def test_a_method_that_an_address_does_not_name_is_refused(address, town, things):
    line = next(each for each in lines() if each.route == address.route)
    known = [c for c in town.callers if c.name in {"alfa counterpart", "alfa sharing key"}]
    path = filled(address.route, things[line.thing][0].path)
    for method in sorted(METHODS - {*methods_of(address), *line.methods}):
        for caller in [town.callers[0], *known]:
            with undone():
                found = became_of(ask(caller, method, path))
            expected = {NO_SUCH_METHOD, HIDDEN} if line.lets_in(caller) else {SIGN_IN, UNKNOWN}
            assert found in expected, f"{method} by {caller.name}: {found}"


def is_refusal(answer) -> bool:
    """Whether he did not get what he asked for; who signs out is sent to the door as well."""
    return became_of(answer) != IN and not SIGNING_OUT.search(answer.request["PATH_INFO"])


def cells(line, town, things) -> Iterator[tuple]:
    """Every cell of a line on SQLite; on PostgreSQL each fourth, another one on each line.

    Who gets what is decided above the database. What the database itself could do otherwise, the
    generators beside this one try whole on both.
    """
    one_of = 4 if connection.vendor == "postgresql" else 1
    first = lines().index(line) % one_of
    return itertools.islice(every_cell(line, town, things), first, None, one_of)


def every_cell(line, town, things) -> Iterator[tuple]:
    """Every caller with every thing; but who is not let in gets the same whatever he asks for.

    He asks for one thing. Of keys at a door of people, and of people at one of machines, one asks.
    """
    strangers_to_the_door = [c for c in town.callers if c.is_alive and not line.lets_in(c)]
    for method, caller in itertools.product(line.methods, town.callers):
        if caller in strangers_to_the_door[2:]:
            continue
        for thing in things[line.thing] if line.lets_in(caller) else things[line.thing][:1]:
            yield method, caller, thing
