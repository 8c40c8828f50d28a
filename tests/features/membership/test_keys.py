"""Keys of machines."""

from datetime import timedelta

import pytest

from minga.core.problems import Forbidden, Invalid, NotFound
from minga.features.membership import services
from minga.store import world
from minga.store.journal.models import Entry
from minga.store.people import credentials
from minga.store.people.actors import Actor
from tests import factories

pytestmark = pytest.mark.django_db


def operator() -> Actor:
    return Actor(organisation=factories.hub())


def test_a_key_reads_for_its_organisation_and_shares_only_when_told_so():
    owner = factories.organisation()

    _, reading = services.create_key(owner, by=operator(), name="poller")
    _, sharing = services.create_key(owner, by=operator(), name="feeder", can_share=True)

    assert credentials.actor_of_key(reading).organisation == owner
    assert not credentials.actor_of_key(reading).powers
    assert credentials.actor_of_key(sharing).powers == {"share"}


def test_a_key_lasts_ninety_days_unless_told_otherwise():
    key, _ = services.create_key(factories.organisation(), by=operator(), name="poller")

    assert timedelta(days=89) < key.expires_at - world.now() <= timedelta(days=90)


def test_the_secret_stands_in_no_row_and_no_journal():
    key, secret = services.create_key(factories.organisation(), by=operator(), name="poller")

    entry = Entry.objects.get(action="key-created")
    assert entry.subject == key.locator
    assert secret not in str(vars(key)) + str(vars(entry))


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_a_number_of_days_outside_the_limits_is_refused(days):
    with pytest.raises(Invalid, match=f"days is {days}"):
        services.create_key(factories.organisation(), by=operator(), name="k", days=days)


def test_a_counterpart_makes_keys_of_his_own_organisation_only():
    factories.hub()
    counterpart, other = factories.member(role="counterpart"), factories.organisation()

    services.create_key(counterpart.organisation, by=counterpart, name="mine", can_share=True)
    with pytest.raises(Forbidden):
        services.create_key(other, by=counterpart, name="theirs")


@pytest.mark.parametrize("role", ["reader", "director", "analyst"])
def test_who_does_not_administer_makes_no_keys(role):
    factories.hub()
    person = factories.member(role=role)

    with pytest.raises(Forbidden):
        services.create_key(person.organisation, by=person, name="k")


def test_a_key_makes_no_keys():
    factories.hub()
    key, _ = factories.key_of()

    with pytest.raises(Forbidden):
        services.create_key(key.organisation, by=key, name="child")


def test_a_revoked_key_opens_nothing():
    key, secret = services.create_key(factories.organisation(), by=operator(), name="poller")

    services.revoke_key(key.locator, by=operator())

    assert credentials.actor_of_key(secret) is None


def test_somebody_elses_key_does_not_exist():
    factories.hub()
    counterpart = factories.member(role="counterpart")
    theirs, secret = factories.key_of()

    with pytest.raises(NotFound):
        services.revoke_key(theirs.key.locator, by=counterpart)
    assert credentials.actor_of_key(secret) is not None
