"""GET /api/v1/agreement: which door is open by which clause."""

import pytest

from minga.core.policy import NOTHING
from minga.features.membership import services
from minga.store.people.actors import Actor
from tests import factories
from tests.faces.api.conversation import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


def test_it_says_what_is_open_by_which_signature_and_what_is_not(operator):
    member = factories.organisation(granted="", reads_up_to=NOTHING)
    services.record_paper(member, set(range(1, 17)) - {4, 12}, by=operator, reference="acta")
    _, secret = factories.key_of(member)

    found = Caller(secret).get("agreement").json()

    assert (found["version"], found["signed_version"]) == (1, 1)
    assert (found["powers"], found["reads_up_to"]) == (["share"], "TLP:GREEN")
    third, fourth = found["clauses"][2:4]
    assert (third["signature"]["level"], third["signature"]["version"]) == ("paper", 1)
    assert (fourth["optional"], fourth["reads_up_to"]) == (True, "TLP:RED")
    assert fourth["signature"] is None
    assert len(fourth["text"]) > 100


def test_who_signed_nothing_reads_the_text_all_the_same(operator):
    member = factories.organisation(granted="", reads_up_to=NOTHING)
    _, secret = factories.key_of(member)

    found = Caller(secret).get("agreement").json()

    assert (found["signed_version"], found["powers"], found["reads_up_to"]) == (None, [], None)
    assert {clause["signature"] for clause in found["clauses"]} == {None}


def test_without_an_agreement_there_is_none():
    factories.hub()
    _, secret = factories.key_of()

    assert Caller(secret).get("agreement").status_code == 404
