"""The demo community as its members find it: alive, coherent, and all of it invented."""

import ipaddress
import itertools
import re
from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest
from django.db import transaction

from minga.core import observables, policy
from minga.core.observables import Kind
from minga.core.policy import Tlp
from minga.core.rut import read_rut
from minga.faces.cli import community
from minga.faces.cli.community.finding import host_of
from minga.features.exchange import queries
from minga.features.membership import queries as membership
from minga.store import world
from minga.store.audiences.models import Circle, Seat
from minga.store.objects.models import Contribution, Feedback, Publication, Sighting, Version
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Organisation, Person

NEWCOMER = "cooperativa-modelo"
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("community")]
UNTIL = datetime(2026, 11, 23, 17, 28, tzinfo=UTC)
DOCUMENTATION = [
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """The community, loaded once for all tests here, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        community.load(2020, until=UNTIL)
        yield
        transaction.set_rollback(True)


def actor(email):
    person = Person.objects.get(email__startswith=email)
    return Actor(organisation=person.organisation, person=person)


def seen_by(email):
    """The titles of what this person may read."""
    return {c.title for c in queries.contributions(reader=actor(email).reader)}


def producers_of(text):
    """The organisations that shared an indicator of this observable."""
    observable = observables.recognise(text)
    versions = Version.objects.filter(
        type="indicator",
        mentions__observable__kind=observable.kind.value,
        mentions__observable__value=observable.key,
    )
    return set(versions.values_list("producer__slug", flat=True))


# Who is there


def test_one_hub_and_about_fifteen_members_belong():
    roles = Counter(Organisation.objects.filter(left_at=None).values_list("role", flat=True))
    assert roles["hub"] == 1
    assert 14 <= roles["member"] <= 18


def test_every_rut_is_valid_and_nobodys():
    ruts = list(Organisation.objects.values_list("rut", flat=True))
    assert [read_rut(rut) for rut in ruts] == ruts
    assert len(set(ruts)) == len(ruts)
    assert all(rut.startswith("999999") for rut in ruts)


def test_members_come_from_many_sectors_and_regions():
    members = Organisation.objects.filter(role="member")
    assert len(set(members.values_list("sector", flat=True))) >= 9
    assert len(set(members.values_list("region", flat=True))) >= 9


def test_every_organisation_has_two_to_five_people_and_every_role_is_taken():
    people = Person.objects.filter(is_active=True)
    assert set(people.values_list("role", flat=True)) == set(Person.Role.values)
    counts = Counter(people.values_list("organisation__slug", flat=True))
    assert set(counts.values()) <= {2, 3, 4, 5}
    assert 45 <= people.count() <= 55


def test_nobody_has_a_password():
    assert not any(person.has_usable_password() for person in Person.objects.all())


def test_the_circles_are_there_with_their_members():
    assert {
        circle.slug: circle.seats.count() for circle in Circle.objects.all()
    } == {
        "sector-financiero": 4,
        "mesa-antifraude": 3,
        "salud": 4,
        "agua-y-energia": 4,
        "telecomunicaciones": 4,
        "correo-seguro": 7,
        "sala-inc-0087": 4,
        "importancia-vital": 4,
    }  # fmt: skip


# What they shared


def test_there_are_six_weeks_of_contributions_of_every_kind_and_label():
    shared = Contribution.objects.all()
    assert 120 <= shared.count() <= 200
    assert set(shared.values_list("kind", flat=True)) == set(Contribution.Kind.values)
    assert set(shared.values_list("audience__tlp", flat=True)) == {tlp.value for tlp in Tlp}
    assert set(shared.values_list("pap", flat=True)) == {pap.value for pap in policy.Pap}
    assert set(shared.values_list("attribution", flat=True)) == {"own", "hub"}
    assert set(shared.values_list("door", flat=True)) == set(Contribution.Door.values)
    first, last = shared.earliest("created_at"), shared.latest("created_at")
    assert 40 <= (last.created_at - first.created_at).days <= 42


def test_every_member_shared_something():
    assert set(Contribution.objects.values_list("producer__slug", flat=True)) == set(
        Organisation.objects.exclude(slug=NEWCOMER).values_list("slug", flat=True)
    )


def test_the_newcomer_has_closed_doors_to_open():
    """It signed the common clauses two days ago, and neither confidentiality nor publicity."""
    newcomer = Organisation.objects.get(slug=NEWCOMER)

    assert (newcomer.granted, Tlp(newcomer.reads_up_to)) == ("share", Tlp.GREEN)


def test_no_sentence_is_told_in_two_contributions():
    told = Counter(
        sentence
        for text in Contribution.objects.values_list("text", flat=True)
        for sentence in set(re.split(r"(?<=[.:?»])\s+|\n+", text))
        if len(sentence) > 45
    )
    assert {sentence: n for sentence, n in told.items() if n > 1 and "CVE-" not in sentence} == {}


def test_titles_differ():
    titles = Counter(Contribution.objects.values_list("title", flat=True))
    assert titles.most_common(1)[0][1] == 1


def test_no_blank_was_left_open():
    for title, text in Contribution.objects.values_list("title", "text"):
        assert not re.search(r"\{[a-z0-9]+(:[^}\s]*)?\}", title + text), title


def test_nothing_points_at_a_real_place():
    words = "\n".join(itertools.chain(*Contribution.objects.values_list("title", "text")))
    raw = "\n".join(bytes(raw).decode() for raw in Version.objects.values_list("raw", flat=True))
    for find in observables.extract(words + raw):
        observable = find.observable
        if observable.kind in {Kind.IPV4, Kind.IPV6, Kind.CIDR}:
            network = ipaddress.ip_network(observable.value)
            assert any(
                network.version == of.version and network.subnet_of(of) for of in DOCUMENTATION
            ), find.text
        elif observable.kind is Kind.ASN:
            assert 64496 <= int(observable.value.removeprefix("AS")) <= 64511, find.text
        elif observable.kind is Kind.CVE:
            assert observable.value.startswith("CVE-2026-99"), find.text
        elif host := host_of(observable):
            assert host.endswith(".example") or is_documentation(host), find.text


def is_documentation(host):
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in network for network in DOCUMENTATION)


def test_no_member_of_the_community_is_anybodys_indicator():
    domains = [person.email.rpartition("@")[2] for person in Person.objects.all()]
    values = Version.objects.filter(type="indicator").values_list(
        "mentions__observable__value", flat=True
    )
    own = {v for v in values for d in domains if v and (v == d or v.endswith((f".{d}", f"@{d}")))}
    assert own == set()


def test_nothing_lies_in_the_future():
    assert Publication.objects.latest("added_at").added_at <= world.to_us(UNTIL)
    assert Contribution.objects.latest("updated_at").updated_at <= UNTIL
    assert Sighting.objects.latest("last_seen_us").last_seen_us <= world.to_us(UNTIL)
    assert Version.objects.latest("received_us").received_us <= world.to_us(UNTIL)


def test_organisations_answer_each_other():
    assert Sighting.objects.count() >= 60
    assert set(Feedback.objects.values_list("verdict", flat=True)) >= {
        "false-positive", "not-affected", "mitigated", "need-help",
    }  # fmt: skip
    alert = Contribution.objects.get(title="Explotación activa en Gestor VPN Muestra 9")
    bad = Version.objects.filter(
        type="indicator", name="ipv4: 198.51.100.23", carriers__contribution=alert
    )
    summary = queries.sightings_of([bad[0].stix_id], reader=actor("camila.rojas").reader)
    assert summary[bad[0].stix_id].organisations == 3
    assert summary[bad[0].stix_id].named == ("Aguas Ficticias", "Telecom Muestra")


def test_revisions_are_versions_of_one_report():
    alert = Contribution.objects.get(title="Explotación activa en Gestor VPN Muestra 9")
    versions = queries.versions_of(alert.root_id, reader=actor("camila.rojas").reader)
    assert versions.count() == 3
    assert "9.0 a 9.4" in msgspec.json.decode(bytes(versions[0].raw))["description"]


# Who sees what


def test_what_is_red_is_seen_by_those_it_names_alone():
    title = "Alerta temprana: cifrado en estaciones de caja"
    assert title in seen_by("ignacio.painemal")
    assert title in seen_by("claudio.navarrete")
    assert title not in seen_by("rayen.quilodran")
    assert title not in seen_by("esteban.maturana")
    hub = Organisation.objects.get(role="hub")
    machine = Actor(organisation=hub, key=Key.objects.get(organisation=hub))
    assert not queries.contributions(reader=machine.reader).filter(title=title).exists()


@pytest.mark.parametrize(
    ("title", "inside", "outside"),
    [
        ("Visor Imagen Ejemplo: exámenes", "andrea.lizama", "camila.rojas"),
        ("Gusano por USB en una estación", "lorena.catrileo", "diego.huenchul"),
        ("Acceso intermitente a la banca en línea", "elena.carcamo", "rocio.figueroa"),
        ("Llamadas con voz clonada", "felipe.oyarce", "andrea.lizama"),
    ],
)
def test_circles_keep_what_is_theirs(title, inside, outside):
    assert any(each.startswith(title) for each in seen_by(inside))
    assert not any(each.startswith(title) for each in seen_by(outside))


def test_who_came_late_finds_what_was_there_before():
    hospital = Organisation.objects.get(slug="hospital-regional-ficticio")
    reader = actor("viviana.oyarzun").reader
    before = queries.contributions(reader=reader).filter(created_at__lt=hospital.created_at)
    assert before.count() > 30


def test_who_left_is_gone_and_what_it_shared_stays():
    gone = Organisation.objects.get(slug="aseguradora-simulada")
    assert gone.left_at is not None
    assert not Seat.objects.filter(organisation=gone).exists()
    assert gone not in membership.organisations(reader=actor("rayen.quilodran").reader)
    assert "Ingreso no autorizado al correo de siniestros, contenido" in seen_by("camila.rojas")


def test_a_contribution_that_the_hub_vouches_for_does_not_name_its_member():
    vouched = Contribution.objects.filter(attribution="hub")
    reader = actor("camila.rojas").reader
    for contribution in queries.contributions(reader=reader).filter(pk__in=vouched):
        if contribution.producer_id != reader.organisation:
            assert queries.speaker(contribution, reader=reader).is_hub
            assert contribution.producer.name not in contribution.title + contribution.text


# The traps of real life


def test_the_shared_hosting_address_was_called_a_false_positive_and_revoked():
    version = Version.objects.filter(type="indicator", name="ipv4: 203.0.113.9").latest(
        "modified_us"
    )
    assert version.revoked
    said = Feedback.objects.filter(stix_id=version.stix_id)
    assert {f.verdict for f in said} == {"false-positive"}
    assert said.count() == 2


def test_the_redirector_of_a_known_brand_is_no_indicator_any_more():
    newest = Version.objects.filter(
        type="indicator", name="domain: r.buscadormuestra.example"
    ).latest("modified_us")
    assert newest.revoked


def test_one_url_was_written_in_three_ways_by_three_members():
    url = "https://acceso-clientes.example/ingreso"
    spellings = (
        "hxxps://acceso-clientes[.]example/ingreso",
        "https[:]//acceso-clientes(.)example/ingreso",
        "hxxps://acceso-clientes[punto]example/ingreso",
    )
    for spelling in spellings:
        assert Contribution.objects.filter(text__contains=spelling).count() == 1
    assert producers_of(url) == {"banco-ejemplo", "financiera-inventada", "caja-muestra"}


@pytest.mark.parametrize(
    "trap",
    [
        "bаncoejemplo.example",  # with a Cyrillic а
        "bancoéjemplo.example",
        "2001:db8:4f::a1",
        "192.0.2.0/24",
        "AS64509",
        "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\LectorPDF",
    ],
)
def test_observables_of_every_shape_are_shared(trap):
    assert producers_of(trap)


def test_one_file_is_known_by_all_four_hashes():
    report = Contribution.objects.get(title__startswith="Correos con factura falsa")
    kinds = Version.objects.filter(carriers__contribution=report, type="indicator").values_list(
        "mentions__observable__kind", flat=True
    )
    assert {"md5", "sha1", "sha256", "sha512"} <= set(kinds)


def test_codes_of_three_ages_are_kept():
    codes = {
        code for codes in Contribution.objects.values_list("codes", flat=True) for _, code in codes
    }
    assert {"8FPH-00010-001", "8FPH20-00090-01", "ACF26-01184"} <= codes


def test_indicators_of_a_month_ago_have_expired():
    expired = Version.objects.filter(type="indicator", valid_until_us__lt=world.to_us(UNTIL))
    assert expired.count() >= 8


def test_machines_posted_bundles_and_one_came_from_a_peer():
    assert Contribution.objects.filter(door="taxii").count() >= 4
    report = Version.objects.get(type="report", name__startswith="Kit «Aduana»")
    assert report.created_by_ref.startswith("identity--")
    assert not Organisation.objects.filter(uuid=report.created_by_ref.removeprefix("identity--"))


def test_one_person_left_his_organisation():
    assert Person.objects.filter(is_active=False).count() == 1
