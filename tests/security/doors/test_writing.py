"""T-WRITE: who may see a thing that is not his cannot change it by any verb."""

from __future__ import annotations

from functools import partial

import pytest

from tests.security.doors.asking import CLOSED, HIDDEN, IN, NO_SUCH_METHOD, ask, became_of, filled
from tests.security.doors.bodies import body_of
from tests.security.doors.rows import changed_by, others_rows
from tests.security.doors.table import lines

pytestmark = pytest.mark.django_db
OF_THINGS = [pytest.param(line, id=line.route) for line in lines() if line.thing]
VERBS = ("POST", "PUT", "PATCH", "DELETE")
WHO = {
    "csirt manager", "csirt sharing key", "beta analyst", "beta sharing key", "gamma counterpart",
    "gamma sharing key", "delta counterpart", "delta reader", "delta sharing key",
}  # fmt: skip
"""Everybody who may see something of Alfa's but the hub's administrators, who administer it."""


@pytest.mark.parametrize("line", OF_THINGS)
def test_what_is_seen_and_not_owned_is_not_changed(line, town, things, before):
    """Others' rows never move; where the verb is not for readers, nothing does."""
    wrong = []
    for caller in (each for each in town.callers if each.name in WHO and line.lets_in(each)):
        for thing in things[line.thing]:
            if thing.standing(caller.organisation) != {"reader"}:
                continue
            for verb in VERBS:
                asked = partial(ask, caller, verb, filled(line.route, thing.path),
                                body_of(verb, line.route, thing))  # fmt: skip
                answer, changed = changed_by(asked, before)
                said = became_of(answer)
                if verb in line.methods and line.expected(caller, thing) == IN:
                    continue  # the table lets him, as a seat in a circle lets vote
                moved = others_rows(changed, before, than=caller.organisation)
                if moved or (changed and said in {CLOSED, HIDDEN, NO_SUCH_METHOD}):
                    wrong.append(f"{verb} by {caller.name} with {thing.name}: {said}, {moved}")
    assert not wrong, "\n".join(wrong)
