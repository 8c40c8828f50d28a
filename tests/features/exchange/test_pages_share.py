"""Sharing on a page, with nothing but plain posts of a form."""

import pytest

from minga.core.observables import extract
from minga.core.policy import Pap, Tlp
from minga.features.exchange import queries, services
from minga.features.exchange.pages.findings import fingerprint
from minga.store.objects.models import Contribution
from tests import factories
from tests.features.exchange.browsing import (
    REPORT,
    everyone,
    fields,
    member,
    only,
    page,
    share,
    signed_in,
    ticked,
    words,
)

pytestmark = pytest.mark.django_db
FOUND = ["url https://acceso-clientes.example/ingreso", "ipv4 198.51.100.23", "file-name pago.apk"]


@pytest.fixture
def ana():
    hub = factories.organisation("CSIRT Nacional", role="hub")
    factories.person(hub)
    return member("Banco Ejemplo", email="ana@bancoejemplo.example")


@pytest.fixture
def client(ana):
    return signed_in(ana)


def form(client, text=REPORT, **more):
    """What a browser would post after looking at what was found in this text."""
    first = client.get("/share")
    found = client.post("/share", {"text": text, "tlp": "amber", "hub": "on", "step": "find"})
    return {
        "text": text,
        "title": "SMS que imita el portal",
        "kind": str(Contribution.Kind.ALERT.value),
        "pap": str(Pap.GREEN.value),
        "tlp": "amber",
        "hub": "on",
        "request_key": fields(first, "request_key")[0],
        "of_text": fields(found, "of_text")[0],
        "offered": fields(found, "offered"),
        "include": ticked(found),
        "step": "publish",
    } | more


def carried(contribution, by):
    objects = queries.objects_in(contribution, reader=by.reader).filter(type="indicator")
    return sorted(version.name for version in objects)


def test_what_is_found_is_offered_ticked(client):
    answer = client.post("/share", {"text": REPORT, "step": "find"})

    assert answer.status_code == 200
    assert fields(answer, "offered") == ticked(answer) == FOUND
    assert "3 de 3 seleccionados" in words(answer)
    assert "hxxps://acceso-clientes[.]example/ingreso" in words(answer)


def test_finding_keeps_everything_that_was_typed(client, ana):
    circle = factories.circle(ana.organisation, name="Mesa antifraude")
    typed = {
        "text": REPORT, "title": "Mi título", "kind": "3", "pap": "3", "confidence": "70",
        "tlp": "green", "circles": str(circle.uuid), "attribution": "hub", "step": "find",
    }  # fmt: skip

    source = client.post("/share", typed).content.decode()

    assert 'value="Mi título"' in source
    assert '<option value="3" selected>' in source
    assert '<option value="70" selected>' in source
    for chosen in ('name="pap" value="3" checked', 'name="tlp" value="green" checked',
                   f'value="{circle.uuid}" checked', 'value="hub" checked'):  # fmt: skip
        assert chosen in source


def test_a_title_is_proposed_from_the_first_line(client):
    text = "\n\n  Hoy llegó un SMS " + "muy largo " * 30

    (title,) = fields(client.post("/share", {"text": text, "step": "find"}), "title")

    assert title.startswith("Hoy llegó un SMS muy largo")
    assert len(title) <= 100


def test_publishing_shares_the_ticked_with_the_chosen(client, ana):
    answer = client.post("/share", form(client, include=FOUND[:2]))

    made = Contribution.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, page(made))
    assert (made.title, made.text) == ("SMS que imita el portal", REPORT)
    assert (made.producer, made.person) == (ana.organisation, ana.person)
    assert (made.door, made.pap) == (Contribution.Door.PAGE, Pap.GREEN)
    assert Tlp(made.audience.tlp) == Tlp.AMBER
    assert len(carried(made, ana)) == 2
    assert "Publicado." in words(client.get(answer["Location"]))


def test_sending_the_form_twice_shares_once(client):
    sent = form(client)

    first, again = client.post("/share", sent), client.post("/share", sent)

    assert first["Location"] == again["Location"]
    assert Contribution.objects.count() == 1


def test_a_form_cannot_bring_in_what_does_not_stand_in_the_text(client, ana):
    forged = form(client, include=["ipv4 203.0.113.99", FOUND[1]])

    client.post("/share", forged)

    assert carried(Contribution.objects.get(), ana) == ["ipv4: 198.51.100.23"]


