"""Every benchmark, one after the other: `make bench`.

Each prints both sides of one sitting. MINGA_DATABASE adds PostgreSQL; `python -m bench.NAME --help`
tells what each can be asked for.
"""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("stix_parse", "patterns", "lookup", "taxii", "community")


def main() -> None:
    """Run them in processes of their own, so that none warms another's memory."""
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        subprocess.run((sys.executable, "-m", f"bench.{name}"), check=True)


if __name__ == "__main__":
    main()
