"""An advanced signature: made outside, looked at here, and worth nothing with any fault."""

import io
import os
import zlib
from contextlib import ExitStack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from minga.core.problems import Conflict, Forbidden, Invalid, NotFound, TooLarge
from minga.features.membership import queries, services
from minga.features.membership.documents.verification import MOST_BYTES, Fault, look_at
from minga.features.membership.models import IssuedAct, ReturnedAct, Signature
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.turns import Busy, turn
from minga.store.work.loop import work_off
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.documents.authority import DAY, Authority
from tests.features.membership.documents.reading import pdfsig, words_of
from tests.features.membership.test_agreement import COMMON, director, operator, second_version

__all__ = ["collected_static_files", "director", "operator", "quick_passwords"]

pytestmark = pytest.mark.django_db
ROOT, STRANGER = Authority(), Authority("Otra autoridad")


@pytest.fixture(autouse=True)
def roots(settings, tmp_path):
    """A folder with the one authority that the hub trusts."""
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "ca.pem").write_bytes(ROOT.pem)
    settings.SIGNATURE_ROOTS = str(folder)
    return folder


@pytest.fixture
def issued(director):
    return services.issue_act(COMMON, by=director, signer="Ana Soto", capacity="Gerenta general")


def pdf_of(issued):
    return bytes(issued.document.content)


