"""The act of a signature: who reads it, what it says, and that it stays as it was made."""

import uuid

import pytest
from django.test import Client

from minga.features.membership import jobs, services
from minga.features.membership.models import Document, Signature
from minga.store.people.actors import Actor
from minga.store.work.loop import work_off
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.documents.reading import pdfsig, verdict, words_of
from tests.features.membership.test_agreement import ALL, COMMON, director, operator

__all__ = ["collected_static_files", "director", "operator", "quick_passwords"]

pytestmark = pytest.mark.django_db
CAPACITY = "Gerenta general, por escritura de 3 de mayo de 2024"


@pytest.fixture
def signature(director):
    made = services.sign(COMMON | {4}, by=director, capacity=CAPACITY, factor="passkey")
    work_off()
    made.refresh_from_db()
    return made


def page_of(act):
    return f"/agreement/acts/{act.uuid}.pdf"


def test_a_signature_leaves_a_sealed_act(signature, director, tmp_path):
    pdf = bytes(signature.act.content)

    assert verdict(pdf).bottom_line
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)
    said = words_of(pdf, tmp_path)
    for told in (
        director.organisation.name, director.person.name, CAPACITY, "Llave de acceso",
        "Firma electrónica simple (Ley 19.799, art. 2 letra f)", "4. Confidencialidad",
        f"{signature.signed_at:%Y-%m-%dT%H:%M:%SZ}", str(signature.uuid),
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16",
    ):  # fmt: skip
        assert told in said
    assert "12. " not in said  # the words of a clause that was not signed
    assert bytes(signature.agreement.digest).hex()[:8] in said


def test_a_paper_leaves_an_act_that_says_where_it_is(operator, tmp_path):
    organisation = factories.organisation("Banco Nuevo")
    services.record_paper(organisation, None, by=operator, reference="Resolución 120 de 2026")
    work_off()

    said = words_of(bytes(Signature.objects.get().act.content), tmp_path)
    assert "Resolución 120 de 2026" in said
    assert "En papel, según constancia del nodo" in said


def test_the_act_is_made_once(signature):
    before = bytes(signature.act.content)

    assert jobs.prepare_act.call(signature=str(signature.uuid)) is False

    signature.refresh_from_db()
    assert bytes(signature.act.content) == before
    assert Document.objects.count() == 1


def test_until_it_is_made_the_page_says_that_it_is_being_prepared(director):
    services.sign(COMMON, by=director)

    assert "Being prepared" in words(signed_in(director, "en").get("/agreement/acts/"))
    assert "En preparación" in words(signed_in(director, "es").get("/agreement/acts/"))


def test_what_is_left_after_a_clause_was_taken_back_stands_under_the_same_act(signature, director):
    services.withdraw_clause(4, by=director)
    work_off()

    left = Signature.objects.get(ended_at=None)
    assert left.continues == signature
    page = words(signed_in(director, "en").get("/agreement/acts/"))
    assert page.count("SHA-256 ") - page.count("SHA-256 with") == 1
    assert "Ended" in page


def test_the_organisation_and_the_hub_download_the_act_as_it_is_kept(signature, director, operator):
    administrator = Actor(
        operator.organisation, person=factories.person(operator.organisation, role="administrator")
    )
    for reader in (director, administrator):
        answer = signed_in(reader).get(page_of(signature.act))
        assert answer.content == bytes(signature.act.content)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")


def test_the_act_of_another_is_as_if_there_were_none(signature):
    browser = signed_in(factories.member())
    absent = browser.get(f"/agreement/acts/{uuid.UUID(int=7, version=4)}.pdf")

    hidden = browser.get(page_of(signature.act))

    assert hidden.status_code == absent.status_code == 404
    assert words(hidden) == words(absent)
    assert str(signature.act.uuid) not in browser.get("/agreement/acts/").content.decode()


def test_who_is_not_signed_in_has_the_certificate_and_nothing_else(signature):
    assert Client().get("/agreement/seal.pem").content.startswith(b"-----BEGIN CERTIFICATE")
    assert Client().get(page_of(signature.act)).status_code == 303


def test_an_organisation_of_many_words_in_many_letters_has_its_act_too(operator, tmp_path):
    name = "Ñandú & Cía. <b>#1</b> 日本"
    organisation = factories.organisation(name, legal_name=name)
    services.record_paper(organisation, ALL, by=operator, reference="acta")
    work_off()

    act = bytes(Signature.objects.get().act.content)
    assert verdict(act).bottom_line
    assert "Ñandú & Cía. <b>#1</b>" in words_of(act, tmp_path)
