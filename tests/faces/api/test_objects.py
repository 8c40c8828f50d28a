"""STIX objects by the API: the bytes that came, in the versions one may see."""

import json

import pytest

from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.store.objects.models import Contribution
from tests import factories
from tests.faces.api.conversation import Caller

ID = "malware--11111111-1111-4111-8111-111111111111"


def malware(name="Ejemplo", modified="2026-01-01T00:00:00.000Z", **properties):
    """Bytes as another program writes them: blanks, escapes and the order of keys count."""
    written = {
        "id": ID, "type": "malware", "is_family": True, "name": name, "spec_version": "2.1",
        "created": "2026-01-01T00:00:00.000Z", "modified": modified, **properties,
    }  # fmt: skip
    return json.dumps(written, ensure_ascii=True, separators=(", ", ":  "))


def put(by, *objects, circle=None):
    reading = read_envelope(f'{{"objects": [{", ".join(objects)}]}}'.encode())
    receipt = services.receive(reading, by=by, door=Contribution.Door.API, circle=circle)
    assert not receipt.failures, receipt.failures


def test_an_object_is_answered_byte_for_byte(two):
    sent = malware("Ñandú   “x”")
    put(two.sharer, sent)
    answer = two.reading.get(f"objects/{ID}")
    assert answer.content == sent.encode()
    assert answer["Content-Type"] == "application/stix+json"
    assert sent.encode() in two.reading.get("objects").content


def test_the_newest_version_is_listed_unless_every_one_is_asked_for(two):
    put(two.sharer, malware("uno"))
    put(two.sharer, malware("dos", "2026-02-01T00:00:00.000Z"))
    assert [o["name"] for o in two.reading.every("objects")] == ["dos"]
    assert [o["name"] for o in two.reading.every("objects", every_version="true")] == ["uno", "dos"]
    assert [v["name"] for v in two.reading.every(f"objects/{ID}/versions")] == ["dos", "uno"]


def test_objects_are_narrowed_by_collection_type_and_time(two):
    put(two.sharer, malware(), circle=two.circle)
    two.sharing.share()
    types = {each["type"] for each in two.reading.every("objects", type="malware")}
    assert types == {"malware"}
    inside = two.reading.every("objects", collection=f"circle-{two.circle.slug}")
    assert [each["id"] for each in inside] == [ID]
    added = two.reading.get("objects.csv").content.decode().splitlines()[-1].split(",")[3]
    assert two.reading.every("objects", added_after=added.replace("Z", "999Z")) == []


@pytest.mark.parametrize("end", ["", "/versions", "/sightings", "/feedback"])
def test_an_object_of_others_is_like_one_that_does_not_exist(two, end):
    alone = factories.circle(two.sharer.organisation)
    put(two.sharer, malware(), circle=alone)
    nothing = ID.replace("1111", "2222")
    hidden, absent = (two.reading.get(f"objects/{i}{end}") for i in (ID, nothing))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content.replace(ID.encode(), nothing.encode()) == absent.content


def test_the_inbox_cannot_be_read(two):
    assert two.reading.get("objects", collection="inbox").status_code == 403
    assert two.reading.get("objects", collection="no-such-one").status_code == 404


def test_a_producer_revokes_his_object_for_everybody_and_others_do_not(two):
    put(two.sharer, malware())
    other = Caller(factories.key_of()[1])
    assert other.post(f"objects/{ID}/revoke").status_code == 403

    revoked = two.sharing.post(f"objects/{ID}/revoke")

    assert revoked.json()["revoked"] is True
    assert two.reading.get(f"objects/{ID}").content == revoked.content
    assert two.sharing.post(f"objects/{ID}/revoke").content == revoked.content


def test_properties_of_custom_types_may_be_anything_in_a_table_too(two):
    custom = {
        "type": "x-sensor", "spec_version": "2.1", "id": ID.replace("malware", "x-sensor"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": ["a", 1], "value": {"x": None}, "pattern": 7,
    }  # fmt: skip
    put(two.sharer, json.dumps(custom))
    assert two.reading.get("objects.csv").status_code == 200
