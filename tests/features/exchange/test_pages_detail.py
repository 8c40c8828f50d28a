"""One contribution: in a fixed order, with what came back on it."""

import uuid

import pytest

from minga.core.policy import Tlp
from minga.features.exchange import queries, services
from minga.store import world
from minga.store.objects.models import Contribution, Feedback, Sighting
from tests import factories
from tests.features.exchange.browsing import (
    REPORT,
    everyone,
    member,
    only,
    page,
    share,
    signed_in,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    factories.organisation("CSIRT Nacional", role="hub")
    return member("Banco Ejemplo")


@pytest.fixture
def other():
    return member("Telecom Muestra")


def indicators(contribution, by):
    rows = queries.objects_in(contribution, reader=by.reader)
    return list(rows.filter(type="indicator"))


def test_the_page_keeps_its_order(ana, other):
    made = share(other)
    services.revise(
        str(made.uuid),
        services.Draft(made.title, REPORT + "\nFin.", Contribution.Kind.ALERT, everyone()),
        by=other,
    )

    said = words(signed_in(ana).get(page(made)))

    parts = ["SMS que imita el portal", "Hoy llegó un SMS", "Indicadores", "Qué cambió",
             "Cómo lo sabemos"]  # fmt: skip
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_it_says_who_reads_it_with_people_and_organisations_counted(ana, other):
    made = share(other, audience=only(ana))

    said = words(signed_in(ana).get(page(made)))

    assert "La ven 2 personas de 2 organizaciones" in said
    assert "Solo dentro de cada organización." in said


def test_names_of_readers_are_told_to_its_producer_alone(ana, other):
    third = member("Clínica Modelo")
    made = share(other, audience=only(ana, third))

    assert "Clínica Modelo" in words(signed_in(other).get(page(made)))
    assert "Clínica Modelo" not in words(signed_in(ana).get(page(made)))


def test_observables_are_shown_defanged_everywhere_and_lead_only_inside(ana, other):
    made = share(other, title="Cuidado con http://acceso-clientes.example/ingreso")

    answer = signed_in(ana).get(page(made))

    said = words(answer)
    assert "acceso-clientes[.]example" in said
    assert "acceso-clientes.example" not in said
    assert 'href="http' not in answer.content.decode()


def test_out_of_sight_and_not_there_are_the_same_bytes(ana, other):
    hidden = share(other, audience=only(member(), tlp=Tlp.RED))
    client = signed_in(ana)

    unseen, missing = client.get(page(hidden)), client.get(f"/alerts/{uuid.uuid4()}/")

    assert unseen.status_code == missing.status_code == 404
    assert words(unseen) == words(missing)
    assert sorted(unseen.headers.items()) == sorted(missing.headers.items())


def test_nothing_can_be_said_of_what_is_out_of_sight(ana, other):
    hidden = share(other, audience=only(member(), tlp=Tlp.RED))
    indicator = indicators(hidden, other)[0].stix_id
    client = signed_in(ana)

    for path in ("sightings", "feedback", "revise", "audience", "withdraw"):
        answer = client.post(f"{page(hidden)}{path}", {"object": indicator, "verdict": "mitigated"})
        assert answer.status_code == 404

    assert not Sighting.objects.exists()
    assert not Feedback.objects.exists()


def test_an_object_of_another_contribution_out_of_sight_cannot_be_slipped_in(ana, other):
    seen = share(other)
    hidden = share(other, audience=only(member(), tlp=Tlp.RED), text="Visto en 203.0.113.77")
    indicator = indicators(hidden, other)[0].stix_id

    answer = signed_in(ana).post(f"{page(seen)}sightings", {"object": indicator})

    assert answer.status_code == 404
    assert not Sighting.objects.exists()


def test_i_saw_it_too_is_one_button_and_counts_without_a_name(ana, other):
    made = share(other)
    indicator = indicators(made, ana)[0]
    client = signed_in(ana)

    answer = client.post(f"{page(made)}sightings", {"object": indicator.stix_id})

    assert (answer.status_code, answer["Location"]) == (303, f"{page(made)}#indicators")
    assert "Ustedes también" in words(client.get(page(made)))
    said = words(signed_in(other).get(page(made)))
    assert "1 organización" in said
    assert "Banco Ejemplo" not in said.partition("Indicadores")[2].partition("Cómo lo")[0]


def test_a_sighting_counts_what_the_form_says(ana, other):
    made = share(other)
    indicator = indicators(made, ana)[0]
    client = signed_in(ana)

    assert (
        client.post(
            f"{page(made)}sightings", {"object": indicator.stix_id, "count": "0"}
        ).status_code
        == 400
    )
    client.post(f"{page(made)}sightings", {"object": indicator.stix_id, "count": "12"})

    assert Sighting.objects.get().count == 12


def test_an_answer_reaches_its_producer_with_name_and_note_and_others_as_a_total(ana, other):
    third = member()
    made = share(other)

    signed_in(ana).post(
        f"{page(made)}feedback",
        {"object": made.root_id, "verdict": "need-help", "note": "¿Desde qué IP? <b>Gracias</b>"},
    )

    told = words(signed_in(other).get(page(made)))
    assert "Banco Ejemplo" in told
    assert "¿Desde qué IP? <b>Gracias</b>" in told
    heard = words(signed_in(third).get(page(made)))
    assert "Necesitan ayuda 1" in heard
    assert "¿Desde qué IP?" not in heard
    assert "Banco Ejemplo" not in heard


def test_an_answer_without_a_verdict_is_asked_for_again(ana, other):
    made = share(other)

    answer = signed_in(ana).post(f"{page(made)}feedback", {"object": made.root_id})

    assert answer.status_code == 400


def test_who_may_only_read_is_offered_nothing_to_send(ana, other):
    made = share(other)
    reader = member(role="reader")
    client = signed_in(reader)

    said = words(client.get(page(made)))

    assert "También la vi" not in said
    assert "¿Y ustedes?" not in said
    assert "Compartir algo" not in said
    answer = client.post(f"{page(made)}sightings", {"object": indicators(made, ana)[0].stix_id})
    assert answer.status_code == 403


def test_what_changed_is_shown_line_by_line(ana, other):
    made = share(other, text="Versiones afectadas: 9.0 a 9.3.\nSin parche.")
    services.revise(
        str(made.uuid),
        services.Draft(
            made.title, "Versiones afectadas: 9.0 a 9.4.\nSin parche.", Contribution.Kind.ALERT,
            everyone(),
        ),
        by=other,
    )  # fmt: skip

    answer = signed_in(ana).get(page(made)).content.decode()

    assert '<p class="del">Versiones afectadas: 9.0 a 9.3.</p>' in answer
    assert '<p class="ins">Versiones afectadas: 9.0 a 9.4.</p>' in answer
    assert "Versión 2" in answer


def test_only_its_producer_may_correct_widen_or_withdraw(ana, other):
    made = share(other)
    client = signed_in(ana)

    said = words(client.get(page(made)))
    assert "Corregir" not in said
    for path in ("revise", "audience", "withdraw"):
        assert client.get(f"{page(made)}{path}").status_code == 403
        assert client.post(f"{page(made)}{path}", {"step": "publish"}).status_code == 403


def test_withdrawing_asks_first_and_then_revokes_it_with_its_indicators(ana, other):
    made = share(other)
    client = signed_in(other)

    question = client.get(f"{page(made)}withdraw")
    assert "No se puede deshacer" in words(question)
    assert not any(i.revoked for i in indicators(made, ana))

    assert client.post(f"{page(made)}withdraw").status_code == 303
    said = words(signed_in(ana).get(page(made)))
    assert "Se retiró" in said
    assert "También la vi" not in said
    for offered in ("Corregir", "Ampliar", "Retirar"):
        assert offered not in words(client.get(page(made)))
    assert all(i.revoked for i in indicators(made, ana))


def test_widening_lets_more_people_read(ana, other):
    made = share(other, audience=only(member()))
    assert signed_in(ana).get(page(made)).status_code == 404
    client = signed_in(other)
    chosen = {"tlp": "amber", "everyone": "on", "step": "publish"}
    everybody_of_before = client.get(f"{page(made)}audience").context["audience"]
    chosen["organisations"] = list(everybody_of_before.chosen_organisations)

    assert client.post(f"{page(made)}audience", chosen).status_code == 303

    assert signed_in(ana).get(page(made)).status_code == 200


def test_narrowing_is_no_widening(ana, other):
    made = share(other)

    answer = signed_in(other).post(
        f"{page(made)}audience", {"tlp": "amber", "hub": "on", "step": "publish"}
    )

    assert answer.status_code == 422
    assert "Esa audiencia no puede ser" in words(answer)


def test_many_indicators_come_a_hundred_at_a_time(ana, other):
    text = " ".join(f"host{n}.evil.example" for n in range(130))
    made = share(other, text=text)
    client = signed_in(ana)

    assert "Mostrar los 30 restantes" in words(client.get(page(made)))
    assert "Mostrar los" not in words(client.get(f"{page(made)}?indicators=all"))


def test_an_expired_indicator_is_said_to_be_so(ana, other, monkeypatch):
    made = share(other)
    before = indicators(made, ana)[0]
    type(before).objects.filter(pk=before.pk).update(valid_until_us=world.now_us() - 1)

    assert "Caducó" in words(signed_in(ana).get(page(made)))


def test_the_page_speaks_english_too(ana, other):
    said = words(signed_in(ana, language="en").get(page(share(other))))

    assert "can read this. They may warn customers who need it." in said
    assert "I saw it too" in said


def test_reading_changes_nothing(ana, other):
    made = share(other)

    assert signed_in(ana).post(page(made)).status_code == 405
