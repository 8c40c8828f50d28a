"""T-SESS: asking changes nothing, and no change comes from another site."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client

from tests.security.doors import asking
from tests.security.doors.asking import IN, ask, became_of, filled
from tests.security.doors.bodies import body_of
from tests.security.doors.rows import changed_by
from tests.security.doors.table import lines

pytestmark = pytest.mark.django_db
READ = [pytest.param(line, id=line.route) for line in lines() if "GET" in line.methods]
CHANGED = [pytest.param(line, id=line.route) for line in lines() if "POST" in line.methods]
WHO = {"nobody", "alfa counterpart", "csirt administrator", "alfa sharing key"}
WRITTEN_DOWN = {"/sign-in/with/return"}
"""Providers send people back by GET, and that one could not be let in is written down."""
SIGNED_IN = {"alfa counterpart", "csirt administrator"}
FOREIGN = (
    {},
    {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"},
    {"sec-fetch-site": "same-site"},
    {"origin": "null"},
    {"x-csrftoken": "a" * 64},
    {"x-requested-with": "XMLHttpRequest", "hx-request": "true"},
)
"""What a page of another site can make a browser send; it never has the token of the session."""


@pytest.mark.parametrize("line", READ)
def test_asking_changes_no_row(line, town, things, before):
    for caller in (each for each in town.callers if each.name in WHO):
        for thing in things[line.thing]:
            path, query = filled(line.route, thing.path), body_of("GET", line.route, thing)
            asked = {"GET": query} | ({"HEAD": None, "OPTIONS": None} if thing.owner else {})
            for method, sent in asked.items():
                _, changed = changed_by(partial(ask, caller, method, path, sent), before)
                if line.route in WRITTEN_DOWN:
                    changed = {row for row in changed if not row[0].startswith("journal_")}
                assert not changed, f"{method} by {caller.name} with {thing.name}: {changed}"


@pytest.mark.parametrize("line", CHANGED)
def test_a_change_that_another_site_asks_for_is_refused(line, town, things, before, monkeypatch):
    """Machines send a key on purpose; whoever comes with a session must show its token."""
    monkeypatch.setattr(asking, "_client", lambda: STRICT)
    thing = things[line.thing][-1]
    path, body = filled(line.route, thing.path), body_of("POST", line.route, thing)
    for caller in (each for each in town.callers if each.name in SIGNED_IN):
        for sent in FOREIGN:
            answer, changed = changed_by(partial(ask, caller, "POST", path, body, **sent), before)
            assert became_of(answer) != IN, f"{caller.name}, {thing.name}, {sent}"
            assert not changed, f"{caller.name} with {thing.name}, {sent}: {changed}"


def test_the_same_change_with_the_token_of_the_session_is_done(town, things):
    """So that the test above cannot pass for another reason."""
    counterpart = next(c for c in town.callers if c.name == "alfa counterpart")
    STRICT.cookies.clear()
    STRICT.cookies["minga"] = counterpart.session
    token = STRICT.get("/people/invite").cookies["csrf"].value

    answer = STRICT.post(
        "/people/invite", body_of("POST", "/people/invite", things[""][0]),
        headers={"x-csrftoken": token, "sec-fetch-site": "same-origin"},
    )  # fmt: skip

    assert answer.status_code == 201


STRICT = Client(enforce_csrf_checks=True)
