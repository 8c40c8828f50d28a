"""A client of the TAXII door, and the objects that tests put behind it."""

from __future__ import annotations

import itertools
import json
from urllib.parse import urlencode
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.test import Client

from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from tests import factories

TAXII = "application/taxii+json;version=2.1"
ROOT = "/taxii2/hub/"

_numbers = itertools.count(1)


class Caller:
    """Speaks TAXII to the hub with one key, or with none."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.headers = {"accept": TAXII}
        if secret:
            self.headers["authorization"] = f"Bearer {secret}"

    def get(self, path: str, headers=None, **query):
        """GET a path below the API root; `match_type` stands for match[type], and so on."""
        return self.ask("get", path, headers, **query)

    def delete(self, path: str, headers=None, **query):
        return self.ask("delete", path, headers, **query)

    def ask(self, method: str, path: str, headers=None, **query):
        address = path if path.startswith("/") else f"{ROOT}{path}"
        if query:
            address += "?" + urlencode({_key(k): v for k, v in query.items()})
        return getattr(self.client, method)(address, headers=self.headers | (headers or {}))

    def post(self, path: str, body, headers=None):
        data = body if isinstance(body, bytes) else encoded(body)
        return self.client.post(
            f"{ROOT}{path}", data, content_type=TAXII, headers=self.headers | (headers or {})
        )

    def collection(self, alias: str) -> str:
        """The path of a collection, by its id."""
        listed = self.get("collections/").json()["collections"]
        return f"collections/{next(c['id'] for c in listed if c['alias'] == alias)}/"

    def ids(self, path: str, **query) -> list[str]:
        """The ids of the objects in the answer, in order."""
        return [each["id"] for each in self.get(path, **query).json().get("objects", [])]


def _key(name: str) -> str:
    return f"match[{name[6:]}]" if name.startswith("match_") else name


def caller(organisation=None, *, can_share: bool = True) -> Caller:
    """A caller with a key of an organisation, by default of a new member."""
    factories.hub()
    _, secret = factories.key_of(organisation, can_share=can_share)
    return Caller(secret)


def indicator(value: str = "", *, modified: str = "2026-01-01T00:00:00.000Z", **properties) -> dict:
    """An indicator for one domain; the same value is the same object."""
    number = next(_numbers)
    value = value or f"n{number}.example"
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{_uuid(value)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": modified,
        "pattern": f"[domain-name:value = '{value}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    } | properties


def malware(name: str = "", **properties) -> dict:
    name = name or f"malware {next(_numbers)}"
    return {
        "type": "malware",
        "spec_version": "2.1",
        "id": f"malware--{_uuid(name)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": name,
        "is_family": True,
    } | properties


def address(value: str = "198.51.100.3") -> dict:
    """An observable: it has no version of its own."""
    return {
        "type": "ipv4-addr",
        "spec_version": "2.1",
        "id": "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
        "value": value,
    }


def envelope(*objects: dict) -> dict:
    return {"objects": list(objects)}


def encoded(content: object) -> bytes:
    """JSON as a client sends it."""
    return json.dumps(content).encode()


def share(*objects: dict, by: Actor, circle: Circle | None = None) -> services.Receipt:
    """Put objects in as if they had been posted; to every member, or to a circle."""
    reading = read_envelope(encoded(envelope(*objects)))
    receipt = services.receive(reading, by=by, door=Contribution.Door.TAXII, circle=circle)
    assert not receipt.failures, receipt.failures
    return receipt


def _uuid(text: str) -> UUID:
    """A UUID that looks random and is always the same for the same text."""
    return UUID(bytes=uuid5(NAMESPACE_DNS, text).bytes, version=4)
