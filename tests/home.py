"""A pytest plugin that gives every test process a state folder of its own, before Django looks."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="minga-tests-")
os.environ["MINGA_HOME"] = _home
(Path(_home) / "static").mkdir()
atexit.register(shutil.rmtree, _home, ignore_errors=True)
