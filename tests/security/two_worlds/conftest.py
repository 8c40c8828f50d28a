"""What every pair of worlds is born of; one for each process of tests."""

import os
from collections.abc import Iterator

import pytest

from tests.databases import another_database
from tests.security.two_worlds.worlds import Origin


@pytest.fixture(scope="session")
def origin(tmp_path_factory) -> Iterator[Origin]:
    with another_database(f"origin_{os.getpid()}") as database:
        made = Origin(tmp_path_factory.mktemp("worlds") / "origin", database)
        yield made
        made.end()
