"""Starting again when the code changes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = """
import sys
from pathlib import Path
from minga.faces.cli import reloading
reloading.PACKAGE, log = Path(sys.argv[1]), sys.argv[2]
program = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a')); time.sleep(60)"
reloading.run_and_reload([sys.executable, "-c", program, log])
"""


@pytest.mark.real_server
def test_a_change_starts_the_command_again_and_the_end_leaves_nobody(tmp_path):
    code, log = tmp_path / "package" / "module.py", tmp_path / "log"
    code.parent.mkdir()
    code.write_text("")
    process = subprocess.Popen([sys.executable, "-c", RUN, code.parent, log])

    first = wait_for(log, count=1)[0]
    code.write_text("changed")
    first, second = wait_for(log, count=2)
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) == 0
    assert not is_running(first)
    assert not is_running(second)


def wait_for(log, *, count):
    """The process numbers in the log, when there are that many."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        started = log.read_text().split() if log.exists() else []
        if len(started) >= count:
            return started
        time.sleep(0.1)
    raise AssertionError("the command was not started again")


def is_running(pid):
    return Path(f"/proc/{pid}").exists()
