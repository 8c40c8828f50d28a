"""What a newcomer pastes from the README works, in the order in which it stands there."""

import re
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT
from tests.databases import another_database
from tests.servers import Hub

pytestmark = [pytest.mark.slow, pytest.mark.real_server, pytest.mark.xdist_group("serving")]


def tour(hub):
    """The blocks of the five-minute tour as one script, for this hub instead of the demo's."""
    text = (ROOT / "README.md").read_text("utf-8")
    chapter = text[text.index("## Five minutes") :].partition("\n## A hub")[0]
    script = "set -eu\n" + "\n".join(re.findall(r"```\n(.*?)```", chapter, re.DOTALL))
    here = {
        ".venv/bin/minga": f"{sys.executable} -m minga",
        ".venv/bin/python": sys.executable,
        # The environment of the tests has the client.
        "python3 -m venv .demo/client && .demo/client/bin/pip install": "true",
        ".demo/client/bin/python": sys.executable,
        "MINGA_HOME=.demo": f"MINGA_HOME={hub.home}",
        ".demo/": f"{hub.home}/",
        "127.0.0.1:8000": f"127.0.0.1:{hub.port}",
    }
    assert all(written in script for written in here)
    return re.sub("|".join(map(re.escape, here)), lambda written: here[written[0]], script)


def test_the_five_minute_tour(tmp_path):
    with another_database("tour") as database:
        hub = Hub(tmp_path / "demo", database)
        hub.run("demo", "--no-serve")
        with hub.serving():
            ended = subprocess.run(
                ["bash", "-c", tour(hub)],
                env=hub.environment, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert '"title":"Everything"' in ended.stdout.replace(": ", ":")
    assert '"success_count":1' in ended.stdout.replace(": ", ":")
    assert "objects; ['Phishing kit']" in ended.stdout
    assert re.search(r"^known +198\.51\.100\.77", ended.stdout, re.MULTILINE)
    assert re.search(r"^unknown +192\.0\.2\.1", ended.stdout, re.MULTILINE)
    assert "Shared: Smishing en curso" in ended.stdout
