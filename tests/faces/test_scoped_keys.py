"""Keys at both doors: what does not open there is answered like a key that nobody made."""

from __future__ import annotations

import pytest
from django.test import Client

from minga.store import world
from minga.store.people.models import Key
from tests import factories
from tests.faces.taxii.conversation import TAXII

pytestmark = pytest.mark.django_db
PATHS = {Key.Door.TAXII: "/taxii2/hub/collections/", Key.Door.API: "/api/v1/contributions"}
UNKNOWN = "minga_" + "a" * 16 + "b" * 43 + "00000000"


def asked(secret, door, *, method="get", address="198.51.100.1"):
    client = Client(REMOTE_ADDR=address)
    headers = {"authorization": f"Bearer {secret}", "accept": TAXII if door == "taxii" else "*/*"}
    answer = getattr(client, method)(PATHS[door], headers=headers)
    return answer.status_code, sorted(answer.items()), answer.content


@pytest.mark.parametrize("door", Key.Door)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
def test_a_key_of_another_door_is_an_unknown_key(door, method):
    factories.hub()
    _, elsewhere = factories.key_of(doors=frozenset(Key.Door) - {door})

    assert asked(elsewhere, door, method=method) == asked(UNKNOWN, door, method=method)
    assert asked(elsewhere, door)[0] == 401


@pytest.mark.parametrize("door", Key.Door)
def test_a_key_opens_its_own_door(door):
    factories.hub()
    _, here = factories.key_of(doors=frozenset({door}))

    assert asked(here, door)[0] == 200


@pytest.mark.parametrize("door", Key.Door)
def test_a_key_from_a_wrong_address_is_an_unknown_key(door):
    factories.hub()
    _, bound = factories.key_of(addresses="192.0.2.0/24")

    for address in ("192.0.2.1", "::ffff:192.0.2.1"):
        assert asked(bound, door, address=address)[0] == 200
    for address in ("192.0.3.1", "::1", ""):
        refused = asked(bound, door, address=address)
        assert refused == asked(UNKNOWN, door, address=address)
        assert refused[0] == 401


@pytest.mark.parametrize("door", Key.Door)
def test_no_header_makes_an_address_another(door):
    factories.hub()
    _, bound = factories.key_of(addresses="192.0.2.0/24")
    client = Client(REMOTE_ADDR="198.51.100.1")
    names = ("x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "x-client-ip")
    lies = dict.fromkeys(names, "192.0.2.1")

    answer = client.get(PATHS[door], headers=lies | {"authorization": f"Bearer {bound}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("door", Key.Door)
@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_an_ended_key_is_an_unknown_key(door, ended):
    factories.hub()
    actor, secret = factories.key_of()
    Key.objects.filter(pk=actor.key.pk).update(**{ended: world.now()})

    assert asked(secret, door) == asked(UNKNOWN, door)


@pytest.mark.parametrize("door", Key.Door)
def test_a_refused_key_is_not_noted_as_used(door):
    factories.hub()
    actor, secret = factories.key_of(addresses="192.0.2.0/24")

    asked(secret, door)

    assert Key.objects.get(pk=actor.key.pk).last_used_at is None
