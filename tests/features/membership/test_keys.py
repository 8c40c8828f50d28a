"""Keys of machines."""

from datetime import timedelta

import pytest

from minga.core.policy import Tlp
from minga.core.problems import Forbidden, Invalid, NotFound
from minga.features.membership import services
from minga.store import world
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.credentials import Scope
from minga.store.people.models import Key
from tests import factories

SHARING = Scope(can_share=True)
pytestmark = pytest.mark.django_db


def operator() -> Actor:
    return Actor(organisation=factories.hub())


def test_a_key_reads_for_its_organisation_and_shares_only_when_told_so():
    owner = factories.organisation()

    _, reading = services.create_key(owner, by=operator(), name="poller")
    _, sharing = services.create_key(owner, by=operator(), name="feeder", scope=SHARING)

    assert factories.enter(reading).organisation == owner
    assert not factories.enter(reading).powers
    assert factories.enter(sharing).powers == {"share"}


def test_a_key_lasts_a_year_unless_told_otherwise():
    key, _ = services.create_key(factories.organisation(), by=operator(), name="poller")

    assert timedelta(days=364) < key.expires_at - world.now() <= timedelta(days=365)


@pytest.mark.parametrize("only", Key.Door)
def test_a_key_opens_no_door_but_its_own(only):
    scope = Scope(doors=frozenset({only}))
    _, secret = services.create_key(
        factories.organisation(), by=operator(), name="poller", scope=scope
    )

    assert [door for door in Key.Door if factories.enter(secret, door=door)] == [only]


def test_a_key_without_doors_is_refused():
    with pytest.raises(Invalid, match="No door"):
        services.create_key(
            factories.organisation(), by=operator(), name="k", scope=Scope(doors=frozenset())
        )


def test_a_key_bound_to_addresses_opens_nothing_from_elsewhere():
    scope = Scope(addresses="192.0.2.0/24, 2001:db8::/32")
    key, secret = services.create_key(
        factories.organisation(), by=operator(), name="poller", scope=scope
    )

    assert key.addresses == "192.0.2.0/24 2001:db8::/32"
    for address in ("192.0.2.9", "::ffff:192.0.2.9", "2001:db8::9"):
        assert factories.enter(secret, address=address) is not None
    for address in ("192.0.3.9", "::ffff:192.0.3.9", "2001:db9::9", ""):
        assert factories.enter(secret, address=address) is None


def test_a_network_that_cannot_be_is_refused():
    with pytest.raises(Invalid, match=r"192\.0\.2\.7/24"):
        services.create_key(
            factories.organisation(), by=operator(), name="k", scope=Scope(addresses="192.0.2.7/24")
        )


def test_a_key_knows_who_made_it():
    factories.hub()
    counterpart = factories.member(role="counterpart")

    key, _ = services.create_key(counterpart.organisation, by=counterpart, name="mine")

    assert key.created_by == counterpart.person


def test_the_ceiling_of_a_key_is_its_readers():
    scope = Scope(ceiling=Tlp.GREEN)
    _, secret = services.create_key(
        factories.organisation(), by=operator(), name="poller", scope=scope
    )

    assert factories.enter(secret).reader.ceiling == Tlp.GREEN
    assert factories.enter(secret).whole_reader.ceiling == Tlp.RED


def test_who_may_not_share_makes_no_key_that_does():
    factories.hub()
    unsigned = factories.organisation(granted="")
    counterpart = factories.member(unsigned, role="counterpart")

    services.create_key(unsigned, by=counterpart, name="reads")
    with pytest.raises(Forbidden):
        services.create_key(unsigned, by=counterpart, name="shares", scope=SHARING)


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

    services.create_key(counterpart.organisation, by=counterpart, name="mine", scope=SHARING)
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

    assert factories.enter(secret) is None


def test_somebody_elses_key_does_not_exist():
    factories.hub()
    counterpart = factories.member(role="counterpart")
    theirs, secret = factories.key_of()

    with pytest.raises(NotFound):
        services.revoke_key(theirs.key.locator, by=counterpart)
    assert factories.enter(secret) is not None
