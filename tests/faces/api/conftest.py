"""A hub with a member who shares and a member who reads, each with a key."""

from types import SimpleNamespace

import pytest

from tests import factories
from tests.faces.api.conversation import Caller


@pytest.fixture
def hub(db):
    return factories.hub()


@pytest.fixture
def two(hub):
    """A sharer and a reader, as actors and as callers, and a circle in which both sit."""
    sharer, sharer_key = factories.key_of()
    reader, reader_key = factories.key_of(can_share=False)
    return SimpleNamespace(
        sharer=sharer,
        reader=reader,
        sharing=Caller(sharer_key),
        reading=Caller(reader_key),
        circle=factories.circle(sharer.organisation, reader.organisation),
    )
