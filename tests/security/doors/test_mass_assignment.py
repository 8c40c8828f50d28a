"""T-MASS: a form or a document says what it names, and nothing besides.

Every write is done twice: as it should be, and with the name of every field of every table and of
what programs call their insides. Pages do the same both times; doors of machines refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from minga.faces.api.schemas import Strict
from minga.store import world
from tests.security.doors.asking import IN, MACHINES, ask, became_of, filled, undone
from tests.security.doors.bodies import body_of
from tests.security.doors.rows import as_values, changed_by, everything
from tests.security.doors.table import lines
from tests.security.two_worlds.seeded import SeededWorld

pytestmark = pytest.mark.django_db
INSIDES = ("id", "pk", "_state", "__class__", "__proto__", "constructor", "actor", "by", "reader",
           "user", "user_id", "is_staff", "is_superuser", "groups", "permissions", "is_hub",
           "organisation_id", "producer_id", "person_id", "key_id", "powers", "clauses", "file",
           "raw", "digest", "owner", "state", "token", "secret", "session")  # fmt: skip
NAMED_ELSEWHERE = {
    "/alerts/<uuid:uuid>/sightings": {"count", "named"},
    "/alerts/<uuid:uuid>/feedback": {"note"},
    "/lookup/sightings": {"count", "named"},
    "/lookup/feedback": {"note"},
    "/members/<slug:slug>/class": {"is_essential", "is_vital"},
    "/organisation/logo": {"allowed"},
}
"""What forms name whose page is at another address."""
CHANGING = [
    pytest.param(line, method, id=f"{method} {line.route}")
    for line in lines()
    for method in line.methods
    if method in {"POST", "PUT"} and not line.route.endswith("…")
]
OF_MACHINES = [each for each in CHANGING if each.values[0].route.startswith("/api/")]
OF_PEOPLE = [each for each in CHANGING if not each.values[0].route.startswith(MACHINES)]


def besides(but: set[str]) -> dict[str, str]:
    """Every name that a program might take by mistake, with a value that would do harm."""
    found = dict.fromkeys(INSIDES, "1")
    for model in apps.get_models():
        for field in model._meta.fields:
            found[field.name] = harmful(field)
            found[field.attname] = harmful(field)
    return {name: value for name, value in found.items() if name not in but}


def harmful(field: models.Field) -> str:
    """A value that the field would take."""
    if field.choices:
        return str(list(field.choices)[-1][0])
    return "1" if field.is_relation or not isinstance(field, models.CharField) else "csirt"


@pytest.fixture
def same_chance():
    """The same instants and random bytes each time."""
    kept = world.replace(SeededWorld())
    yield lambda: world.replace(SeededWorld())
    world.replace(kept)


@pytest.mark.parametrize(("line", "method"), OF_PEOPLE)
def test_a_form_takes_nothing_that_it_does_not_name(
    line, method, town, things, before, same_chance
):
    caller, thing = who_may(line, town, things)
    path, body = filled(line.route, thing.path), body_of(method, line.route, thing) or {}
    page = ask(caller, "GET", path).content.decode() if "GET" in all_methods(line) else ""
    named = {*re.findall(r'name="([^"]+)"', page), *body, *NAMED_ELSEWHERE.get(line.route, ())}

    def outcome(sent: dict[str, Any]) -> Any:
        same_chance()
        with undone():
            answer = ask(caller, method, path, sent)
            return answer.status_code, as_values(everything(), before)

    status, plain = outcome(body)
    status_with_more, more = outcome(body | besides(named))
    assert status_with_more == status or not body, "without a body the form is only shown"
    assert more - plain == plain - more, "the same rows"


@pytest.mark.parametrize(("line", "method"), OF_MACHINES)
def test_a_document_with_a_name_too_many_is_refused(line, method, town, things, before):
    caller, thing = who_may(line, town, things)
    path, body = filled(line.route, thing.path), body_of(method, line.route, thing)
    if not isinstance(body, dict) or "/bundles" in line.route:
        pytest.skip("takes no document of ours: a STIX object may have names of its own")
    assert became_of(ask(caller, method, path, body)) == IN
    for sent in with_a_name_too_many(body):
        answer, changed = changed_by(partial(ask, caller, method, path, sent), before)
        assert answer.status_code in {400, 422}, f"{sent}: {answer.status_code}"
        assert not changed


def with_a_name_too_many(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each name beside the others, and one inside each part that is an object itself."""
    known = {name for schema in Strict.__subclasses__() for name in fields_below(schema)}
    for name, value in besides(known).items():
        yield body | {name: value}
    yield from (body | {k: v | {"id": "1"}} for k, v in body.items() if isinstance(v, dict))


def fields_below(schema: type[Strict]) -> set[str]:
    """The names of a document and of those that are made from it."""
    return set(schema.model_fields).union(*map(fields_below, schema.__subclasses__()))


def who_may(line, town, things):
    """Somebody who may do it, and with which thing."""
    for thing in reversed(things[line.thing]):
        for caller in sorted(town.callers, key=lambda each: each.organisation == "csirt"):
            if caller.role != "administrator" and line.expected(caller, thing) == IN:
                return caller, thing
    return town.callers[0], things[line.thing][0]


def all_methods(line) -> set[str]:
    return {method for each in lines() if each.route == line.route for method in each.methods}
