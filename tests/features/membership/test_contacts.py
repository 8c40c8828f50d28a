"""Counterpart and deputy: named, shown to whom the organisation chose, confirmed every quarter."""

from datetime import timedelta

import pytest

from minga.core.problems import Forbidden, Invalid
from minga.features.membership import queries, services
from minga.features.membership.services import Contacts, Profile
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
PHONE = "+1 202 555 0101"


@pytest.fixture
def ana():
    factories.hub()
    return factories.member(role="counterpart", name="Ana")


def named(ana, **fields):
    return services.name_contacts(
        ana.organisation.slug, Contacts(ana.person.uuid, PHONE, **fields), by=ana
    )


def seen_by(actor, ana):
    return queries.member(ana.organisation.slug, reader=actor.reader)


def test_whom_others_reach_is_shown_to_whom_the_organisation_chose(ana):
    luis = factories.person(ana.organisation, name="Luis")
    other = factories.member()
    named(ana, deputy=luis.uuid, deputy_phone="+1 202 555 0102")

    assert seen_by(other, ana).reachable == ()
    assert seen_by(other, ana).is_confirmed is None
    services.describe_organisation(ana.organisation.slug, Profile(shows_contact="members"), by=ana)

    told = seen_by(other, ana)
    assert [(each.name, each.is_deputy) for each in told.reachable] == [
        ("Ana", False), ("Luis", True),
    ]  # fmt: skip
    assert told.is_confirmed


@pytest.mark.parametrize(("days", "due", "confirmed"), [
    (0, False, True), (77, False, True), (79, True, True), (93, True, False),
])  # fmt: skip
def test_they_are_asked_for_and_then_unconfirmed_after_a_quarter(ana, days, due, confirmed):
    named(ana)
    at = world.now() - timedelta(days=days)
    Organisation.objects.update(contacts_confirmed_at=at)

    told = seen_by(ana, ana)
    assert (told.is_due, told.is_confirmed) == (due, confirmed)
    services.confirm_contacts(ana.organisation.slug, by=ana)
    assert seen_by(ana, ana).is_confirmed


def test_a_counterpart_who_may_no_longer_enter_is_nobody_to_reach(ana):
    named(ana)
    hub = Actor(factories.hub())
    services.deactivate_person(ana.person.email, by=hub)

    told = seen_by(hub, ana)

    assert (told.reachable, told.is_confirmed) == ((), False)
    with pytest.raises(Invalid, match="name one"):
        services.confirm_contacts(ana.organisation.slug, by=hub)


def test_who_does_not_act_for_it_is_refused_and_so_is_one_person_twice(ana):
    stranger = factories.person()
    for contacts in (
        Contacts(stranger.uuid, PHONE),
        Contacts(ana.person.uuid, "12"),
        Contacts(ana.person.uuid, PHONE, ana.person.uuid, PHONE),
        Contacts(ana.person.uuid, PHONE, factories.person(ana.organisation).uuid, ""),
    ):
        with pytest.raises(Invalid):
            services.name_contacts(ana.organisation.slug, contacts, by=ana)


def test_only_who_administers_it_names_and_confirms(ana):
    named(ana)
    for by in (factories.member(ana.organisation), factories.member(role="counterpart")):
        with pytest.raises(Forbidden):
            services.confirm_contacts(ana.organisation.slug, by=by)
        with pytest.raises(Forbidden):
            services.name_contacts(ana.organisation.slug, Contacts(ana.person.uuid, PHONE), by=by)


def test_the_pages_name_remind_and_confirm(ana):
    browser = signed_in(ana, "en")
    page = f"/members/{ana.organisation.slug}/"
    assert "Unconfirmed" in words(browser.get(page))
    browser.post("/organisation/contacts/confirm")
    said = {"counterpart": str(ana.person.uuid), "phone": "12", "deputy": "", "deputy_phone": ""}
    assert browser.post("/organisation/contacts", said).status_code == 422

    told = words(browser.post("/organisation/contacts", said | {"phone": PHONE}, follow=True))

    assert "Confirmed this quarter" in told
    assert PHONE in told
    Organisation.objects.update(contacts_confirmed_at=world.now() - timedelta(days=100))
    assert "still hold?" in words(browser.get(page))
    browser.post("/organisation/contacts/confirm")
    assert "Confirmed this quarter" in words(browser.get(page))
