"""medallion as a WSGI application, set up by the file that BENCH_MEDALLION names."""

import json
import os
from pathlib import Path

from medallion import application_instance, register_blueprints, set_config

configuration = json.loads(Path(os.environ["BENCH_MEDALLION"]).read_text())
for part in ("users", "taxii", "backend"):
    set_config(application_instance, part, configuration)
register_blueprints(application_instance)
app = application_instance
