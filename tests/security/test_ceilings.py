"""A key with a ceiling: at every address it is as if nothing above the ceiling were there."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.problems import NotFound
from minga.features.exchange import queries, services
from minga.features.exchange.services import Draft
from minga.store import world
from minga.store.audiences.models import Audience
from minga.store.objects.models import Contribution
from tests import factories
from tests.architecture.addresses import addresses
from tests.faces.taxii.conversation import TAXII, indicator
from tests.faces.taxii.conversation import share as post
from tests.features.exchange.browsing import share

pytestmark = pytest.mark.django_db
API = Contribution.Door.API
SECRET = "canario.example"
HIDDEN = f"Hidden: hxxps://{SECRET.replace('.', '[.]')}/x"
KNOWN = "conocido.example"
LATER = "2026-02-01T00:00:00.000Z"
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
QUERIES = {
    "taxii2": ("", "?match[version]=all", "?limit=1"),
    "api": (
        "",
        "?q=canario",
        f"?q={SECRET}",
        f"?value={SECRET}",
        f"?q={KNOWN}",
        "?limit=1",
        "?tlp=TLP:AMBER",
    ),
}


@pytest.fixture
def author():
    factories.hub()
    return factories.member()


@pytest.fixture
def reader(author):
    """An organisation that may read everything, and sits in a circle with the author."""
    made = factories.organisation()
    factories.circle(author.organisation, made)
    return made


def put_hidden(author, reader):
    """Things over TLP:GREEN, each by another way; what to ask for afterwards."""
    factories.member(reader)
    named = frozenset({reader.pk})
    circles = frozenset(reader.seats_in_circles.values_list("circle", flat=True))
    rules = [
        policy.Audience(Tlp.AMBER, everyone=True),
        policy.Audience(Tlp.AMBER, circles=circles),
        policy.Audience(Tlp.AMBER_STRICT, organisations=named),
        policy.Audience(Tlp.RED, organisations=named),
    ]
    shared = [
        share(author, title=f"canario {n}", text=HIDDEN, audience=rule)
        for n, rule in enumerate(rules)
    ]
    own = factories.member(reader)
    shared.append(share(own, title="canario own", text=HIDDEN, audience=rules[0]))
    post(indicator(SECRET, labels=["canario"]), by=author)
    post(indicator(KNOWN, modified=LATER, name="canario", object_marking_refs=[AMBER]), by=author)
    seen = visible_objects(shared[0], reader)
    at = world.now() - timedelta(hours=1)
    services.report_sighting(seen[0], by=own, count=3, first_seen_at=at, last_seen_at=at)
    ids = [stix_id for each in shared for stix_id in visible_objects(each, reader)]
    return {
        "uuid": [str(each.uuid) for each in shared],
        "stix_id": [*ids, indicator(SECRET)["id"], indicator(KNOWN)["id"]],
    }


def visible_objects(contribution, reader):
    whole = factories.member(reader).reader
    return list(queries.objects_in(contribution, reader=whole).values_list("stix_id", flat=True))


def paths(asked_for):
    """Every address of a machine's door that can be read, filled in with what is hidden."""
    known = {
        **asked_for,
        "collection": ["everything", "alerts", "indicators", "inbox"],
        "kind": ["domain", "url"],
    }
    for each in addresses():
        if not each.route.startswith(("/api/v1/", "/taxii2/")) or each.route.endswith("…"):
            continue
        if "GET" not in each.methods or re.search(r"status|bundles", each.route):
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", each.route)
        family = "taxii2" if each.route.startswith("/taxii2") else "api"
        for values in itertools.product(*(known[name] for name in names)):
            path = each.route
            for value in values:
                path = re.sub(r"<(?:\w+:)?\w+>", value, path, count=1)
            yield from (path + query for query in QUERIES[family])


def answers(secret, every_path):
    """What a key gets at each address, and what it finds when it looks something up."""
    client = Client()
    headers = {"authorization": f"Bearer {secret}"}
    found = {}
    for path in every_path:
        accept = TAXII if path.startswith("/taxii2") else "*/*"
        answer = client.get(path, headers=headers | {"accept": accept})
        found[path] = (answer.status_code, sorted(answer.items()), answer.content)
    looked_up = client.post(
        "/api/v1/lookup",
        {"values": [SECRET, KNOWN]},
        content_type="application/json",
        headers=headers,
    )
    found["lookup"] = (looked_up.status_code, [], looked_up.content)
    return found


def test_at_every_address_nothing_above_the_ceiling_leaves_a_trace(author, reader):
    """The hub with the hidden things and the hub without: the same bytes everywhere."""
    share(author, title="Visible", audience=policy.Audience(Tlp.GREEN, everyone=True))
    post(indicator(KNOWN, object_marking_refs=[GREEN]), by=author)
    _, low = factories.key_of(reader, can_share=False, ceiling=Tlp.GREEN)
    _, whole = factories.key_of(reader, can_share=False)
    with transaction.atomic():
        asked_for = put_hidden(author, reader)
        asked = list(paths(asked_for))
        with_hidden = answers(low, asked)
        of_whole = answers(whole, asked)
        transaction.set_rollback(True)
    without = answers(low, asked)

    assert len(asked) > 100
    differing = [path for path in with_hidden if with_hidden[path] != without[path]]
    assert not differing, differing
    telling = [path for path in of_whole if of_whole[path] != without[path]]
    assert len(telling) > 50, "the hidden things show to a key without a ceiling"


