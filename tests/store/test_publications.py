"""What is shown to a reader, asked for by the objects' ids."""

import pytest
from django.db import connection

from minga.store.bulk import AT_ONCE
from minga.store.objects import queries
from tests import factories

pytestmark = pytest.mark.django_db
INDICATORS = [f"indicator--{n}" for n in range(AT_ONCE)]


def test_objects_are_found_by_their_ids_however_much_their_audience_reads():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses its way by its statistics")
    key, _ = factories.key_of()

    plan = queries.publications(reader=key.reader).filter(stix_id__in=INDICATORS).explain()

    assert "publication_of_an_object" in plan
    assert "publication_to_an_audience" not in plan
