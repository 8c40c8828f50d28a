"""Whatever members type, pages show it and do nothing else; and looking never changes a row."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minga.core import policy
from minga.core.observables import Kind, Observable
from minga.core.policy import Tlp
from minga.features.exchange import services
from minga.store import world
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from tests import factories
from tests.features.exchange.browsing import fields, member, page, share, signed_in

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "{{ 7|add:7 }}{% now 'Y' %}{{ settings.SECRET_KEY }}",
    "%(name)s {0} {name}",
    "\u202eoteltxe\u202c<b>",
    "<!--<script>alert(1)//-->",
]


@pytest.fixture(params=PAYLOADS)
def world_of(request):
    """A community in which every word that somebody may choose is this payload."""
    payload = request.param
    hub = factories.organisation(payload, role="hub")
    author, reader = (
        Actor(organisation=org, person=factories.person(org, name=payload))
        for org in (factories.organisation(payload), factories.organisation(payload))
    )
    circle = factories.circle(author.organisation, reader.organisation, hub, name=payload)
    draft = services.Draft(
        title=f"Título {payload}",
        text=f"Texto {payload}\n\notra línea http://evil.example/{payload}",
        kind=Contribution.Kind.ALERT,
        audience=policy.Audience(Tlp.AMBER, circles=frozenset({circle.pk})),
        observables=(
            Observable(Kind.FILE_NAME, payload),
            Observable(Kind.USER_AGENT, payload),
            Observable(Kind.COMMAND_LINE, payload),
        ),
        codes=(("hub", payload),),
    )
    made = services.share(draft, by=author, door=Contribution.Door.PAGE)
    services.give_feedback(made.root_id, by=reader, verdict="need-help", note=payload)
    return payload, author, reader, made


def pages_of(made, payload):
    return [
        "/alerts/",
        f"/alerts/?text={payload}&kind={payload}&tlp={payload}",
        page(made),
        f"{page(made)}revise",
        f"{page(made)}audience",
        f"{page(made)}withdraw",
        "/share",
        f"/share?text={payload}",
        f"/lookup?q={payload}",
        reverse("observable", args=["file-name", payload.replace("/", "_")]),
        reverse("observable", args=["command-line", payload]),
        "/me/",
        f"/{payload}/",
    ]


def test_what_a_member_typed_never_becomes_markup_on_any_page(world_of):
    payload, author, reader, made = world_of
    for who in (author, reader):
        client = signed_in(who)
        for path in pages_of(made, payload):
            source = client.get(path).content.decode()
            assert payload not in source or "<" not in payload, path
            assert "<script>alert" not in source, path


def test_what_a_member_typed_never_becomes_markup_in_answers_to_forms(world_of):
    payload, author, _reader, _made = world_of
    client = signed_in(author)
    typed = {"text": payload, "title": payload, "kind": payload, "tlp": payload, "pap": payload,
             "step": "publish", "of_text": payload, "request_key": payload}  # fmt: skip
    for path in ("/share", "/share/findings", "/share/summary"):
        source = client.post(path, typed).content.decode()
        assert payload not in source or "<" not in payload, path


@pytest.fixture
def ana():
    factories.organisation("CSIRT Nacional", role="hub")
    return member("Banco Ejemplo")


PATHS = ["/", "/alerts/", "PAGE", "PAGE?indicators=all", "PAGErevise", "PAGEaudience",
         "PAGEwithdraw", "/share", "/share?text=198.51.100.23", "/lookup",
         "/lookup?q=198.51.100.23", "/observables/ipv4/198.51.100.23/", "/me/", "/sign-in/",
         "/nothing/"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_no_row(ana, path, method):
    made = share(ana, audience=policy.Audience(Tlp.AMBER, everyone=True))
    client = signed_in(ana)

    with CaptureQueriesContext(connection) as asked:
        getattr(client, method)(path.replace("PAGE", page(made)))

    changes = [q["sql"] for q in asked if not q["sql"].lstrip().startswith(("SELECT", "SAVEPOINT"))]
    assert changes == []


@pytest.mark.parametrize("path", ["PAGE", "PAGErevise", "/share", "/lookup?q=198.51.100.23"])
def test_an_answer_is_the_same_every_time_but_for_its_tokens(ana, path):
    class Still(world.World):
        instant = world.now()

        def now(self):
            return self.instant

    made = share(ana, audience=policy.Audience(Tlp.AMBER, everyone=True))
    client = signed_in(ana)
    before = world.replace(Still())
    try:
        first, again = (client.get(path.replace("PAGE", page(made))) for _ in range(2))
    finally:
        world.replace(before)

    def still(answer):
        source = answer.content.decode()
        for name in ("csrfmiddlewaretoken", "request_key"):
            for value in fields(answer, name):
                source = source.replace(value, "")
        return source

    assert still(first) == still(again)


@pytest.mark.parametrize("zone", ["America/Santiago", "Asia/Tokyo"])
@pytest.mark.parametrize("end", ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:60.999Z"])
def test_what_was_seen_at_an_end_of_the_calendar_is_shown(ana, settings, end, zone):
    settings.TIME_ZONE = zone
    made, seen = share(ana), f"indicator--{world.random_uuid()}"
    common = {"spec_version": "2.1", "created": end, "modified": end}
    bundle = [
        {"type": "indicator", "id": seen, "pattern_type": "stix", "valid_from": end,
         "pattern": "[ipv4-addr:value = '203.0.113.77']", **common},
        {"type": "sighting", "id": f"sighting--{world.random_uuid()}", "sighting_of_ref": seen,
         "first_seen": end, **common},
        {"type": "report", "id": f"report--{world.random_uuid()}", "name": "Fin",
         "published": end, "object_refs": [seen], **common},
    ]  # fmt: skip
    body = json.dumps({"objects": bundle}).encode()
    taken_in = services.submit(body, by=ana, door=Contribution.Door.TAXII)
    client = signed_in(ana)
    report = Contribution.objects.exclude(pk=made.pk).get()

    assert taken_in.failures == []
    for path in (page(report), "/observables/ipv4/203.0.113.77/", "/lookup?q=203.0.113.77"):
        assert client.get(path).status_code == 200, path
