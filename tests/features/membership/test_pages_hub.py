"""Pages on which the hub makes organisations and circles."""

import pytest

from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.test_admissions import counterpart

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    hub = factories.hub()
    return Actor(hub, person=factories.person(hub, role="administrator"))


def test_the_hub_makes_a_circle_on_a_page(administrator):
    plant = counterpart(sector="energy")
    browser = signed_in(administrator, "en")
    said = {"name": "Energía", "steward": administrator.organisation.slug, "way": "rule"}

    assert browser.post("/circles/new", said).status_code == 422
    told = browser.post("/circles/new", said | {"sectors": ["energy"]}, follow=True)

    assert plant.organisation.name in words(told)
    changed = browser.post("/circles/energia/joining", {"way": "vote", "is_listed": "on"})
    assert changed.status_code == 303
    assert "Energía" in words(signed_in(counterpart(), "en").get("/circles/"))


def test_the_hub_invites_an_organisation_with_its_first_person(administrator):
    browser = signed_in(administrator, "en")
    said = {
        "organisation": "Puerto Sur", "rut": "76.086.428-5", "foreign_id": "", "sector": "",
        "region": "VS", "name": "Ana", "email": "ana@puerto.example", "role": "counterpart",
        "language": "es",
    }  # fmt: skip
    for wrong in ({"rut": "76.086.428-6"}, {"foreign_id": "nada"}, {"email": "no"}):
        assert browser.post("/members/new", said | wrong).status_code == 422
    assert not Organisation.objects.filter(name="Puerto Sur").exists()

    told = browser.post("/members/new", said)

    assert told.status_code == 201
    assert "/sign-in/" in words(told)
    assert Organisation.objects.get(slug="puerto-sur").rut == "76086428-5"
    assert browser.post("/members/new", said).status_code == 422


def test_hub_pages_are_closed_to_others_of_the_hub_and_hidden_from_members(administrator):
    analyst = Actor(administrator.organisation, person=factories.person(administrator.organisation))
    for path in ("/members/new", "/circles/new"):
        assert signed_in(analyst).get(path).status_code == 403
        assert signed_in(counterpart()).get(path).status_code == 404
