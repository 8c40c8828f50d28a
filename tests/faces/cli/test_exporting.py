"""`minga export`: what an organisation may read, byte for byte."""

import gzip
import json

import pytest

from minga.store.objects.queries import readable
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation


@pytest.fixture(autouse=True)
def _shared(hub, minga):
    """A hub and two members; the first shared something with all, and something with the hub."""
    minga("org", "add", "Banco", "--signed", "acta")
    minga("org", "add", "Otro", "--signed", "acta")
    minga("share", "Para todos", "--as", "banco", "--observable", "198.51.100.7")
    minga("share", "Para el CSIRT", "--as", "banco", "--to", "hub", "--tlp", "red")


def names(text):
    return {each.get("name") for each in json.loads(text)["objects"]}


def test_it_holds_what_the_reader_may_read_and_nothing_else(minga):
    assert {"Para todos", "Para el CSIRT"} <= names(minga("export").out)
    assert {"Para todos", "Para el CSIRT"} <= names(minga("export", "--as", "banco").out)

    others = names(minga("export", "--as", "otro").out)
    assert "Para todos" in others
    assert "Para el CSIRT" not in others


def test_every_object_is_byte_for_byte_as_it_was_received(minga):
    out = minga("export", "--as", "otro").out.encode()

    otro = Actor(organisation=Organisation.objects.get(slug="otro"))
    raws = [bytes(version.raw) for version in readable(reader=otro.reader)]
    assert raws
    assert all(raw in out for raw in raws)
    assert len(json.loads(out)["objects"]) == len(raws)


def test_a_file_is_whole_or_not_there(minga, tmp_path):
    path = tmp_path / "all.json.gz"

    ended = minga("export", "-o", path, "--json")

    assert len(json.loads(gzip.decompress(path.read_bytes()))["objects"]) == ended.json["objects"]
    assert [p.name for p in tmp_path.iterdir()] == ["all.json.gz"]


def test_types_and_times_choose(minga):
    only = json.loads(minga("export", "--type", "indicator").out)["objects"]
    assert {each["type"] for each in only} == {"indicator"}

    assert json.loads(minga("export", "--added-after", "2999-01-01T00:00:00Z").out)["objects"] == []


def test_a_time_that_is_none_is_refused(minga):
    ended = minga("export", "--added-after", "yesterday")

    assert (ended.code, ended.out) == (4, "")
    assert "expected ISO 8601" in ended.err