def test_what_was_not_shown_yet_is_shown_before_anything_leaves(client):
    sent = form(client) | {"text": REPORT + " También 203.0.113.7."}

    answer = client.post("/share", sent)

    assert answer.status_code == 200
    assert "Encontramos más en tu texto" in words(answer)
    assert "ipv4 203.0.113.7" in ticked(answer)
    assert not Contribution.objects.exists()


def test_what_somebody_left_out_stays_out_when_the_text_is_read_again(client):
    sent = form(client, include=FOUND[:1]) | {"text": REPORT + " Fin.", "step": "find"}

    assert ticked(client.post("/share", sent)) == FOUND[:1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Servidor 10.20.30.40", "Dirección interna"),
        ("Servidor fe80::1:2", "Dirección interna"),
        ("Red 192.168.0.0/16", "Dirección interna"),
        ("Portal intranet.bancoejemplo.example", "Es tu propio dominio"),
        ("Correo ana@bancoejemplo.example", "Es tu propio dominio"),
        ("Ver https://www.bancoejemplo.example/x", "Es tu propio dominio"),
    ],
)
def test_noise_comes_unticked_with_its_reason(client, text, reason):
    answer = client.post("/share", {"text": text, "step": "find"})

    assert len(fields(answer, "offered")) == 1
    assert ticked(answer) == []
    assert reason in words(answer)


@pytest.mark.parametrize("text", ["192.0.2.7", "198.51.100.7", "notbancoejemplo.example"])
def test_what_only_looks_like_noise_comes_ticked(client, text):
    assert len(ticked(client.post("/share", {"text": text, "step": "find"}))) == 1


def test_what_is_known_already_is_said(client):
    share(member(), text="198.51.100.23")
    share(member(), text="198.51.100.24", audience=only(member()))

    said = words(client.post("/share", {"text": "198.51.100.23 198.51.100.24", "step": "find"}))

    assert "23 IP Ya en Minga" in said
    assert "24 IP Nuevo" in said


def test_the_sentence_counts_who_will_read_before_publishing(client, ana):
    circle = factories.circle(
        ana.organisation, member("Telecom Muestra").organisation, name="Mesa antifraude"
    )

    said = words(client.post("/share", {"tlp": "green", "circles": str(circle.uuid)}))

    assert "Lo verán 2 personas de 2 organizaciones" in said
    assert "Círculos: Mesa antifraude." in said
    assert "Ver los nombres Banco Ejemplo Telecom Muestra" in said


def test_circles_one_does_not_sit_in_are_neither_offered_nor_taken(client, ana):
    foreign = factories.circle(member().organisation, name="Círculo ajeno")
    assert "Círculo ajeno" not in words(client.get("/share"))

    answer = client.post("/share", form(client, circles=str(foreign.uuid)))

    assert answer.status_code == 422
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"title": ""}, "Este campo es obligatorio"),
        ({"title": "x" * 301}, "300"),
        ({"hub": ""}, "Elige quiénes pueden leerlo"),
        ({"tlp": "red", "everyone": "on"}, "TLP:RED no admite grupos"),
        ({"tlp": "violet"}, "violet"),
        ({"kind": "99"}, "99"),
        ({"pap": ""}, "obligatorio"),
        ({"confidence": "-5"}, "-5"),
    ],
)
def test_what_cannot_be_shared_is_refused_and_keeps_what_was_typed(client, change, complaint):
    answer = client.post("/share", form(client, **change))

    assert answer.status_code == 422
    assert complaint in words(answer)
    assert "Hoy llegó un SMS" in answer.content.decode()
    assert ticked(answer) == FOUND
    assert not Contribution.objects.exists()


def test_red_reaches_those_named_one_by_one(client, ana):
    other, third = member("Telecom Muestra"), member()
    uuid = str(other.organisation.uuid)

    client.post("/share", form(client, tlp="red", hub="", organisations=uuid))

    made = Contribution.objects.get()
    assert signed_in(other).get(page(made)).status_code == 200
    assert signed_in(third).get(page(made)).status_code == 404


def test_a_member_may_have_the_hub_vouch_for_it(client):
    client.post("/share", form(client, attribution="hub", everyone="on"))

    assert Contribution.objects.get().attribution == Contribution.Attribution.HUB


