"""Name and logo in public: the clause lets the name, and the organisation alone the logo."""

import pytest
from django.db import IntegrityError

from minga.core.problems import Conflict, Forbidden
from minga.features.membership import queries, services
from minga.features.membership.queries import Publicity
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
ALL = set(range(1, 17))
NAMES = 12


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


@pytest.fixture
def ana(operator):
    """The counterpart of a member that has signed every clause."""
    return signatory(operator, ALL)


def signatory(operator, clauses):
    member = factories.organisation(granted="")
    services.record_paper(member, clauses, by=operator, reference="acta")
    member.refresh_from_db()
    return Actor(member, person=factories.person(member, role="counterpart"))


def known(actor, *, reader=None):
    return queries.member(actor.organisation.slug, reader=(reader or actor).reader).publicity


def test_the_clause_lets_the_name_be_shown_and_the_organisation_its_logo(ana, operator):
    assert known(ana) == known(ana, reader=operator) == Publicity.NAME

    services.allow_logo(by=ana, allowed=True)
    assert known(ana) == known(ana, reader=operator) == Publicity.LOGO

    services.allow_logo(by=ana, allowed=False)
    assert known(ana) == Publicity.NAME
    said = Entry.objects.filter(action__startswith="logo-").order_by("pk")
    assert list(said.values_list("action", flat=True)) == ["logo-allowed", "logo-refused"]


def test_saying_the_same_again_changes_nothing(ana):
    services.allow_logo(by=ana, allowed=False)

    assert not Entry.objects.filter(action__startswith="logo-").exists()


def test_without_the_clause_there_is_nothing_to_allow(operator):
    ana = signatory(operator, ALL - {NAMES})

    with pytest.raises(Conflict, match="has signed no clause that lets it be named"):
        services.allow_logo(by=ana, allowed=True)
    assert known(ana, reader=operator) == Publicity.NOTHING
    with pytest.raises(IntegrityError):
        Organisation.objects.filter(pk=ana.organisation.pk).update(allows_logo=True)


def test_taking_the_clause_back_takes_the_permission_and_signing_again_does_not_revive_it(ana):
    services.allow_logo(by=ana, allowed=True)

    services.withdraw_clause(NAMES, by=ana)
    assert known(ana) == Publicity.NOTHING

    services.sign({NAMES}, by=ana, capacity="Contraparte")
    assert known(ana) == Publicity.NAME


def test_nobody_but_the_organisation_says_it(ana, operator):
    with pytest.raises(Forbidden):
        services.allow_logo(by=factories.member(ana.organisation), allowed=True)

    services.describe_organisation(
        ana.organisation.slug, services.Profile(region="RM"), by=operator
    )
    assert known(ana) == Publicity.NAME


def test_other_members_are_told_nothing_of_it(ana, operator):
    assert known(ana, reader=signatory(operator, ALL)) is None


def test_the_page_asks_the_organisation_and_shows_the_hub(ana, operator):
    browser = signed_in(ana, "en")
    assert "You signed clause 12, Publicity, names and logos" in words(
        browser.get("/organisation/")
    )

    told = words(browser.post("/organisation/logo", {"allowed": "yes"}, follow=True))
    assert "The hub may show your logo." in told
    assert "Name and logo" in told

    hub = signed_in(factories.member(operator.organisation, role="administrator"), "en")
    assert "In public Name and logo" in words(hub.get(f"/members/{ana.organisation.slug}/"))
    assert "logo allowed" in words(hub.get("/members/"))


def test_the_page_of_who_has_not_signed_the_clause_names_it_as_a_closed_door(operator):
    browser = signed_in(signatory(operator, ALL - {NAMES}), "en")

    said = words(browser.get("/organisation/"))

    assert "Clause 12, Publicity, names and logos, opens this door." in said
    assert "Allow the logo" not in said
    assert browser.post("/organisation/logo", {"allowed": "yes"}).status_code == 409
