"""A ceremony: who is called signs before the others, and an act tells of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from minga.core.policy import NOTHING
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.membership import jobs, queries, services
from minga.features.membership.models import AgreementVersion, Ceremony, Signature
from minga.features.membership.services import NewCeremony
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from minga.store.work.loop import work_off
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.documents.reading import verdict, words_of
from tests.features.membership.test_agreement import COMMON, operator, second_version

__all__ = ["collected_static_files", "operator", "quick_passwords"]

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 12, 15, 0, tzinfo=UTC)
DRAFT = NewCeremony(
    "Firma del convenio", AT, convened_by="Ana Soto, directora", link="https://video.example/sala"
)
ABSENT = UUID("00000000-0000-4000-8000-00000000dead")


def director_of(name, **fields):
    invited = factories.organisation(name, granted="", reads_up_to=NOTHING, **fields)
    return Actor(invited, person=factories.person(invited, role="director", name=f"Por {name}"))


@pytest.fixture
def banco(operator):
    return director_of("Banco Nuevo")


@pytest.fixture
def puerto(operator):
    return director_of("Puerto Lejano")


@pytest.fixture
def administrator(operator):
    who = factories.person(operator.organisation, role="administrator")
    return Actor(operator.organisation, person=who)


@pytest.fixture
def ceremony(operator, banco, puerto):
    """An open one, to which both are called."""
    made = services.convene(DRAFT, by=operator)
    services.invite_to_ceremony(
        made.uuid, banco.organisation, by=operator, signer="Por Banco Nuevo", capacity="Gerenta"
    )
    services.invite_to_ceremony(made.uuid, puerto.organisation, by=operator)
    return services.open_ceremony(made.uuid, by=operator)


def roll(ceremony, by):
    lines = queries.roll(ceremony, reader=by.reader)
    return {line.organisation.name: (line.clauses, line.has_signed) for line in lines}


def test_each_signs_in_it_and_all_who_are_called_see_it(ceremony, banco, puerto):
    assert roll(ceremony, puerto)["Banco Nuevo"] == ([], False)

    services.sign(COMMON, by=banco)
    services.sign({4}, by=banco)

    assert Signature.objects.filter(ceremony=ceremony).count() == 2
    assert roll(ceremony, puerto) == {
        "CSIRT": ([], False),
        "Banco Nuevo": (sorted(COMMON | {4}), True),
        "Puerto Lejano": ([], False),
    }


def test_who_signed_without_it_is_told_to_have_signed_and_no_more(ceremony, operator, puerto):
    other = factories.organisation("Aguas Altas", granted="")
    services.record_paper(other, None, by=operator, reference="acta")
    services.invite_to_ceremony(ceremony.uuid, other, by=operator)

    assert roll(ceremony, puerto)["Aguas Altas"] == ([], True)


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_nobody_signs_in_a_ceremony_that_is_not_open(operator, banco, state):
    made = services.convene(DRAFT, by=operator)
    services.invite_to_ceremony(made.uuid, banco.organisation, by=operator)
    if state == "closed":
        services.open_ceremony(made.uuid, by=operator)
        services.close_ceremony(made.uuid, by=operator)

    assert services.sign(COMMON, by=banco).ceremony is None


def test_who_is_not_called_signs_without_it(ceremony, operator):
    assert services.sign(COMMON, by=director_of("Otra")).ceremony is None


def test_closing_leaves_a_sealed_act_with_who_signed_what_and_who_did_not(
    ceremony, operator, banco, tmp_path
):
    signature = services.sign(COMMON, by=banco, capacity="Gerenta general")
    services.close_ceremony(ceremony.uuid, by=operator)
    work_off()

    ceremony.refresh_from_db()
    act = bytes(ceremony.act.content)
    assert verdict(act).bottom_line
    said = words_of(act, tmp_path)
    for told in (
        "Firma del convenio", "CSIRT, Ana Soto, directora", "2026-06-12T15:00:00Z",
        "https://video.example/sala", str(signature.uuid), "Por Banco Nuevo, Gerenta general",
        "Quiénes no han firmado CSIRT Puerto Lejano",
    ):  # fmt: skip
        assert told in said
    assert jobs.prepare_ceremony_act.call(ceremony=str(ceremony.uuid)) is False


def test_the_act_of_a_signature_names_its_ceremony(ceremony, banco, tmp_path):
    services.sign(COMMON, by=banco)
    work_off()

    said = words_of(bytes(Signature.objects.get().act.content), tmp_path)
    assert "Firma del convenio" in said


def test_what_is_signed_after_closing_does_not_change_what_was_told(ceremony, operator, puerto):
    closed = services.close_ceremony(ceremony.uuid, by=operator)
    services.sign(COMMON, by=puerto)

    assert roll(closed, puerto)["Puerto Lejano"] == ([], False)


def test_only_who_administers_the_hub_convenes_calls_opens_and_closes(ceremony, banco):
    for act in (
        lambda: services.convene(DRAFT, by=banco),
        lambda: services.invite_to_ceremony(ceremony.uuid, banco.organisation, by=banco),
        lambda: services.open_ceremony(ceremony.uuid, by=banco),
        lambda: services.close_ceremony(ceremony.uuid, by=banco),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_ceremony_goes_one_way(ceremony, operator, banco):
    with pytest.raises(Conflict, match="is open already"):
        services.open_ceremony(ceremony.uuid, by=operator)
    services.close_ceremony(ceremony.uuid, by=operator)
    with pytest.raises(Conflict, match="only an open one is closed"):
        services.close_ceremony(ceremony.uuid, by=operator)
    with pytest.raises(Conflict, match="convene another"):
        services.invite_to_ceremony(ceremony.uuid, banco.organisation, by=operator)
    with pytest.raises(NotFound):
        services.open_ceremony(ABSENT, by=operator)


def test_a_ceremony_of_a_version_that_was_replaced_is_not_opened(operator):
    made = services.convene(DRAFT, by=operator)
    services.load_agreement(second_version(), by=operator)
    services.put_in_force(2, by=operator)

    with pytest.raises(Conflict, match="is not in force any more"):
        services.open_ceremony(made.uuid, by=operator)
    assert AgreementVersion.objects.get(version=1) == made.agreement


@pytest.mark.parametrize(
    "link",
    ["http://video.example", "javascript:alert(1)", "https://", "https://a b", "//video.example",
     "https://x/" + "a" * 300, "https://video.example/\n"[:-1] + "\x00"],
)  # fmt: skip
def test_a_link_that_is_no_https_address_is_refused(operator, link):
    with pytest.raises(Invalid):
        services.convene(NewCeremony("Firma", AT, link=link), by=operator)


def test_each_step_stands_in_the_journal(ceremony, operator):
    services.close_ceremony(ceremony.uuid, by=operator)

    written = Entry.objects.filter(action__startswith="ceremony-").values_list("action", flat=True)
    assert list(written.order_by("pk")) == [
        "ceremony-convened", "ceremony-invited", "ceremony-invited", "ceremony-opened",
        "ceremony-closed",
    ]  # fmt: skip


# ---- pages


def address(ceremony, part=""):
    return f"/ceremonies/{ceremony.uuid}/{part}"


def test_to_who_is_not_called_a_ceremony_is_as_if_there_were_none(ceremony):
    browser = signed_in(factories.member())
    for part in ("", "roll", "act.pdf"):
        hidden = browser.get(address(ceremony, part))
        absent = browser.get(f"/ceremonies/{ABSENT}/{part}")
        assert hidden.status_code == absent.status_code == 404
        assert words(hidden) == words(absent)
    assert "Firma del convenio" not in words(browser.get("/ceremonies/"))


def test_who_has_signed_nothing_yet_sees_the_ceremony_and_signs_in_it(ceremony, banco, puerto):
    browser = signed_in(banco, "en")
    page = words(browser.get(address(ceremony)))
    assert "0 of 3 have signed" in page
    assert "Por Banco Nuevo, Gerenta" in page
    source = browser.get(address(ceremony)).content.decode()
    assert 'hx-trigger="every 3s"' in source
    assert "htmx" in source.partition("</head>")[0]
    assert "The ceremony Firma del convenio is open" in words(browser.get("/agreement/"))
    assert "those who are called to it see that you signed" in words(browser.get("/agreement/sign"))

    answer = browser.post("/agreement/sign", {"agrees": "on", "capacity": "Gerenta"}, follow=True)

    assert answer.redirect_chain == [(address(ceremony), 303)]
    assert "1 of 3 have signed" in words(answer)
    there = words(signed_in(puerto, "es").get(address(ceremony, "roll")))
    assert "Han firmado 1 de 3" in there
    assert "Firmó Por Banco Nuevo: cláusulas 1–3, 5–11, 13–16" in there


def test_the_convener_does_it_all_on_pages(administrator, banco):
    browser = signed_in(administrator, "en")
    made = browser.post(
        "/ceremonies/new",
        {"title": "Firma", "held_at": "2026-12-01T15:00", "link": "https://video.example/x"},
    )
    found = Ceremony.objects.get()
    assert made["Location"] == address(found)
    assert found.held_at == datetime(2026, 12, 1, 18, 0, tzinfo=UTC)  # Santiago, in summer

    called = {"organisation": banco.organisation.slug, "signer": "Ana", "capacity": "Gerenta"}
    browser.post(address(found, "signatories"), called)
    browser.post(address(found, "open"))
    assert "Close the ceremony" in words(browser.get(address(found)))
    browser.post(address(found, "close"))
    assert "The act is being prepared" in words(browser.get(address(found)))
    work_off()

    act = signed_in(banco).get(address(found, "act.pdf"))
    assert act.content.startswith(b"%PDF-")
    assert act["Content-Type"] == "application/pdf"


def test_what_cannot_be_is_told_in_the_form(administrator, ceremony):
    browser = signed_in(administrator, "en")
    wrong = browser.post(
        "/ceremonies/new", {"title": "x", "held_at": "tomorrow", "link": "ftp://a"}
    )
    assert wrong.status_code == 422
    unknown = browser.post(address(ceremony, "signatories"), {"organisation": "nobody"})
    assert unknown.status_code == 422
    assert Ceremony.objects.count() == 1


# ---- the founding community


def test_chile_2020_waits_with_an_open_ceremony_of_names_alone(operator):
    AgreementVersion.objects.all().delete()
    people = set(Person.objects.values_list("pk", flat=True))

    prepared = services.prepare_community("chile-2020", by=operator)
    again = services.prepare_community("chile-2020", by=operator)

    assert prepared.ceremony == again.ceremony
    assert (prepared.ceremony.state, prepared.ceremony.link) == (Ceremony.State.OPEN, "")
    assert prepared.ceremony.convened_by == ""
    lines = queries.roll(prepared.ceremony, reader=operator.reader)
    assert len(lines) == 17
    assert not any(line.has_signed or line.signer or line.capacity for line in lines)
    assert set(Person.objects.values_list("pk", flat=True)) == people
