"""What who leaves received: stated while it leaves, kept after, and certified."""

import json
import re

import pytest

from minga.core.policy import NOTHING, Audience, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.exchange.queries import contributions
from minga.features.membership import jobs, queries, services
from minga.features.membership.models import Certificate, ReturnLink, Statement
from minga.features.membership.services import Declaration
from minga.store import world
from minga.store.audiences.models import Seat
from minga.store.people.actors import Actor
from minga.store.people.models import Departure, Organisation
from tests import factories
from tests.features.exchange.browsing import only, share, signed_in
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.documents.reading import verdict, words_of
from tests.features.membership.test_agreement import ALL

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
DESTROYED = Declaration("destroyed", "Ana Soto", capacity="Gerenta general")
SIGNED = {"outcome": "destroyed", "signer": "Ana Soto", "capacity": "", "agrees": "on"}


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


@pytest.fixture
def director(operator):
    """Of an organisation that has announced that it leaves."""
    invited = factories.organisation("Banco Nuevo", granted="", reads_up_to=NOTHING)
    director = Actor(invited, person=factories.person(invited, role="director", name="Ana Soto"))
    services.sign(ALL, by=director)
    services.announce_leaving(by=director)
    return again(director)


@pytest.fixture
def others(director):
    """What others shared: with everybody, with it, with one of its people, with somebody else."""
    sharer, outsider = factories.member(), factories.member()
    everyone = share(sharer, title="Para todos", audience=Audience(Tlp.GREEN, everyone=True))
    named = share(sharer, title="Para el banco", audience=only(director, tlp=Tlp.RED))
    person = Audience(Tlp.RED, people=frozenset({director.person.pk}))
    share(sharer, title="Para Ana", audience=person)
    share(sharer, title="Para otro", audience=only(outsider))
    return {everyone.title, named.title}


def again(actor):
    return Actor(Organisation.objects.get(pk=actor.organisation.pk), person=actor.person)


def leaves(director, operator):
    services.leave_organisation(director.organisation.slug, by=operator)
    return Departure.objects.get(organisation=director.organisation)


def test_the_statement_names_what_others_shared_with_the_organisation_and_nothing_else(
    director, others
):
    share(factories.member(director.organisation), title="Lo propio")

    lines = list(queries.holding_lines(reader=director.reader))

    assert {line.title for line in lines} == others
    assert {(line.tlp, line.title) for line in lines} == {
        ("TLP:GREEN", "Para todos"), ("TLP:RED", "Para el banco"),
    }  # fmt: skip
    totals = queries.holdings(reader=director.reader).totals
    assert [(each.tlp, each.contributions) for each in totals] == [(Tlp.RED, 1), (Tlp.GREEN, 1)]


def test_who_came_late_holds_also_what_was_there_before_for_it_reads_that_too(director, operator):
    """`since` says what pollers meet as new. On pages a seat opens all that its audience has."""
    sharer = factories.member()
    circle = services.create_circle("Mesa", by=operator, steward=sharer.organisation)
    inside = Audience(Tlp.AMBER, circles=frozenset({circle.pk}))
    sharer = again(sharer)
    share(sharer, title="De antes", audience=inside)
    _, secret = factories.key_of(director.organisation)
    factories.enter(secret)
    assert not list(queries.holding_lines(reader=director.reader))

    services.admit_to_circle(circle.slug, by=operator, organisation=director.organisation)
    share(sharer, title="De ahora", audience=inside)

    seats = Seat.objects.filter(organisation=director.organisation, audience__circles=circle)
    assert all(seat.since > 0 for seat in seats)
    read = {each.title for each in contributions(reader=again(director).reader)}
    held = {line.title for line in queries.holding_lines(reader=again(director).reader)}
    assert held == read == {"De antes", "De ahora"}


def test_there_is_a_statement_only_for_who_leaves(operator, director, others):
    services.stay(by=director)

    with pytest.raises(NotFound, match="has not announced"):
        queries.holdings(reader=again(director).reader)
    assert signed_in(again(director)).get("/agreement/holdings").status_code == 404


def test_the_same_lines_are_kept_when_it_has_left(director, operator, others):
    before = list(queries.holding_lines(reader=director.reader))
    departure = leaves(director, operator)

    assert jobs.keep_statement.call(departure=str(departure.uuid))
    assert not jobs.keep_statement.call(departure=str(departure.uuid))

    statement = Statement.objects.get(departure=departure)
    kept = queries.kept_lines(statement, reader=Actor(director.organisation).reader)
    assert [json.loads(line) for line in kept.splitlines()] == [
        {name: getattr(line, name) for name in line.__slots__} for line in before
    ]
    with pytest.raises(NotFound):
        queries.kept_lines(statement, reader=operator.reader)


def test_the_kept_statement_is_a_sealed_document_with_the_digest_of_the_lines(
    director, operator, others, tmp_path
):
    departure = leaves(director, operator)
    jobs.keep_statement.call(departure=str(departure.uuid))

    statement = Statement.objects.get(departure=departure)
    pdf = bytes(statement.document.content)
    assert verdict(pdf).intact
    said = words_of(pdf, tmp_path)
    assert statement.lines in said.replace(" ", "")
    assert "Banco Nuevo" in said


