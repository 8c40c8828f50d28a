"""Leaving the agreement: announced, undone, and done when its notice is over."""

from datetime import timedelta

import pytest

from minga.core.policy import NOTHING
from minga.core.problems import Conflict, Forbidden, Invalid
from minga.features.membership import jobs, services
from minga.store import world
from minga.store.audiences.models import CircleSeat, Seat
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Departure, Organisation
from tests import factories
from tests.features.exchange.browsing import signed_in
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.test_agreement import ALL

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


@pytest.fixture
def director(operator):
    invited = factories.organisation("Banco Nuevo", granted="", reads_up_to=NOTHING)
    director = Actor(invited, person=factories.person(invited, role="director"))
    services.sign(ALL, by=director)
    return director


def again(actor):
    return Actor(Organisation.objects.get(pk=actor.organisation.pk), person=actor.person)


def test_it_takes_effect_after_the_notice_that_its_clause_says(director):
    _, secret = factories.key_of(director.organisation)

    leaving = services.announce_leaving(by=director)

    assert leaving.leaves_at - world.now() > timedelta(days=29)
    assert jobs.end_announced_memberships.call() == 0
    assert factories.enter(secret)
    Organisation.objects.filter(pk=leaving.pk).update(leaves_at=world.now())
    assert jobs.end_announced_memberships.call() == 1
    assert not factories.enter(secret)
    assert again(director).powers.isdisjoint({"share"})
    assert jobs.end_announced_memberships.call() == 0


def test_who_changes_his_mind_stays(director):
    services.announce_leaving(by=director)

    services.stay(by=again(director))

    assert again(director).organisation.leaves_at is None
    with pytest.raises(Conflict, match="has not announced"):
        services.stay(by=again(director))


def test_who_signed_nothing_owes_no_notice(operator):
    invited = factories.organisation(granted="", reads_up_to=NOTHING)
    counterpart = Actor(invited, person=factories.person(invited, role="counterpart"))

    assert services.announce_leaving(by=counterpart).left_at is not None


def test_only_who_may_sign_decides_it_and_the_hub_cannot(operator, director):
    analyst = Actor(director.organisation, person=factories.person(director.organisation))

    with pytest.raises(Forbidden):
        services.announce_leaving(by=analyst)
    with pytest.raises(Invalid):
        services.announce_leaving(by=operator)
    services.announce_leaving(by=director)
    with pytest.raises(Conflict, match="leaving already"):
        services.announce_leaving(by=director)


def test_the_page_says_when_and_what_ends_and_takes_it_back(director):
    factories.key_of(director.organisation)
    browser = signed_in(director, "en")
    page = browser.get("/agreement/leave").content.decode()
    assert "after 30 days" in page
    assert "1 key of your tools" in page

    told = browser.post("/agreement/leave", follow=True).content.decode()

    assert "Your organisation leaves the agreement on" in told
    back = browser.post("/agreement/stay", follow=True).content.decode()
    assert "Your organisation stays." in back
    assert "leaves the agreement on" not in back


def test_the_page_is_closed_to_who_may_not_sign_and_to_the_hub(operator, director):
    analyst = Actor(director.organisation, person=factories.person(director.organisation))
    manager = factories.person(operator.organisation, role="administrator")

    assert signed_in(analyst).post("/agreement/leave").status_code == 403
    assert signed_in(analyst).post("/agreement/stay").status_code == 403
    assert signed_in(Actor(operator.organisation, person=manager)).get(
        "/agreement/leave"
    ).status_code == 404  # fmt: skip
    assert again(director).organisation.leaves_at is None


def test_leaving_ends_sessions_keys_links_and_stewardship_together(director, operator):
    organisation = director.organisation
    circle = factories.circle(organisation)
    _, secret = factories.key_of(organisation)
    token = services.create_sign_in_link(director.person.email, by=operator)
    browser = signed_in(director, "en")
    assert browser.get("/agreement/").status_code == 200

    services.leave_organisation(organisation.slug, by=operator)

    assert browser.get("/agreement/").status_code == 303
    assert factories.enter(secret) is None
    assert credentials.person_of_link(token) is None
    circle.refresh_from_db()
    assert circle.steward == operator.organisation
    assert not Seat.objects.filter(organisation=organisation).exists()
    assert not CircleSeat.objects.filter(organisation=organisation).exists()


@pytest.mark.parametrize(("clause", "asks", "fate"), [
    ("stay", False, "stay"), ("stay", True, "anonymise"), ("anonymise", False, "anonymise"),
    ("withdraw", False, "withdraw"), ("withdraw", True, "withdraw"),
])  # fmt: skip
def test_what_becomes_of_what_it_shared_follows_from_the_clause(operator, clause, asks, fate):
    text = (services.agreements.SHIPPED / "model.toml").read_text("utf-8")
    text = text.replace("version = 1", "version = 2", 1)
    services.load_agreement(
        text.replace('after_exit = "stay"', f'after_exit = "{clause}"'), by=operator
    )
    services.put_in_force(2, by=operator)
    leaver = Actor(factories.organisation(granted="", reads_up_to=NOTHING))
    leaver = Actor(
        leaver.organisation, person=factories.person(leaver.organisation, role="director")
    )
    services.sign(ALL, by=leaver)

    services.announce_leaving(by=leaver, asks_anonymity=asks)
    services.leave_organisation(leaver.organisation.slug, by=operator)

    departure = Departure.objects.get(organisation=leaver.organisation)
    assert departure.fate == fate
    assert (departure.settled_at is not None) == (fate == "stay")
    assert departure.return_by - departure.left_at == timedelta(days=90)


def test_who_stays_and_leaves_later_leaves_once(director, operator):
    services.announce_leaving(by=director)
    services.stay(by=again(director))
    services.announce_leaving(by=again(director))

    services.leave_organisation(director.organisation.slug, by=operator)

    gone = Departure.objects.filter(organisation=director.organisation)
    assert gone.filter(taken_back_at=None).get().left_at
    assert gone.count() == 2
