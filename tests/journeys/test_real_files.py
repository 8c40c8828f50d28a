"""Public STIX files go in from the console and come back over TAXII, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from taxii2client.v21 import Server, as_pages

from minga.core.policy import Tlp
from minga.core.stix import effective_tlp, marking_tlp, read_envelope
from minga.faces.cli.exits import Exit
from minga.faces.cli.main import run
from tests import factories

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "stix"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FILES.is_dir(), reason=f"no public files in {FILES}"),
]


def sent() -> dict[tuple[str, str], bytes]:
    """Every object of the files that the standard allows: id and version to bytes."""
    objects: dict[tuple[str, str], bytes] = {}
    for file in sorted(FILES.glob("*.json")):
        for document in read_envelope(file.read_bytes()).documents:
            if marking_tlp(document.id) is None:
                objects.setdefault((document.id, document.version), document.raw)
    return objects


def red() -> set[str]:
    """Objects that are TLP:RED, be it for one property: no group reads them."""
    documents = [
        document
        for file in FILES.glob("*.json")
        for document in read_envelope(file.read_bytes()).documents
    ]
    return {document.id for document in documents if effective_tlp(document) == Tlp.RED}


def received(url: str, secret: str) -> dict[tuple[str, str], bytes]:
    """Everything that the public client gets of the collection of everything."""
    server = Server(f"{url}/taxii2/", user="minga", password=secret)
    everything = next(c for c in server.default.collections if c.title == "Everything")
    bodies: list[bytes] = []
    everything._conn.session.hooks["response"].append(
        lambda response, **_: bodies.append(response.content)
    )
    pages = as_pages(everything.get_objects, per_request=500, version="all")
    client_saw = sum(len(page.get("objects", [])) for page in pages)
    objects = [d for body in bodies for d in read_envelope(body).documents]
    assert client_saw == len(objects)
    return {(document.id, document.version): document.raw for document in objects}


def test_every_public_file_comes_back_as_it_went_in(live_server, settings, capsys):
    settings.URL = live_server.url
    producer, member = factories.organisation("Banco", slug="banco"), factories.organisation()
    factories.hub()
    _, own = factories.key_of(producer)
    _, others = factories.key_of(member)

    assert run(["import", "--as", "banco", "--json", str(FILES)]) == Exit.DONE

    objects = received(live_server.url, own)
    for triple, raw in sent().items():
        assert objects[triple] == raw, triple
    hidden = {id_ for id_, _ in objects.keys() - received(live_server.url, others).keys()}
    assert hidden == red() != set()
    capsys.readouterr()
    assert run(["import", "--as", "banco", "--json", str(FILES)]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["added"] == 0
    assert received(live_server.url, own) == objects
    assert producer.contributions.count() > 1
