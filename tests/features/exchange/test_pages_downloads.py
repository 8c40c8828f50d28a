"""What a page offers as a table is there, and says the same."""

import re
from html import unescape

import pytest

from minga.core.policy import Tlp
from minga.store.objects.models import Contribution
from tests import factories
from tests.features.exchange.browsing import everyone, member, page, share, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    factories.organisation("CSIRT Nacional", role="hub")
    return member("Banco Ejemplo")


def table_of(client, path):
    """The rows of the table that the page at this path offers."""
    (address,) = re.findall(r'href="(/api[^"]*\.csv[^"]*)"', client.get(path).content.decode())
    answer = client.get(unescape(address))
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/csv")
    return answer.content.decode().splitlines()


@pytest.mark.parametrize(
    "query", ["", "?kind=alert", "?tlp=amber", "?text=portal", "?own=1&kind=alert&tlp=amber"]
)
def test_the_list_comes_as_a_table_with_its_filters(ana, query):
    share(ana, title="SMS que imita el portal")
    share(member(), title="Otra cosa", kind=Contribution.Kind.THREAT, audience=everyone(Tlp.GREEN))
    client = signed_in(ana)
    shown = len(client.get(f"/alerts/{query}").context["rows"])

    assert len(table_of(client, f"/alerts/{query}")) == 1 + shown
    assert shown == (1 if query else 2)


def test_a_contribution_comes_as_a_table_of_what_it_carries(ana):
    made = share(ana)

    rows = table_of(signed_in(ana), page(made))

    assert sum("indicator--" in row.split(",")[0] for row in rows) == 3


def test_answers_come_as_a_table(ana):
    share(ana)

    rows = table_of(signed_in(ana), "/lookup?q=198.51.100.23%0A203.0.113.9")

    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["198.51.100.23", "known"],
        ["203.0.113.9", "unknown"],
    ]


def test_too_many_answers_for_an_address_are_not_offered_as_one(ana):
    many = "\n".join(f"host{n}.evil.example" for n in range(101))

    answer = signed_in(ana).post("/lookup", {"q": many})

    assert ".csv" not in answer.content.decode()