def test_who_may_not_share_meets_a_closed_door():
    client = signed_in(member(role="reader"))

    for answer in (client.get("/share"), client.post("/share"), client.post("/share/findings")):
        assert answer.status_code == 403
        assert "Tu rol no lo permite" in words(answer)


def test_a_value_that_nobody_reported_can_be_taken_along_from_a_lookup(client):
    answer = client.get("/share?text=203[.]0[.]113[.]9")

    assert ticked(answer) == ["ipv4 203.0.113.9"]


def test_parts_answer_what_the_whole_page_says(client):
    found = client.post("/share/findings", {"text": REPORT})
    summary = client.post("/share/summary", {"tlp": "amber", "hub": "on", "include": FOUND})

    assert fields(found, "offered") == FOUND
    assert "<html" not in found.content.decode()
    assert "Publicar con 3 indicadores" in words(summary)
    assert "found" in found["HX-Trigger-After-Settle"]
    assert 'hx-swap-oob="true"' in found.content.decode()
    titled = client.post("/share/findings", {"text": REPORT, "title": "Ya tiene"})
    assert "hx-swap-oob" not in titled.content.decode()


def test_correcting_publishes_a_version_for_the_same_readers(client, ana):
    made = share(ana, audience=only(member()))
    before = client.get(f"{page(made)}revise")
    assert fields(before, "title") == [made.title]
    assert ticked(before) == FOUND

    answer = client.post(
        f"{page(made)}revise",
        {
            "text": REPORT + " Y 203.0.113.7.", "title": "Mejor dicho", "kind": "1", "pap": "0",
            "attribution": "own", "of_text": fingerprint(REPORT + " Y 203.0.113.7."),
            "offered": [*FOUND, "ipv4 203.0.113.7"], "include": [*FOUND, "ipv4 203.0.113.7"],
            "step": "publish",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    said = words(client.get(page(made)))
    assert "Mejor dicho" in said
    assert "203[.]0[.]113[.]7" in said
    assert "Versión 2" in said


@pytest.mark.parametrize(("answered", "kept"), [("70", 75), ("30", 30), ("", None)])
def test_correcting_keeps_other_numberings_and_how_sure_its_author_was(client, ana, answered, kept):
    draft = services.Draft(
        "Con número", "Visto.", Contribution.Kind.ALERT, everyone(),
        codes=(("Aviso", "AVC26-00262"),), confidence=75,
    )  # fmt: skip
    made = services.share(draft, by=ana, door=Contribution.Door.CONSOLE)
    assert '<option value="70" selected>' in client.get(f"{page(made)}revise").content.decode()

    client.post(
        f"{page(made)}revise",
        {
            "text": "Visto dos veces.", "title": "Con número", "kind": "1", "pap": "0",
            "confidence": answered, "of_text": fingerprint("Visto dos veces."), "step": "publish",
        },
    )  # fmt: skip

    made.refresh_from_db()
    root = queries.object_version(made.root_id, reader=ana.reader)
    assert made.text == "Visto dos veces."
    assert made.codes == [["Aviso", "AVC26-00262"]]
    assert b"AVC26-00262" in bytes(root.raw)
    assert root.confidence == kept


def test_correcting_keeps_indicators_that_do_not_stand_in_the_text(client, ana):
    made = share(ana, text="Sin detalle.")
    services.revise(
        str(made.uuid),
        services.Draft(
            made.title, "Sin detalle.", Contribution.Kind.ALERT, everyone(),
            observables=tuple(find.observable for find in extract(REPORT)),
        ),
        by=ana,
    )  # fmt: skip

    answer = client.get(f"{page(made)}revise")
    live = client.post("/share/findings", {"text": "Sin detalle.", "revises": str(made.uuid)})

    assert set(ticked(answer)) == set(ticked(live)) == set(FOUND)


@pytest.mark.parametrize("revises", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_findings_of_a_contribution_that_is_not_there_are_not_found(client, revises):
    answer = client.post("/share/findings", {"text": "", "revises": revises})

    assert answer.status_code == 404


def test_the_page_speaks_english_too(ana):
    said = words(signed_in(ana, language="en").post("/share", {"text": REPORT, "tlp": "amber"}))

    assert "3 of 3 selected" in said
    assert "Choose who may read it." in said
