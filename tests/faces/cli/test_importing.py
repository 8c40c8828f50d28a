"""`minga import`: files, folders and pipes; what is refused is listed, the rest goes in."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from minga.core.stix import marking_tlp, stream_objects
from minga.store.objects.models import Version
from tests import factories
from tests.databases import another_database

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "stix"


@pytest.fixture(autouse=True)
def _hub(hub, minga):
    """A hub with one member."""
    minga("org", "add", "Banco", "--signed", "acta")


def uuid(generator):
    digits = f"{generator.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def campaign(number, **changes):
    return {
        "type": "campaign",
        "spec_version": "2.1",
        "id": f"campaign--{uuid(random.Random(number))}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": f"Campaign {number}",
    } | changes


def bundle(*objects):
    return json.dumps({"type": "bundle", "id": f"bundle--{uuid(random.Random(0))}",
                       "objects": objects}).encode()  # fmt: skip


def stored():
    return set(Version.objects.filter(type="campaign").values_list("name", flat=True))


def test_a_file_a_folder_and_a_pipe_go_in_plain_or_gzipped(minga, tmp_path):
    (tmp_path / "one.json").write_bytes(bundle(campaign(1)))
    below = tmp_path / "folder" / "deeper"
    below.mkdir(parents=True)
    (below / "two.json.gz").write_bytes(gzip.compress(bundle(campaign(2))))
    (below / "notes.txt").write_text("not STIX")

    ended = minga("import", tmp_path / "one.json", tmp_path / "folder", "-", "--as", "banco",
                  "--json", pipe=gzip.compress(bundle(campaign(3))))  # fmt: skip

    assert ended.code == 0
    assert (ended.json["files"], ended.json["added"], ended.json["refused"]) == (3, 3, [])
    assert stored() == {"Campaign 1", "Campaign 2", "Campaign 3"}
    assert {v.producer.slug for v in Version.objects.filter(type="campaign")} == {"banco"}


def test_what_is_refused_is_listed_by_file_and_place_and_the_rest_goes_in(minga, tmp_path):
    path = tmp_path / "mixed.json"
    path.write_bytes(bundle(campaign(1), campaign(2, created="yesterday"), campaign(3)))

    ended = minga("import", path)

    assert ended.code == 9
    assert f"{path} {campaign(2)['id']}" in ended.err
    assert "objects[1].created" in ended.err
    assert "yesterday" in ended.err
    assert stored() == {"Campaign 1", "Campaign 3"}


def test_one_file_that_is_no_bundle_does_not_stop_the_others(minga, tmp_path):
    (tmp_path / "a.json").write_bytes(b'{"type": "bundle", "objects": [')
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(bundle(campaign(1)))[:-20])
    (tmp_path / "c.json").write_bytes(bundle(campaign(2)))

    ended = minga("import", tmp_path, "--json")

    assert ended.code == 9
    assert [Path(r["file"]).name for r in ended.json["refused"]] == ["a.json", "b.json.gz"]
    assert "gzip stream is damaged" in ended.json["refused"][1]["message"]
    assert "Campaign 2" in stored()


def test_when_nothing_goes_in_the_code_says_so(minga, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b"{}")

    assert minga("import", path).code == 4


def test_a_path_that_is_not_there_stops_it_before_it_starts(minga, tmp_path):
    (tmp_path / "one.json").write_bytes(bundle(campaign(1)))

    ended = minga("import", tmp_path / "one.json", tmp_path / "gone.json")

    assert ended.code == 3
    assert stored() == set()


def test_doing_it_again_doubles_nothing(minga, tmp_path):
    path = tmp_path / "one.json"
    path.write_bytes(bundle(*map(campaign, range(10))))
    minga("import", path)

    again = minga("import", path, "--json").json

    assert (again["added"], again["already"]) == (0, 10)
    assert Version.objects.filter(type="campaign").count() == 10


def test_after_an_interruption_it_goes_on_where_it_stopped(minga, tmp_path):
    """Three batches; the stream breaks in the third, so two have been acknowledged."""
    whole = bundle(*map(campaign, range(2_500)))
    path = tmp_path / "large.json"
    path.write_bytes(whole[: int(len(whole) * 0.9)])
    assert minga("import", path).code == 9
    assert len(stored()) == 2_000

    path.write_bytes(whole)
    again = minga("import", path, "--json").json

    assert (again["added"], again["already"]) == (500, 2_000)


def test_a_circle_alone_reads_what_is_imported_for_it(minga, tmp_path):
    minga("org", "add", "Otro", "--signed", "acta")
    minga("circle", "add", "Banca")
    minga("circle", "admit", "banca", "banco")
    path = tmp_path / "one.json"
    path.write_bytes(bundle(campaign(1)))

    assert minga("import", path, "--as", "banco", "--circle", "banca").code == 0

    assert "Campaign 1" in minga("export", "--as", "csirt").out
    assert "Campaign 1" not in minga("export", "--as", "otro").out


def test_nobody_imports_for_a_circle_he_is_not_in(minga, tmp_path):
    factories.organisation(slug="otro")
    minga("circle", "add", "Banca")
    path = tmp_path / "one.json"
    path.write_bytes(bundle(campaign(1)))

    ended = minga("import", path, "--as", "otro", "--circle", "banca")

    assert ended.code == 3
    assert stored() == set()


def test_real_bundles_go_in_and_come_out_byte_for_byte(minga):
    if not REAL.is_dir():
        pytest.skip("the real bundles of ../shared/data/stix are not here")

    ended = minga("import", REAL, "--as", "banco", "--json").json

    assert ended["files"] == len(list(REAL.glob("*.json")))
    assert all("expected" in refusal["message"] for refusal in ended["refused"])
    refused = {refusal["id"] for refusal in ended["refused"]}
    kept = {bytes(raw) for raw in Version.objects.values_list("raw", flat=True)}
    for path in REAL.glob("*.json"):
        for each in stream_objects([path.read_bytes()]):
            assert each.id in refused or each.raw in kept or marking_tlp(each.id) is not None


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    """Eight times the objects take 15 MB more at most, which holds a batch and no bundle."""
    peaks = {}
    with another_database("import_memory") as database:
        environment = {"MINGA_HOME": str(tmp_path / "home"), "MINGA_DATABASE": database}
        _minga(environment, "init", "--name", "Ana", "--email", "a@csirt.example")
        for count in (2_000, 16_000):
            path = tmp_path / f"{count}.json"
            path.write_bytes(bundle(*map(campaign, range(count))))
            peaks[count] = _minga(environment, "import", str(path))

    assert peaks[16_000] - peaks[2_000] < 15_000, peaks


def _minga(environment, *arguments):
    """Run it in a process of its own; its peak of memory in kB."""
    measured = (
        "import resource, sys; from minga.faces.cli.main import run; code = run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
        "sys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", measured, *arguments],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(ended.stderr.split()[-1])
