"""The list: what the reader may see, newest first, narrowed by its address."""

from datetime import timedelta

import pytest

from minga.core.policy import Tlp
from minga.features.exchange import services
from minga.features.exchange.pages import listing
from minga.store import world
from minga.store.objects.models import Contribution
from tests import factories
from tests.features.exchange.browsing import everyone, member, only, share, signed_in, words

pytestmark = pytest.mark.django_db
Kind = Contribution.Kind


@pytest.fixture
def ana():
    factories.organisation("CSIRT Nacional", role="hub")
    return member("Banco Ejemplo")


class Ticking(world.World):
    """A clock that moves a minute at every look."""

    def __init__(self):
        self.instant = world.now()

    def now(self):
        self.instant += timedelta(minutes=1)
        return self.instant


@pytest.fixture
def ticking():
    before = world.replace(Ticking())
    yield
    world.replace(before)


def test_the_list_shows_what_is_addressed_to_the_reader_and_nothing_else(ana):
    other, third = member("Telecom Muestra"), member()
    share(other, title="Para todos")
    share(other, title="Solo para Banco", audience=only(ana))
    share(other, title="Secreto ajeno", audience=only(third))

    said = words(signed_in(ana).get("/alerts/"))

    assert "Para todos" in said
    assert "Solo para Banco" in said
    assert "Secreto ajeno" not in said
    assert "Todas 2" in said


def test_a_row_says_that_its_author_withdrew_it(ana):
    other = member("Telecom Muestra")
    share(other, title="Sigue en pie")
    ended = share(other, title="Ya no vale")
    assert "Se retiró" not in words(signed_in(ana).get("/alerts/"))

    services.revoke(ended.root_id, by=other)

    rows = signed_in(ana).get("/alerts/").content.decode().split("<tr>")[2:]
    marked = {"Sigue en pie" in row: "Se retiró" in row for row in rows}
    assert marked == {True: False, False: True}


def test_counts_labels_and_cursors_tell_nothing_of_what_is_out_of_sight(ana):
    other = member()
    for number in range(3):
        share(other, title=f"Para todos {number}")
    before = signed_in(ana).get("/alerts/")
    share(other, title="Secreto", audience=only(member(), tlp=Tlp.RED))
    after = signed_in(ana).get("/alerts/")

    assert words(before) == words(after)


def test_views_narrow_by_kind_and_chips_by_label(ana):
    other = member()
    share(other, title="Alerta verde", audience=everyone(Tlp.GREEN))
    share(other, title="Amenaza verde", kind=Kind.THREAT, audience=everyone(Tlp.GREEN))
    share(other, title="Amenaza ámbar", kind=Kind.THREAT)
    client = signed_in(ana)

    def titles(query):
        said = words(client.get(f"/alerts/{query}"))
        return {t for t in ("Alerta verde", "Amenaza verde", "Amenaza ámbar") if t in said}

    assert titles("?kind=threat") == {"Amenaza verde", "Amenaza ámbar"}
    assert titles("?tlp=green") == {"Alerta verde", "Amenaza verde"}
    assert titles("?kind=threat&tlp=green") == {"Amenaza verde"}
    assert titles("?text=AMBAR") == {"Amenaza ámbar"}
    assert titles("?kind=nonsense&tlp=x") == {"Alerta verde", "Amenaza verde", "Amenaza ámbar"}


def test_one_can_list_ones_own(ana):
    share(ana, title="Mía")
    share(member(), title="De otra")

    said = words(signed_in(ana).get("/alerts/?own=1"))

    assert "Mía" in said
    assert "De otra" not in said


def test_an_empty_list_says_which_filter_hides_everything(ana):
    share(member(), title="Algo")
    client = signed_in(ana)

    assert "tiene «nada de esto»" in words(client.get("/alerts/?text=nada+de+esto"))
    assert "Aún no te han compartido nada" not in words(client.get("/alerts/?tlp=red"))


def test_before_anything_is_shared_the_list_says_so(ana):
    assert "Aún no te han compartido nada" in words(signed_in(ana).get("/alerts/"))


def test_pages_follow_each_other_without_a_gap_or_a_double(ana, ticking, monkeypatch):
    monkeypatch.setattr(listing, "ROWS", 3)
    other = member()
    shared = [share(other, title=f"Número {n:02}").title for n in range(8)]
    client, path, seen = signed_in(ana), "/alerts/", []

    while path:
        answer = client.get(path)
        seen += [row.title for row, _speaker, _is_withdrawn in answer.context["rows"]]
        path = "/alerts/" + answer.context["next"] if answer.context["next"] else ""

    assert seen == shared[::-1]


def test_contributions_of_one_instant_stay_together(ana, monkeypatch):
    class Frozen(world.World):
        instant = world.now()

        def now(self):
            return self.instant

    monkeypatch.setattr(listing, "ROWS", 2)
    other = member()
    before = world.replace(Frozen())
    try:
        for n in range(5):
            share(other, title=f"Número {n}")
    finally:
        world.replace(before)

    answer = signed_in(ana).get("/alerts/")

    assert len(answer.context["rows"]) == 5
    assert not answer.context["next"]


def test_a_cursor_of_somebody_else_or_altered_is_refused(ana, ticking, monkeypatch):
    monkeypatch.setattr(listing, "ROWS", 1)
    other = member()
    share(other)
    share(other)
    cursor = signed_in(ana).get("/alerts/").context["next"]

    assert signed_in(other).get(f"/alerts/{cursor}").status_code == 400
    assert signed_in(ana).get("/alerts/?next=AAAA").status_code == 400
    assert signed_in(ana).get(f"/alerts/{cursor}&tlp=green").status_code == 400


def test_the_bar_says_the_strictest_label_of_the_page(ana):
    other = member()
    share(other, audience=everyone(Tlp.GREEN))
    client = signed_in(ana)
    assert words(client.get("/alerts/")).count("Hasta") == 0

    share(other, audience=only(ana, tlp=Tlp.RED))

    assert "Hasta TLP:RED" in words(client.get("/alerts/"))


def test_a_member_vouched_for_by_the_hub_is_not_named_to_others(ana):
    clinic = member("Clínica Modelo")
    share(clinic, title="Cifrado", attribution=Contribution.Attribution.HUB)

    assert "Clínica Modelo" not in words(signed_in(ana).get("/alerts/"))
    assert "CSIRT Nacional" in words(signed_in(ana).get("/alerts/"))
    assert words(signed_in(clinic).get("/alerts/")).count("Clínica Modelo") > 1


def test_the_list_speaks_english_too(ana):
    said = words(signed_in(ana, language="en").get("/alerts/"))

    assert "Nothing has been shared with you yet" in said


def test_a_list_takes_the_same_number_of_queries_however_long_it_is(
    ana, django_assert_max_num_queries
):
    other = member()
    for n in range(15):
        share(other, title=f"Número {n}", text="")
    client = signed_in(ana)

    with django_assert_max_num_queries(16):
        client.get("/alerts/")
