"""Looking up: pasted values answered in words, and an observable's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minga.core.policy import Tlp
from minga.features.exchange import queries, services
from minga.store import world
from minga.store.objects.models import Feedback, Sighting
from tests import factories
from tests.features.exchange.browsing import member, only, share, signed_in, words

pytestmark = pytest.mark.django_db
IP = "/observables/ipv4/198.51.100.23/"


@pytest.fixture
def ana():
    factories.organisation("CSIRT Nacional", role="hub")
    return member("Banco Ejemplo")


@pytest.fixture
def client(ana):
    return signed_in(ana)


@pytest.fixture
def reported(ana):
    return share(member("Telecom Muestra"), confidence=75)


def indicator(contribution, by):
    return queries.objects_in(contribution, reader=by.reader).filter(type="indicator")[0]


def indicator_of(kind, value, by):
    """The indicator that looks for this observable."""
    hits = queries.observable(kind, value, reader=by.reader).answer.hits
    return next(hit.stix_id for hit in hits if hit.type == "indicator")


def test_one_value_in_the_address_is_answered_in_words(client, reported):
    said = words(client.get("/lookup?q=198.51.100[.]23"))

    assert "1 señalado" in said
    assert "198[.]51[.]100[.]23 IP Señalado Alta" in said
    assert "Señalado en 1 contribución." in said
    assert reported.title in said


def test_many_values_in_any_form_are_answered_at_once(client, reported):
    pasted = (
        "198.51.100[.]23\nhxxps://acceso-clientes[.]example/ingreso, 203.0.113.9\n"
        "El hash es d41d8cd98f00b204e9800998ecf8427e.\nnonsense\n\n198.51.100.23"
    )

    answer = client.post("/lookup", {"q": pasted}, follow=True)

    said = words(answer)
    assert "2 señalados, 2 sin datos, 1 que no reconocemos" in said
    assert "5 valores consultados" in said
    assert "Sin datos no quiere decir inofensivo" in said


def test_a_short_question_becomes_a_link_and_a_long_one_is_answered_in_place(client):
    assert client.post("/lookup", {"q": "203.0.113.9"})["Location"] == "/lookup?q=203.0.113.9"

    many = "\n".join(f"host{n}.evil.example" for n in range(200))
    assert "200 valores consultados" in words(client.post("/lookup", {"q": many}))


def test_what_is_out_of_sight_is_no_data_like_what_is_not_there(client):
    share(member(), text="203.0.113.9", audience=only(member(), tlp=Tlp.RED))

    hidden, missing = (words(client.get(f"/lookup?q=203.0.113.{n}")) for n in (9, 8))

    assert hidden.replace("113[.]9", "113[.]8").replace("113.9", "113.8") == missing


def test_a_neighbour_that_is_reported_gives_context(client):
    share(member(), text="Origen 192.0.2.0/24")

    said = words(client.get("/lookup?q=192.0.2.7"))

    assert "1 con contexto" in said
    assert "Está señalado un rango que la contiene: 192[.]0[.]2[.]0/24" in said


def test_nothing_that_can_be_looked_up_says_so(client):
    assert "Ahí no hay nada que se pueda consultar" in words(client.get("/lookup?q=hola+que+tal"))
    assert "Ahí no hay nada" not in words(client.get("/lookup"))


def test_too_many_values_are_refused_with_the_limit(client):
    answer = client.post("/lookup", {"q": "\n".join(f"h{n}.evil.example" for n in range(10_001))})

    assert answer.status_code == 413
    assert "10000" in words(answer)


def test_looking_up_writes_nothing_down(client, reported):
    with CaptureQueriesContext(connection) as seen:
        client.get("/lookup?q=198.51.100.23")

    assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in seen)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ipv4", "198.51.100.23"),
        ("url", "https://a.example/x?y=1&z=%2F#t"),
        ("domain", "münchen.example"),
        ("file-path", "C:\\temp\\a b.exe"),
    ],
)
def test_an_observable_has_a_page_that_stays(client, kind, value):
    answer = client.get(reverse("observable", args=[kind, value]), follow=True)

    assert answer.status_code == 200
    assert "Sin datos." in words(answer)


@pytest.mark.parametrize("written", ["198.51.100[.]23", "198.51.100.23"])
def test_other_spellings_lead_to_the_one_page(client, written):
    answer = client.get(f"/observables/ipv4/{written}/", follow=True)

    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == IP


@pytest.mark.parametrize("path", ["ipv4/nonsense/", "nonsense/198.51.100.23/", "ipv4//", "ipv4/"])
def test_what_is_no_observable_has_no_page(client, path):
    assert client.get(f"/observables/{path}").status_code == 404


def test_i_saw_it_too_from_the_page_of_the_observable(client, ana, reported):
    where = {"kind": "url", "value": "https://acceso-clientes.example/ingreso"}
    hit = indicator_of(where["kind"], where["value"], ana)

    answer = client.post("/lookup/sightings", where | {"object": hit})

    assert answer.status_code == 303
    assert Sighting.objects.get().seen_by == ana.organisation
    said = words(client.get(answer["Location"]))
    assert "También la viste" in said
    assert "Gracias" in said


def test_a_false_positive_is_told_to_who_shared_it(client, ana, reported):
    hit = indicator(reported, ana)

    client.post(
        "/lookup/feedback",
        {"kind": "ipv4", "value": "198.51.100.23", "object": hit.stix_id,
         "verdict": "false-positive"},
    )  # fmt: skip

    assert Feedback.objects.get().verdict == "false-positive"


@pytest.mark.parametrize("where", [{}, {"kind": "x", "value": "y"}, {"kind": "ipv4"}])
def test_a_form_that_names_no_observable_does_nothing(client, ana, reported, where):
    answer = client.post("/lookup/sightings", where | {"object": indicator(reported, ana).stix_id})

    assert answer.status_code == 400
    assert not Sighting.objects.exists()


def test_who_saw_it_is_a_count_unless_he_gave_his_name(client, ana, reported):
    hit = indicator_of("ipv4", "198.51.100.23", ana)
    for name, is_named in (("Aguas Ficticias", False), ("Clínica Modelo", True)):
        services.report_sighting(
            hit, by=member(name), count=2, first_seen_at=world.now(), last_seen_at=world.now(),
            is_named=is_named,
        )  # fmt: skip

    said = words(client.get(IP))

    assert "Clínica Modelo" in said
    assert "1 organización, sin nombre" in said
    assert "Aguas Ficticias" not in said
    assert (
        'aria-label="Avistamientos por día en 30 días, con máximo de 4'
        in client.get(IP).content.decode()
    )


def test_what_was_withdrawn_is_said_to_be_so(client, ana, reported):
    producer = member()
    made = share(producer, text="203.0.113.50")
    services.revoke(indicator(made, producer).stix_id, by=producer)

    said = words(client.get("/observables/ipv4/203.0.113.50/"))

    assert "Quien lo señaló lo retiró." in said
    assert "También la vi" not in said


def test_what_nobody_reported_can_be_reported(client):
    answer = client.get("/observables/ipv4/203.0.113.200/").content.decode()

    assert "/share?text=203%5B.%5D0%5B.%5D113%5B.%5D200" in answer


def test_the_page_speaks_english_too(ana, reported):
    said = words(signed_in(ana, language="en").get("/lookup?q=198.51.100.23"))

    assert "1 reported" in said
    assert "does not mean harmless" in said