def test_a_key_reads_what_lies_at_its_ceiling(author, reader):
    green = share(author, audience=policy.Audience(Tlp.GREEN, everyone=True))
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)

    assert list(queries.contributions(reader=low.reader)) == [green]


def test_what_its_producer_widens_down_to_the_ceiling_is_read(author, reader):
    shared = share(author, audience=policy.Audience(Tlp.AMBER, everyone=True))
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)
    assert not queries.contributions(reader=low.reader)

    services.widen(shared.uuid, by=author, audience=policy.Audience(Tlp.GREEN, everyone=True))

    assert list(queries.contributions(reader=low.reader)) == [shared]
    assert queries.objects_in(shared, reader=low.reader).exists()


def test_changing_what_lies_above_the_ceiling_is_like_changing_nothing(reader):
    factories.hub()
    owner = factories.member(reader)
    shared = share(owner, audience=policy.Audience(Tlp.AMBER, everyone=True))
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)
    wide = policy.Audience(Tlp.CLEAR, everyone=True)

    with pytest.raises(NotFound):
        services.widen(str(shared.uuid), by=low, audience=wide)
    with pytest.raises(NotFound):
        services.revoke(shared.root_id, by=low)
    with pytest.raises(NotFound):
        services.give_feedback(shared.root_id, by=low, verdict="expired")


def test_revoking_by_an_id_that_went_on_above_the_ceiling_tells_nothing(reader):
    """The answer to a revocation carries the newest words."""
    factories.hub()
    owner = factories.member(reader)
    post(indicator("a.example", object_marking_refs=[GREEN]), by=owner)
    later = indicator("a.example", modified=LATER, name="canario", object_marking_refs=[AMBER])
    post(later, by=owner)
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)

    assert queries.object_version(later["id"], reader=low.reader).name == ""
    with pytest.raises(NotFound):
        services.revoke(later["id"], by=low)


def test_a_request_key_of_something_above_the_ceiling_does_not_hand_it_over(reader):
    factories.hub()
    owner = factories.member(reader)
    shared = share(owner, audience=policy.Audience(Tlp.AMBER, everyone=True), request_key="one")
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)
    draft = Draft("Otro", "", Contribution.Kind.ALERT, policy.Audience(Tlp.GREEN, everyone=True),
                  request_key="one")  # fmt: skip

    with pytest.raises(NotFound):
        services.share(draft, by=low, door=API)
    assert shared.title != "Otro"


def test_a_key_may_repeat_what_it_shared_itself_above_its_ceiling(reader):
    """A sensor that only writes needs no sight of what it writes."""
    factories.hub()
    low, _ = factories.key_of(reader, ceiling=Tlp.CLEAR)
    draft = Draft("Visto", "", Contribution.Kind.ALERT, policy.Audience(Tlp.AMBER, everyone=True),
                  request_key="one")  # fmt: skip

    first = services.share(draft, by=low, door=API)

    assert services.share(draft, by=low, door=API) == first
    assert not queries.contributions(reader=low.reader)


def test_a_ceiling_is_no_way_to_pass_on_what_others_shared(author, reader):
    """The key does not see it; its organisation does, and may not let more people read it."""
    theirs = indicator("b.example")
    post(theirs, by=author)
    low, _ = factories.key_of(reader, ceiling=Tlp.CLEAR)
    audiences = set(Audience.objects.values_list("pk", flat=True))

    with pytest.raises(AssertionError, match="another producer shared"):
        post(theirs | {"object_marking_refs": [CLEAR]}, by=low)

    public = Audience.objects.exclude(pk__in=audiences).filter(publication__stix_id=theirs["id"])
    assert not public.exists()


def test_a_sighting_above_the_ceiling_is_one_more_in_a_count_and_nobodys(author, reader):
    """That an object was seen is told to whoever reads it; by whom, to who reads the sighting."""
    shared = share(author, audience=policy.Audience(Tlp.GREEN, everyone=True))
    own, at = factories.member(reader), world.now() - timedelta(hours=1)
    stix_id = shared.root_id
    services.report_sighting(stix_id, by=own, count=3, first_seen_at=at, last_seen_at=at)
    low, _ = factories.key_of(reader, ceiling=Tlp.GREEN)

    whole = queries.sightings_of([stix_id], reader=own.reader)[stix_id]
    limited = queries.sightings_of([stix_id], reader=low.reader)[stix_id]

    assert (whole.events, whole.own, whole.named) == (3, True, (reader.name,))
    assert (limited.events, limited.own, limited.named) == (3, False, ())