def changed(pdf):
    """The same with other words on its first page, added behind what was there."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F1 12 Tf (otra cosa) Tj ET")
    )
    writer.update_container(page)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_an_act_signed_under_a_trusted_root_is_an_advanced_signature(issued, director, tmp_path):
    signed = ROOT.pen("ANA SOTO").sign(pdf_of(issued))
    assert "Signature is Valid" in pdfsig(signed, tmp_path)

    came = services.return_act(issued.uuid, signed, by=director)
    work_off()

    assert (came.fault, came.subject) == ("", "Common Name: ANA SOTO")
    signature = Signature.objects.get()
    assert (signature.level, signature.signer) == ("advanced", "Ana Soto")
    assert (signature.clauses, signature.capacity) == (sorted(COMMON), "Gerenta general")
    assert bytes(signature.signed_document.content) == signed
    director.organisation.refresh_from_db()
    assert "share" in director.organisation.granted
    said = words_of(bytes(signature.act.content), tmp_path)
    assert "Firma electrónica avanzada (Ley 19.799, art. 2 letra g)" in said
    assert "Common Name: ANA SOTO" in said
    assert bytes(signature.signed_document.digest).hex()[:8] in said


def test_the_hub_signs_by_an_advanced_signature_too(operator):
    person = factories.person(operator.organisation, role="administrator")
    by = Actor(operator.organisation, person=person)
    issued = services.issue_act(COMMON, by=by, signer="Directora")

    came = services.return_act(issued.uuid, ROOT.pen().sign(pdf_of(issued)), by=by)

    assert came.fault == ""
    operator.organisation.refresh_from_db()
    assert operator.organisation.granted == by.organisation.granted


def another_act(pdf):
    return ROOT.pen().sign(pdf.replace(b"%PDF-1.7", b"%PDF-1.6"))


HOSTILE_TAIL = (
    b"\n9000 0 obj\n<</Type/XRef/Size 99999999/W[1 8 8]/Index[0 99999999]/Filter/FlateDecode"
    b"/Length 300000/Root 1 0 R>>\nstream\n" + zlib.compress(bytes(200_000_000), 9)
    + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"
)  # fmt: skip
REFUSED = {
    Fault.NO_PDF: lambda pdf: b"no pdf at all",
    Fault.OTHER: another_act,
    Fault.UNSIGNED: lambda pdf: pdf,
    Fault.SEVERAL: lambda pdf: ROOT.pen().sign(ROOT.pen().sign(pdf), field="Segunda"),
    Fault.CHANGED_AFTER: lambda pdf: changed(ROOT.pen().sign(pdf)),
    Fault.CHANGED_BEFORE: lambda pdf: ROOT.pen().sign(changed(pdf)),
    Fault.UNTRUSTED: lambda pdf: STRANGER.pen().sign(pdf),
    Fault.EXPIRED: lambda pdf: ROOT.pen(ends=-DAY).sign(pdf),
    Fault.UNFIT: lambda pdf: ROOT.pen(may_sign=False).sign(pdf),
    Fault.UNREADABLE: lambda pdf: pdf + HOSTILE_TAIL,
}


@pytest.mark.parametrize("fault", REFUSED)
def test_anything_else_is_kept_aside_with_its_reason_and_grants_nothing(issued, director, fault):
    sent = REFUSED[fault](pdf_of(issued))

    came = services.return_act(issued.uuid, sent, by=director)

    assert (came.fault, came.signature) == (fault, None)
    assert bytes(came.document.content) == sent
    assert not Signature.objects.exists()
    director.organisation.refresh_from_db()
    assert director.organisation.granted == ""


def test_a_certificate_that_is_not_valid_yet_is_refused(issued, director):
    came = services.return_act(issued.uuid, ROOT.pen(begins=DAY).sign(pdf_of(issued)), by=director)
    assert came.fault == Fault.EXPIRED


def test_a_revoked_certificate_is_refused_by_the_list_beside_the_roots(issued, director, roots):
    pen = ROOT.pen()
    (roots / "ca.crl").write_bytes(ROOT.revoking(pen))

    came = services.return_act(issued.uuid, pen.sign(pdf_of(issued)), by=director)

    assert came.fault == Fault.REVOKED


@pytest.fixture(scope="module")
def signed_once():
    """The bytes of an act of the right kind, and the same signed: no database is needed."""
    from minga.features.membership.documents import typeset
    from minga.features.membership.documents.pades import with_field

    said = {"title": "Acta", "hub": "h", "language": "es", "foot": "f", "facts": [], "sections": []}
    bare = with_field(typeset("plain", said), field="Firma")
    return bare, ROOT.pen().sign(bare)


@given(data=st.data())
@hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_flipped_byte_outside_the_signature_itself_is_noticed(signed_once, roots, data):
    bare, signed = signed_once
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    place = data.draw(st.integers(0, start - 1) | st.integers(end, len(signed) - 1))
    broken = bytearray(signed)
    broken[place] ^= data.draw(st.sampled_from([1 << n for n in range(8)]))

    found = look_at(bytes(broken), issued=bare, roots=roots, at=world.now())

    assert found.fault is not Fault.NONE, f"byte {place}"


@given(tail=st.binary(max_size=400))
@hypothesis_settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_tail_is_answered(signed_once, roots, tail):
    bare, _ = signed_once
    found = look_at(bare + b"\n" + tail, issued=bare, roots=roots, at=world.now())
    assert found.fault is not Fault.NONE


def test_an_act_of_a_version_that_was_replaced_meanwhile_grants_nothing(issued, director, operator):
    signed = ROOT.pen().sign(pdf_of(issued))
    services.load_agreement(second_version(), by=operator)
    services.put_in_force(2, by=operator)

    assert services.return_act(issued.uuid, signed, by=director).fault == Fault.OUTDATED
    assert not Signature.objects.exists()


def test_the_same_act_comes_back_twice_and_signs_once(issued, director):
    signed = ROOT.pen().sign(pdf_of(issued))
    services.return_act(issued.uuid, signed, by=director)

    assert services.return_act(issued.uuid, signed, by=director).fault == Fault.OUTDATED
    assert Signature.objects.count() == 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(issued, director):
    with pytest.raises(TooLarge, match="expected 5000000 at most"):
        services.return_act(issued.uuid, bytes(MOST_BYTES + 1), by=director)
    assert not ReturnedAct.objects.exists()


def test_an_organisation_has_one_file_looked_at_at_a_time_and_the_hub_a_few(issued, director):
    own, everybodys = f"look of {director.organisation.uuid}", "look"
    signed = ROOT.pen().sign(pdf_of(issued))

    with turn(own, seconds=60), pytest.raises(Busy, match="try again in 60 seconds"):
        services.return_act(issued.uuid, signed, by=director)
    with ExitStack() as others:
        for _ in range(services.advanced.AT_ONCE):
            others.enter_context(turn(everybodys, seconds=60, most=services.advanced.AT_ONCE))
        with pytest.raises(Busy):
            services.return_act(issued.uuid, signed, by=director)

    assert not ReturnedAct.objects.exists()
    assert services.return_act(issued.uuid, signed, by=director).fault == ""


def test_files_that_come_together_do_not_pass_the_limit_of_a_day(issued, director, monkeypatch):
    """Two of them may both have counted before either was kept; the turn is taken first."""
    monkeypatch.setattr(services.advanced, "MOST_A_DAY", 1)
    seen = []
    look = services.advanced.look_at

    def looking(*asked, **named):
        with pytest.raises(Busy):
            services.return_act(issued.uuid, b"another", by=director)
        seen.append(True)
        return look(*asked, **named)

    monkeypatch.setattr(services.advanced, "look_at", looking)
    services.return_act(issued.uuid, b"no pdf", by=director)

    assert seen
    with pytest.raises(Invalid, match="within a day"):
        services.return_act(issued.uuid, b"no pdf", by=director)


def test_only_who_may_sign_for_the_organisation_sends_it(issued, director):
    reader = Actor(
        director.organisation, person=factories.person(director.organisation, role="reader")
    )
    with pytest.raises(Forbidden):
        services.return_act(issued.uuid, b"", by=reader)
    stranger = factories.organisation()
    other = Actor(stranger, person=factories.person(stranger, role="director"))
    with pytest.raises(NotFound):
        services.return_act(issued.uuid, b"", by=other)


def test_without_roots_nobody_signs_this_way(director, settings):
    settings.SIGNATURE_ROOTS = ""

    with pytest.raises(Invalid, match="MINGA_SIGNATURE_ROOTS"):
        services.issue_act(COMMON, by=director, signer="Ana")
    assert "This hub trusts no authority" in words(
        signed_in(director, "en").get("/agreement/advanced/")
    )
    assert "Sign outside" not in words(signed_in(director, "en").get("/agreement/sign"))


def test_what_is_signed_already_is_not_issued_again(director):
    services.sign(COMMON, by=director)
    with pytest.raises(Conflict):
        services.issue_act(COMMON, by=director, signer="Ana")


def test_issuing_is_bounded(director, monkeypatch):
    monkeypatch.setattr(services.advanced, "MOST_A_DAY", 1)
    services.issue_act(COMMON, by=director, signer="Ana")
    with pytest.raises(Invalid, match="within a day"):
        services.issue_act(COMMON, by=director, signer="Ana")


# ---- pages


def upload(browser, issued, content):
    file = SimpleUploadedFile("acta.pdf", content)
    return browser.post(f"/agreement/issued/{issued.uuid}/signed", {"pdf": file}, follow=True)


def test_an_act_is_asked_for_taken_along_and_brought_back(director):
    browser = signed_in(director, "en")
    assert "Sign outside" in words(browser.get("/agreement/sign"))
    asked = browser.post(
        "/agreement/advanced/", {"signer": "Ana Soto", "capacity": "Gerenta", "optional": ["4"]}
    )
    assert asked.status_code == 303, words(asked)
    issued = IssuedAct.objects.get()
    assert issued.clauses == sorted(COMMON | {4})

    taken = browser.get(f"/agreement/issued/{issued.uuid}.pdf")
    assert taken.content == pdf_of(issued)
    answer = upload(browser, issued, ROOT.pen().sign(taken.content))

    assert "Signed by an advanced signature." in words(answer)


def test_what_was_kept_aside_is_shown_to_both_sides_in_their_language(issued, director, operator):
    answer = upload(signed_in(director, "es"), issued, b"%PDF-1.7 " + os.urandom(50))

    assert "Quedó apartado: No es el acta que se emitió, byte por byte." in words(answer)
    administrator = factories.person(operator.organisation, role="administrator")
    hub = signed_in(Actor(operator.organisation, person=administrator), "en")
    page = words(hub.get("/agreement/acts/"))
    assert "It is not the act that was issued, to the last byte." in page
    assert director.organisation.name in page
    stranger = words(signed_in(factories.member(), "en").get("/agreement/acts/"))
    assert "Kept aside" not in stranger


def test_who_brings_a_file_while_another_is_looked_at_is_told_so(issued, director):
    with turn(f"look of {director.organisation.uuid}", seconds=60):
        answer = upload(signed_in(director, "es"), issued, b"%PDF-1.7")

    assert "El hub está revisando otros archivos firmados." in words(answer)
    assert not ReturnedAct.objects.exists()


def test_an_upload_larger_than_any_body_is_refused_unread(issued, director, settings):
    settings.BODY_LIMIT_BYTES = 1_000

    assert upload(signed_in(director), issued, bytes(5_000)).status_code == 400
    assert not ReturnedAct.objects.exists()


def test_an_act_issued_to_another_is_as_if_there_were_none(issued):
    stranger = factories.organisation()
    browser = signed_in(Actor(stranger, person=factories.person(stranger, role="director")))
    absent = browser.get("/agreement/issued/00000000-0000-4000-8000-00000000dead.pdf")
    hidden = browser.get(f"/agreement/issued/{issued.uuid}.pdf")
    assert hidden.status_code == absent.status_code == 404
    assert words(hidden) == words(absent)
    assert upload(browser, issued, b"x").status_code == 404
    assert queries.kept_aside(reader=factories.member().reader).count() == 0
