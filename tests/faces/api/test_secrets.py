"""Two worlds that differ in what a reader may not see are one world to him."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.faces.api.conversation import Caller

DOMAIN = "acceso-clientes.example"
SEEN = {"first_seen_at": "2026-01-02T03:04:05Z", "last_seen_at": "2026-01-02T05:04:05Z"}


@pytest.fixture
def known(two):
    """Something that the reader may see, and paths that lead to it and to nothing."""
    shared = two.sharing.share(observables=[DOMAIN])
    object_ = two.reading.every(f"contributions/{shared['id']}/objects", limit=1)[0]["id"]
    nothing = "00000000-0000-4000-8000-000000000000"
    two.others = (factories.key_of(), factories.key_of())
    two.paths = [
        "whoami", "organisations", "organisations.csv", "circles", "circles.csv", "collections",
        "contributions", "contributions.csv", "contributions?limit=1", "contributions?q=secreto",
        "search?q=secreto", "search?q=phishing", "objects", "objects.csv", "objects?limit=2",
        "objects?type=indicator&every_version=true", "objects?collection=circle-secreto",
        f"contributions/{shared['id']}", f"contributions/{shared['id']}/readers",
        f"contributions/{shared['id']}/objects", f"contributions/{nothing}",
        f"objects/{object_}", f"objects/{object_}/versions", f"objects/{object_}/sightings",
        f"objects/{object_}/feedback", f"objects/indicator--{nothing}",
        f"lookup?q={DOMAIN}&q=secreto.example&q=a.secreto.example", "lookup.csv?q=secreto.example",
        f"observables/domain?value={DOMAIN}", "observables/domain?value=secreto.example",
        f"bundles/{nothing}",
    ]  # fmt: skip
    return two


def test_nothing_that_others_do_among_themselves_moves_a_byte_or_a_statement(known):
    before = everything(known)
    among_others(known)
    after = everything(known)
    for path in known.paths:
        assert after[path] == before[path], path


def among_others(two):
    """Two members share, revise, see at work, answer and revoke in a circle of their own."""
    author, other = two.others
    circle = factories.circle(author[0].organisation, other[0].organisation, name="Secreto")
    writing, answering = Caller(author[1]), Caller(other[1])
    audience = {"tlp": "TLP:AMBER", "circles": [circle.slug]}
    shared = writing.share(
        title="Secreto", audience=audience, observables=["secreto.example", DOMAIN]
    )
    body = {"title": "Secreto, otra vez", "kind": "alert", "observables": [DOMAIN]}
    assert writing.send("put", f"contributions/{shared['id']}", body).status_code == 200
    carried = writing.every(f"contributions/{shared['id']}/objects")
    hidden = next(each["id"] for each in carried if each["type"] == "indicator")
    assert answering.post("sightings", SEEN | {"object_id": hidden}).status_code == 201
    verdict = {"object_id": hidden, "verdict": "false-positive"}
    assert answering.post("feedback", verdict).status_code == 201
    assert writing.post(f"objects/{hidden}/revoke").status_code == 200
    factories.circle(other[0].organisation)


def everything(two):
    """What the reader gets at each path: status, headers, bytes, and the shape of the work."""
    return {path: seen(two, path) for path in two.paths}


def seen(two, path):
    with CaptureQueriesContext(connection) as ran:
        answer = two.reading.get(path)
    work = [re.sub(r"[0-9]+|'[^']*'", "?", query["sql"]) for query in ran]
    return answer.status_code, dict(answer.headers), answer.content, work
