"""A pytest plugin: a state folder of its own for every test process, and the languages compiled.

Both before Django looks: it reads its settings once, and a catalogue that is missing stays missing.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="minga-tests-")
os.environ["MINGA_HOME"] = _home
(Path(_home) / "static").mkdir()
atexit.register(shutil.rmtree, _home, ignore_errors=True)

from minga.web import languages  # noqa: E402 - after the folder has its name

languages.compile_catalogues()
