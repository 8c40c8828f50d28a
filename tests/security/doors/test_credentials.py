"""T-AUTHN: who brings nothing, or nonsense, learns nothing: not even what there is."""

from __future__ import annotations

import base64
import itertools
import re

import pytest

from minga.web.doors import Entrance
from tests.security.doors.asking import UNKNOWN, ask, became_of, filled
from tests.security.doors.table import lines
from tests.security.doors.town import Caller

pytestmark = pytest.mark.django_db
NOBODY = Caller("nobody")
NOTHING = "00000000-0000-4000-8000-00000000dead"
NEVER = {"uuid": NOTHING, "uuidstr": NOTHING, "int": "98765"}
"""What never was, by the kind of a path's part."""
MACHINES = [line for line in lines() if line.entrance is Entrance.KEYS]
PEOPLES = [line for line in lines() if line.entrance in {Entrance.MEMBERS, Entrance.HUB}]


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def nonsense(secret: str) -> list[str]:
    """Headers that hold no key: empty, blank, NUL, look-alikes, and a key that is nearly right."""
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in secret)
    values = ["", " ", "\0", "\u00a0", "null", "None", "undefined", "0", "true", "[]", "*", "%",
              secret[:-1], secret + "0", secret.upper(), f"{secret[:-8]}00000000", f" {secret}x",
              f"{secret}\0", wide.encode().decode("latin-1"), "minga_" + "a" * 67]  # fmt: skip
    schemes = ("Bearer", "bearer", "Token", "Basic", "Digest", "")
    headers = [f"{scheme} {value}" for scheme, value in itertools.product(schemes, values)]
    return [*headers, *(basic(user, v) for user in ("", "admin") for v in values), secret]


@pytest.mark.parametrize("line", PEOPLES, ids=lambda line: f"{'-'.join(line.methods)} {line.route}")
def test_who_is_not_signed_in_cannot_tell_what_is_there(line, things):
    """At an address of people: the way to the door, the same for what is there and what is not."""
    kinds = re.findall(r"<(?:(\w+):)?(\w+)>", line.route)
    never = {name: NEVER.get(kind, "never") for kind, name in kinds}
    for method, thing in itertools.product(line.methods, things[line.thing]):
        there, not_there = (
            said(ask(NOBODY, method, filled(line.route, thing.path | other)))
            for other in ({}, never)
        )
        assert there == not_there, method


@pytest.mark.parametrize("door", ["/taxii2/", "/api/v1/"])
def test_a_machine_without_a_key_gets_one_answer_everywhere(door, things):
    """The same bytes at every address below a door, whether anything stands there or not."""
    told = {
        said(ask(NOBODY, method, filled(line.route, thing.path)))
        for line in MACHINES
        if line.route.startswith(door)
        for method in line.methods
        for thing in things[line.thing]
    }
    assert len(told) == 1, told
    assert told.pop()[0] == 401


@pytest.mark.parametrize("door", ["/taxii2/", "/api/v1/whoami"])
def test_no_nonsense_is_a_key(door, town):
    secret = next(c.secret for c in town.callers if c.name == "alfa sharing key")
    expected = said(ask(NOBODY, "GET", door, authorization="Bearer x"))
    assert expected[0] == 401
    for header in nonsense(secret):
        answer = ask(NOBODY, "GET", door, authorization=header)
        assert said(answer) == expected, repr(header)


def test_a_wrong_key_is_not_made_good_by_a_session(town):
    person = next(c for c in town.callers if c.name == "alfa counterpart")

    assert became_of(ask(person, "GET", "/api/v1/whoami", authorization="Bearer x")) == UNKNOWN


@pytest.mark.parametrize("word", ["", " ", "\0", "\u200b", "ﬀ", "' or 1=1 --", "a" * 5_000])
def test_no_empty_or_strange_password_opens_the_door(word, town):
    person = town.people["alfa counterpart"]
    answers = {
        said(ask(NOBODY, "POST", "/sign-in/", {"email": email, "password": word}))
        for email in (person.email, "nobody@alfa.example")
    }
    assert {status for status, *_ in answers} <= {422, 429}
    assert len(answers) == 1, "whether the address is known shows"


def said(answer) -> tuple:
    """All of an answer but the path that was asked for, its marks and its tokens."""
    body = re.sub(rb'value="\w{64}"|[0-9a-f]{32}', b"", answer.content)
    headers = {
        k: v for k, v in answer.items() if k not in {"Location", "HX-Redirect", "Content-Length"}
    }
    where = re.sub(r"\?.*", "", answer.get("Location", ""))
    typed = re.sub(rb'value="[^"]*@[^"]*"', b"", body)
    return answer.status_code, where, tuple(sorted(headers.items())), typed
