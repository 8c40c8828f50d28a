"""A town for each module, in a transaction that is taken back at its end."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.security.doors.rows import Row, everything
from tests.security.doors.things import Things, things_of
from tests.security.doors.town import Town
from tests.web.setting_up import collected_static_files

__all__ = ["collected_static_files"]


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def things(town) -> Things:
    return things_of(town)


@pytest.fixture(scope="module")
def before(things) -> dict[Row, tuple]:
    """Every row as the town begins."""
    return everything()
