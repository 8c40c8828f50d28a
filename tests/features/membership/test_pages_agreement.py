"""The page of the agreement: doors, open and closed, and the signature behind each."""

import pytest

from minga.core.policy import NOTHING
from minga.features.membership import queries, services
from minga.features.membership.models import Signature
from minga.store.people.actors import Actor
from minga.web import sessions
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.test_agreement import ALL, COMMON, second_version

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
WORDS = {"capacity": "Gerente general, por escritura de 2024", "agrees": "on"}


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


@pytest.fixture
def director(operator):
    invited = factories.organisation("Banco Nuevo", granted="", reads_up_to=NOTHING)
    return Actor(invited, person=factories.person(invited, role="director", name="Ana Soto"))


def text_of(client, path="/agreement/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_has_not_signed_sees_closed_doors_their_words_and_who_can_sign(director):
    analyst = Actor(director.organisation, person=factories.person(director.organisation))

    page = text_of(signed_in(analyst, "en"))

    assert "Nothing is shared with your organisation until it signs." in page
    assert page.count("Closed</span>") == 4
    assert "Clause 4, Confidentiality" in page
    assert "Ana Soto" in page
    assert "/agreement/sign" not in page


def test_signing_opens_doors_and_the_page_says_by_what(director):
    browser = signed_in(director, "en")
    assert "/agreement/sign" in text_of(browser)

    answer = browser.post("/agreement/sign", WORDS, follow=True)

    assert answer.redirect_chain == [("/agreement/", 303)]
    page = answer.content.decode()
    assert "Signed. What the clauses open is open from now on." in page
    assert "By clause 3 of version 1, signed on" in page
    assert (page.count("Open</span>"), page.count("Closed</span>")) == (2, 2)
    found = queries.adherence_of(director.organisation, reader=director.reader)
    assert found.signed.keys() == COMMON
    assert found.signed[1].capacity == WORDS["capacity"]
    assert found.signed[1].factor == "passkey"


def test_an_optional_clause_is_ticked_now_or_later(director):
    browser = signed_in(director)
    browser.post("/agreement/sign", WORDS | {"optional": ["4"]})
    browser.post("/agreement/sign", WORDS | {"optional": ["12"]})

    assert [s.clauses for s in Signature.objects.order_by("pk")] == [sorted(COMMON | {4}), [12]]
    assert browser.get("/agreement/sign").status_code == 404


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"capacity": "Gerente"}, "Tick this to sign."),
        ({"agrees": "on"}, "In what capacity you sign"),
        (WORDS | {"optional": ["3"]}, "Optional clauses"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_signed(director, said, found):
    answer = signed_in(director, "en").post("/agreement/sign", said)

    assert answer.status_code == 422
    assert found in answer.content.decode()
    assert not Signature.objects.exists()


def test_an_optional_clause_is_taken_back_on_a_page_that_says_what_closes(director):
    services.sign(ALL, by=director)
    browser = signed_in(director, "en")
    assert "/agreement/clauses/4/withdraw" in text_of(browser)
    assert "closes at once" in text_of(browser, "/agreement/clauses/4/withdraw")

    browser.post("/agreement/clauses/4/withdraw")

    found = queries.adherence_of(director.organisation, reader=director.reader)
    assert found.signed.keys() == ALL - {4}
    assert browser.get("/agreement/clauses/4/withdraw").status_code == 404
    assert browser.get("/agreement/clauses/3/withdraw").status_code == 404


@pytest.mark.parametrize("path", ["/agreement/sign", "/agreement/clauses/4/withdraw"])
def test_who_may_not_sign_is_refused_and_changes_nothing(director, path):
    services.sign(ALL, by=director)
    analyst = Actor(director.organisation, person=factories.person(director.organisation))

    answer = signed_in(analyst).post(path, WORDS)

    assert answer.status_code == 403
    assert Signature.objects.count() == 1


def test_a_new_version_waits_and_the_old_one_holds_until_a_date(operator, director):
    services.sign(COMMON, by=director)
    services.load_agreement(second_version(), by=operator)
    services.put_in_force(2, by=operator)

    page = text_of(signed_in(director, "en"))

    assert "A new version waits for you" in page
    assert "What you signed is version 1, which holds until" in page
    assert "By clause 3 of version 1" in page


def test_the_hub_sees_every_signature_and_may_sign_as_who_convenes(operator, director):
    services.sign(COMMON, by=director)
    person = factories.person(operator.organisation, role="administrator")
    manager = Actor(operator.organisation, person=person)
    before = manager.powers

    page = text_of(signed_in(manager, "en"))
    assert "Banco Nuevo" in page
    assert "it binds you and grants you nothing" in text_of(
        signed_in(manager, "en"), "/agreement/sign"
    )
    signed_in(manager).post("/agreement/sign", WORDS | {"optional": ["4", "12"]})

    operator.organisation.refresh_from_db()
    hub = Actor(operator.organisation, person=person)
    assert set(Signature.objects.get(organisation=hub.organisation).clauses) == ALL
    assert (hub.powers, hub.organisation.granted) == (before, manager.organisation.granted)
    assert hub.reader.reads_up_to == manager.reader.reads_up_to


def test_signing_asks_for_a_fresh_proof(director):
    browser = signed_in(director)
    session = browser.session
    session[sessions.PROVED_AT] = 0
    session.save()

    answer = browser.post("/agreement/sign", WORDS)

    assert answer.status_code == 403
    assert not Signature.objects.exists()


def test_another_member_learns_nothing_of_who_signed(operator, director):
    services.sign(COMMON, by=director)

    assert "Banco Nuevo" not in text_of(signed_in(factories.member()))


def test_without_an_agreement_the_page_says_so():
    factories.hub()

    assert signed_in(factories.member()).get("/agreement/").status_code == 404


def third_of_the_clauses_differ():
    return second_version().replace("notice_days = 30", "notice_days = 60", 1).replace(
        "There are no quotas and no minimums.", "Nobody counts.", 1
    )  # fmt: skip


def test_a_proposed_version_shows_what_it_changes_in_words_and_effects(operator, director):
    services.sign(COMMON, by=director)
    services.load_agreement(third_of_the_clauses_differ(), by=operator)
    browser = signed_in(director, "en")
    assert "Version 2 is proposed. See what it changes." in words(browser.get("/agreement/"))

    source = browser.get("/agreement/versions/2/")
    page = words(source)

    assert "Nobody is bound by it. Once it is in force, who adheres has 30 days" in page
    assert "Days of notice to leave : 30 → 60" in page
    assert "<del>There are no quotas and no minimums." in source.content.decode()
    assert "<ins>Nobody counts." in source.content.decode()
    assert "3. Fields of collaboration" not in page
    assert "Días de aviso para retirarse" in words(
        signed_in(director, "es").get("/agreement/versions/2/")
    )


def test_the_version_in_force_says_who_has_moved_and_what_happens_to_the_others(operator, director):
    services.sign(COMMON, by=director)
    other = factories.organisation("Otra Organización", granted="")
    services.record_paper(other, None, by=operator, reference="acta")
    services.load_agreement(third_of_the_clauses_differ(), by=operator)
    services.put_in_force(2, by=operator)
    services.record_paper(other, None, by=operator, reference="acta 2")

    own = words(signed_in(director, "en").get("/agreement/versions/2/"))
    assert "who has not signed it by then loses what version 1 granted" in own
    assert "Banco Nuevo Version 1" in own
    assert "Otra Organización" not in own
    administrator = factories.person(operator.organisation, role="administrator")
    hub = words(
        signed_in(Actor(operator.organisation, person=administrator), "en").get(
            "/agreement/versions/2/"
        )
    )
    assert "1 of 2 have moved" in hub
    assert "Otra Organización Version 2" in hub
    replaced = words(signed_in(director, "en").get("/agreement/versions/1/"))
    assert "keeps what it grants until" in replaced
    assert signed_in(director).get("/agreement/versions/3/").status_code == 404
