"""What an organisation gave and received, and what it committed to do."""

from datetime import UTC, datetime

import pytest

from minga.core.policy import Audience, Tlp
from minga.features.membership import queries, services
from minga.store import world
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from tests import factories
from tests.features.exchange.browsing import share, signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
EVERYBODY = Audience(Tlp.GREEN, everyone=True)


class Later(world.World):
    """A clock that stands where it is told to."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at


@pytest.fixture
def at():
    """Lets the clock stand at an instant, given in UTC."""
    before = []

    def stand(*parts):
        before.append(world.replace(Later(datetime(*parts, tzinfo=UTC))))

    yield stand
    for each in reversed(before):
        world.replace(each)


def counts(reader):
    return [(m.given, m.received) for m in queries.given_and_received(reader=reader)]


def test_only_what_one_may_read_is_counted(at):
    at(2026, 11, 23, 12)
    ours, theirs, third = (factories.member() for _ in range(3))
    share(ours, audience=EVERYBODY)
    share(theirs, audience=EVERYBODY)
    share(theirs, audience=Audience(Tlp.AMBER, organisations=frozenset({third.organisation.pk})))

    assert counts(ours.reader) == [(0, 0)] * 11 + [(1, 1)]
    assert counts(third.reader) == [(0, 0)] * 11 + [(0, 3)]


def test_a_month_is_the_hubs_and_a_year_back_is_over(at):
    ours = factories.member()
    at(2025, 11, 30, 12)
    share(ours, audience=EVERYBODY)
    at(2026, 11, 1, 1)  # still October in Santiago
    share(ours, audience=EVERYBODY)
    at(2026, 11, 23, 12)

    months = queries.given_and_received(reader=ours.reader)

    assert [(m.first.isoformat(), m.given) for m in months[-3:]] == [
        ("2026-09-01", 0), ("2026-10-01", 1), ("2026-11-01", 0),
    ]  # fmt: skip
    assert sum(m.given for m in months) == 1
    assert months[0].first.isoformat() == "2025-12-01"


def test_what_was_withdrawn_counts_no_more(at):
    at(2026, 11, 23, 12)
    ours, theirs = factories.member(), factories.member()
    share(theirs, audience=EVERYBODY)
    Contribution.objects.update(withdrawn_at=world.now())

    assert counts(ours.reader)[-1] == (0, 0)


@pytest.fixture
def signed():
    """A counterpart of a member that signed, and the operator."""
    operator = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=operator)
    services.put_in_force(1, by=operator)
    counterpart = factories.member(role="counterpart")
    services.record_paper(counterpart.organisation, None, by=operator, reference="acta")
    return counterpart


def test_the_page_says_what_was_given_and_what_is_owed(signed):
    share(signed, audience=EVERYBODY)

    said = words(signed_in(signed).get("/agreement/"))

    assert "Compartimos 1 aporte" in said
    assert "Todavía no hay nadie designado" in said
    assert "Designar" in said


def test_who_has_not_signed_owes_nothing_yet(signed):
    unsigned = factories.member(
        factories.organisation(granted="", reads_up_to=-1), role="counterpart"
    )

    said = words(signed_in(unsigned).get("/agreement/"))

    assert "Dar y recibir" not in said
    assert "Lo que nos comprometimos" not in said
