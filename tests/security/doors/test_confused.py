"""T-CONFUSED: what is checked is what is changed, whichever id stands in the path or the body.

Delta has things of its own beside Alfa's. Every id of a path is its own, Alfa's, or of another kind
of thing; every id of a body too, and ids that nobody asked for are sent along. No row that is
somebody else's may move.
"""

from __future__ import annotations

import itertools
import json
from functools import partial
from typing import Any

import pytest

from tests.faces.taxii.conversation import encoded, envelope, indicator
from tests.security.doors.asking import NAMES, ask, filled
from tests.security.doors.bodies import body_of
from tests.security.doors.rows import changed_by, others_rows
from tests.security.doors.table import lines
from tests.security.doors.things import Thing, things_of

pytestmark = pytest.mark.django_db
CHANGING = [
    pytest.param(line, method, id=f"{method} {line.route}")
    for line in lines()
    for method in line.methods
    if method not in {"GET", "TRACE"} and not line.route.endswith("…")
]
WHO = ("delta counterpart", "delta sharing key", "delta analyst")
OTHER_KINDS = {"uuid": "person", "person": "uuid", "slug": "member", "member": "slug",
               "stix_id": "uuid", "locator": "slug"}  # fmt: skip


@pytest.fixture(scope="module")
def own(town, things) -> dict[str, list[Thing]]:
    """The same kinds of things, Delta's."""
    return things_of(town, owner="delta", friend="gamma")


@pytest.mark.parametrize(("line", "method"), CHANGING)
def test_no_mixture_of_ids_moves_what_is_anothers(line, method, town, things, own, before):
    names = NAMES.findall(line.route)
    callers = [c for c in town.callers if c.name in WHO and line.lets_in(c)]
    for mine, theirs in zip(own[line.thing], things[line.thing], strict=False):
        for path in paths(names, mine, theirs):
            for body in bodies(method, line.route, mine, theirs):
                asked = partial(ask, callers[0], method, filled(line.route, path), body)
                answer, changed = changed_by(asked, before)
                assert answer.status_code < 500, f"{path} {body!r}"
                moved = others_rows(changed, before, than="delta")
                assert not moved, f"{callers[0].name} {path} {body!r}: {moved}"


def paths(names: list[str], mine: Thing, theirs: Thing) -> list[dict[str, str]]:
    """Every path with ids of one's own, of another's and of another kind."""
    known = theirs.path | mine.path
    choices = []
    for name in names:
        other = known.get(OTHER_KINDS.get(name, ""), mine.path[name])
        choices.append(dict.fromkeys((mine.path[name], theirs.path[name], other)))
    mixed = (dict(zip(names, values, strict=True)) for values in itertools.product(*choices))
    return [theirs.path | mine.path | each for each in mixed]


def bodies(method: str, route: str, mine: Thing, theirs: Thing) -> list[Any]:
    """A body that speaks of one's own thing, of another's, and of both at once."""
    own, other = body_of(method, route, mine), body_of(method, route, theirs)
    if isinstance(own, bytes):
        claimed = indicator("c.example", id=theirs.path.get("stix_id", indicator()["id"]))
        return [own, encoded(envelope(claimed))]
    besides = theirs.path | {"id": next(iter(theirs.path.values()), ""), "organisation": "alfa",
                             "producer": "alfa", "object": theirs.path.get("stix_id", ""),
                             "revises": theirs.path.get("uuid", "")}  # fmt: skip
    found = [own or {}, other or {}, besides | (own or {}), (own or {}) | besides]
    return list({json.dumps(each, sort_keys=True): each for each in found}.values())