def test_it_certifies_while_it_can_enter_once(director, others, tmp_path):
    browser = signed_in(director, "en")
    assert "Para el banco" in browser.get("/agreement/holdings.csv").getvalue().decode()
    assert "TLP:RED" in browser.get("/agreement/holdings").content.decode()

    answer = browser.post("/agreement/certificate", SIGNED, follow=True)

    assert "Certified" in answer.content.decode()
    certificate = Certificate.objects.get()
    assert (certificate.way, certificate.signer) == ("simple", "Ana Soto")
    pdf = browser.get("/agreement/certificate.pdf").content
    assert verdict(pdf).intact
    assert "Ana Soto" in words_of(pdf, tmp_path)
    again_ = browser.post("/agreement/certificate", SIGNED)
    assert again_.status_code == 422


@pytest.mark.parametrize(
    "said", [{"outcome": ""}, SIGNED | {"outcome": "lost"}, SIGNED | {"agrees": ""}]
)
def test_a_certificate_that_says_nothing_is_shown_again(director, said):
    answer = signed_in(director, "en").post("/agreement/certificate", said)

    assert answer.status_code == 422
    assert not Certificate.objects.exists()


def test_who_may_not_sign_neither_reads_the_statement_nor_certifies(director):
    analyst = Actor(director.organisation, person=factories.person(director.organisation))
    browser = signed_in(analyst)

    for path in ("holdings", "holdings.csv", "holdings.jsonl", "certificate", "certificate.pdf"):
        assert browser.get(f"/agreement/{path}").status_code == 403
    with pytest.raises(Forbidden):
        services.sign_certificate(DESTROYED, by=analyst)


def test_after_it_left_a_link_opens_its_statement_and_certificate_and_nothing_else(
    director, operator, others, client
):
    departure = leaves(director, operator)
    jobs.keep_statement.call(departure=str(departure.uuid))
    token = services.create_return_link(director.organisation.slug, by=operator)
    path = f"/return/{token}/"

    assert "Banco Nuevo" in client.get(path).content.decode()
    lines = b"".join(client.get(f"{path}holdings.jsonl").streaming_content)
    assert {json.loads(line)["title"] for line in lines.splitlines()} == others
    assert client.get(f"{path}statement.pdf").content.startswith(b"%PDF")
    assert client.get(f"{path}certificate.pdf").status_code == 404
    assert client.post(path, SIGNED).status_code == 303
    assert client.get(f"{path}certificate.pdf").content.startswith(b"%PDF")
    assert Certificate.objects.get().way == "link"
    assert client.post(path, SIGNED).status_code == 422
    assert client.get("/agreement/").status_code == 303


@pytest.mark.parametrize("end", ["another link", "time", "somebody else"])
def test_a_link_that_is_over_is_not_there(director, operator, client, end):
    leaves(director, operator)
    token = services.create_return_link(director.organisation.slug, by=operator)
    if end == "another link":
        services.create_return_link(director.organisation.slug, by=operator)
    if end == "time":
        ReturnLink.objects.update(expires_at=world.now())
    if end == "somebody else":
        token = token[::-1]

    for path in ("", "statement.pdf", "holdings.jsonl", "certificate.pdf"):
        assert client.get(f"/return/{token}/{path}").status_code == 404
    with pytest.raises(NotFound):
        services.sign_by_link(token, DESTROYED, by=Actor(director.organisation))


def test_a_link_signs_for_its_own_organisation_alone(director, operator):
    leaves(director, operator)
    token = services.create_return_link(director.organisation.slug, by=operator)

    with pytest.raises(NotFound):
        services.sign_by_link(token, DESTROYED, by=Actor(factories.organisation()))


def test_there_is_a_link_only_for_who_has_left_and_only_the_hub_makes_it(director, operator):
    with pytest.raises(NotFound, match="has left"):
        services.create_return_link(director.organisation.slug, by=operator)
    leaves(director, operator)
    with pytest.raises(Forbidden):
        services.create_return_link(director.organisation.slug, by=factories.member())


def test_the_hub_notes_a_paper_and_sees_what_is_outstanding(director, operator):
    departure = leaves(director, operator)
    administrator = factories.person(operator.organisation, role="administrator")
    browser = signed_in(Actor(operator.organisation, person=administrator), "en")
    page = f"/departures/{departure.uuid}/"
    assert re.search("Due by", browser.get("/departures/").content.decode())
    assert "/return/" in browser.post(f"{page}link").content.decode()

    assert browser.post(page, {"outcome": "returned", "signer": "Ana"}).status_code == 422
    paper = {"outcome": "returned", "signer": "Ana Soto", "reference": "Of. 12"}
    told = browser.post(page, paper, follow=True).content.decode()

    assert "Returned to who shared it" in told
    assert "Of. 12" in told
    assert browser.get(f"{page}certificate.pdf").content.startswith(b"%PDF")
    with pytest.raises(Conflict):
        services.record_certificate(
            director.organisation.slug, Declaration("returned", "Ana", reference="x"), by=operator
        )


def test_a_paper_that_nobody_can_find_is_refused(director, operator):
    leaves(director, operator)

    with pytest.raises(Invalid, match="where the paper is"):
        services.record_certificate(director.organisation.slug, DESTROYED, by=operator)


def test_the_hub_follows_how_many_contributions_have_met_their_fate(director, operator):
    share(factories.member(director.organisation))
    departure = leaves(director, operator)
    Departure.objects.filter(pk=departure.pk).update(fate="withdraw", settled_at=None)
    administrator = factories.person(operator.organisation, role="administrator")

    page = signed_in(Actor(operator.organisation, person=administrator), "en").get("/departures/")

    assert "0 of 1 done" in page.content.decode()
