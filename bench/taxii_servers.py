"""TAXII servers to be measured: ours and its peers, each a real process on loopback.

All are served by granian with one worker of four threads, so that what differs is the program.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TAXII = "application/taxii+json;version=2.1"
ROOT = Path(__file__).resolve().parents[1]
GRANIAN = (sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "4",
           "--log-level", "error", "--workers-kill-timeout", "2")  # fmt: skip


@dataclass(frozen=True)
class TaxiiServer:
    """A running server: where to post and read, and with which credential."""

    name: str
    port: int
    read: str
    write: str
    authorization: str
    pid: int
    answers_500_after_commit: bool = False

    def connect(self) -> Connection:
        """A kept-alive connection."""
        return Connection(self)

    def memory_mb(self) -> float:
        """Resident memory of the largest of its processes, in megabytes."""
        return max(_resident(pid) for pid in _family(self.pid)) / 1e6


class Connection:
    """One client on one connection."""

    def __init__(self, server: TaxiiServer) -> None:
        self.server = server
        self.http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
        self.headers = {"Authorization": server.authorization, "Accept": TAXII}

    def get(self, query: str, what: str = "objects") -> bytes:
        """The body of `objects` or `manifest`; raises when the server does not say 200."""
        self.http.request("GET", f"{self.server.read}{what}/?{query}", headers=self.headers)
        answer = self.http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.server.name} answered {answer.status}: {body[:300]!r}")
        return body

    def post(self, body: bytes) -> None:
        """Post an envelope; raises unless every object went in.

        OpenTAXII 0.9.3 commits a POST and then answers 500, so its 500 counts as done.
        """
        self.http.request(
            "POST", f"{self.server.write}objects/", body, self.headers | {"Content-Type": TAXII}
        )
        answer = self.http.getresponse()
        body = answer.read()
        if answer.status == 500 and self.server.answers_500_after_commit:
            return
        said = json.loads(body)
        if answer.status != 202 or said.get("failure_count"):
            raise RuntimeError(f"{self.server.name} answered {answer.status}: {str(said)[:300]}")


def envelope(first: int, count: int) -> bytes:
    """Indicators number `first` and after, as an envelope."""
    return json.dumps({"objects": [indicator(first + i) for i in range(count)]}).encode()


def indicator(number: int) -> dict[str, object]:
    """An indicator of the common size, different for every number."""
    address = f"{10 + (number >> 24)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": stix_id(number),
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": f"Address {number} of a botnet",
        "description": "Seen asking for the addresses of its command servers every ten minutes.",
        "indicator_types": ["malicious-activity"],
        "pattern": f"[ipv4-addr:value = '{address}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
        "labels": ["botnet"],
        "confidence": 70,
    }


def stix_id(number: int) -> str:
    """The id of indicator `number`."""
    return f"indicator--{number:08x}-0000-4000-8000-{number:012x}"


@contextlib.contextmanager
def minga(folder: Path, port: int, database: str = "") -> Iterator[TaxiiServer]:
    """`minga serve` on a hub with sixteen members."""
    environment = os.environ | {
        "MINGA_HOME": str(folder / "home"),
        "MINGA_DATABASE": database,
        "MINGA_URL": f"http://127.0.0.1:{port}",
    }

    def run(*arguments: str) -> str:
        command = (sys.executable, "-m", "minga", *arguments)
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout

    run("init", "--hub", "CSIRT", "--name", "Ana", "--email", "ana@csirt.example", "--json")
    for number in range(16):
        run("org", "add", f"Member {number}", "--signed", "bench", "--json")
    key = json.loads(run("key", "add", "member-1", "bench", "--can-share", "--json"))["secret"]
    with _process(
        (sys.executable, "-m", "minga", "serve", "--port", str(port)), environment
    ) as pid:
        collections = "/taxii2/hub/collections"
        server = TaxiiServer("Minga", port, f"{collections}/everything/", f"{collections}/inbox/",
                             f"Bearer {key}", pid)  # fmt: skip
        _wait_for(server)
        yield server


@contextlib.contextmanager
def medallion(folder: Path, port: int) -> Iterator[TaxiiServer]:
    """medallion 3 with its memory backend: nothing is durable."""
    collection = {
        "id": "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "title": "c", "can_read": True,
        "can_write": True, "media_types": ["application/stix+json;version=2.1"],
        "objects": [], "manifest": [],
    }  # fmt: skip
    root = {"title": "r", "description": "", "versions": [TAXII], "max_content_length": 10**8}
    data = {
        "/discovery": {"title": "t", "description": "", "contact": "", "default": "r",
                       "api_roots": ["r"]},
        "r": {"information": root, "status": [], "collections": [collection]},
    }  # fmt: skip
    (folder / "data.json").write_text(json.dumps(data))
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
               "filename": str(folder / "data.json")}  # fmt: skip
    config = {"backend": backend, "users": {"u": "p"}, "taxii": {"max_page_size": 1000}}
    (folder / "config.json").write_text(json.dumps(config))
    environment = os.environ | {"BENCH_MEDALLION": str(folder / "config.json")}
    command = (*GRANIAN, "--port", str(port), "bench.peer_medallion:app")
    with _process(command, environment) as pid:
        place = f"/r/collections/{collection['id']}/"
        basic = "Basic " + base64.b64encode(b"u:p").decode()
        server = TaxiiServer("medallion", port, place, place, basic, pid)
        _wait_for(server)
        yield server


@contextlib.contextmanager
def opentaxii(folder: Path, port: int, *, stored: int = 0) -> Iterator[TaxiiServer]:
    """OpenTAXII 0.9 on SQLite. `stored` objects are put into its table before it starts."""
    environment = os.environ | {"BENCH_OPENTAXII": str(folder), "BENCH_STORED": str(stored)}
    setting_up = (sys.executable, "-m", "bench.peer_opentaxii")
    subprocess.run(setting_up, env=environment, check=True, cwd=ROOT)
    place = (folder / "place").read_text()
    environment |= {"OPENTAXII_CONFIG": str(folder / "config.yml")}
    command = (*GRANIAN, "--port", str(port), "opentaxii.http:app")
    with _process(command, environment) as pid:
        server = TaxiiServer(
            "OpenTAXII", port, place, place, "", pid, answers_500_after_commit=True
        )
        _wait_for(server)
        yield server


@contextlib.contextmanager
def _process(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[int]:
    """A server process, ended with all it started."""
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait_for(server: TaxiiServer) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.connect().get("limit=1")
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
