"""Is this known? What a lookup tells, to whom, and what it never tells."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minga.core import policy
from minga.core.observables import recognise
from minga.core.policy import Tlp
from minga.core.problems import Invalid, NotFound, TooLarge
from minga.features.exchange import queries, services
from minga.features.exchange.queries import Relation, Verdict
from minga.store import world
from minga.store.audiences import seats
from minga.store.objects.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db
DOMAIN = "acceso-clientes.example"


@pytest.fixture(autouse=True)
def _hub():
    factories.hub()


def share(*values, by=None, kind=Contribution.Kind.ALERT, audience=None, title="Phishing"):
    draft = services.Draft(
        title=title,
        text="Correo con enlace falso.",
        kind=kind,
        audience=audience or policy.Audience(Tlp.AMBER, everyone=True),
        observables=tuple(recognise(value) for value in values),
    )
    return services.share(draft, by=by or factories.member(), door=Contribution.Door.PAGE)


def ask(*values, by=None):
    return queries.lookup(values, reader=(by or factories.member()).reader)


def indicators_of(answer):
    return [hit for hit in answer.hits if hit.type == "indicator"]


def only_for(*actors, tlp=Tlp.RED):
    return policy.Audience(tlp, organisations=frozenset(a.organisation.pk for a in actors))


@pytest.mark.parametrize(
    "pasted", [DOMAIN, "acceso-clientes[.]example", " ACCESO-clientes(punto)example,"]
)
def test_a_shared_value_is_known_however_it_is_pasted(pasted):
    shared = share(DOMAIN)

    (answer,) = ask(pasted)

    assert (answer.asked, answer.verdict) == (pasted, Verdict.KNOWN)
    assert answer.observable == recognise(DOMAIN)
    (hit,) = indicators_of(answer)
    assert hit.tlp == Tlp.AMBER
    assert [(s.uuid, s.title) for s in hit.contributions] == [(str(shared.uuid), "Phishing")]


def test_answers_come_in_the_order_of_the_questions_with_repeated_ones_answered_again():
    share(DOMAIN)
    answers = ask("198.51.100.7", DOMAIN, "no es nada", DOMAIN)
    assert [answer.verdict for answer in answers] == [
        Verdict.UNKNOWN, Verdict.KNOWN, Verdict.UNREADABLE, Verdict.KNOWN,
    ]  # fmt: skip
    assert answers[2].observable is None


def test_a_secret_is_answered_as_if_nobody_had_ever_shared_it():
    author, outsider = factories.member(), factories.member()
    share(DOMAIN, by=author, audience=only_for(author))

    (secret,), (unknown,) = ask(DOMAIN, by=outsider), ask("otro.example", by=outsider)

    assert secret.verdict == Verdict.UNKNOWN
    assert (secret.hits, secret.sightings, secret.nearby) == (
        unknown.hits, unknown.sightings, unknown.nearby,
    )  # fmt: skip
    assert ask(DOMAIN, by=author)[0].verdict == Verdict.KNOWN


def test_a_lookup_runs_the_same_statements_whatever_is_hidden_from_the_reader():
    author, outsider = factories.member(), factories.member()
    values = [f"n{n}.example" for n in range(50)]
    assert outsider.reader
    with CaptureQueriesContext(
        connection,
    ) as before:
        ask(*values, by=outsider)
    share(*values, by=author, audience=only_for(author))
    with CaptureQueriesContext(connection) as after:
        ask(*values, by=outsider)
    assert [_shape(q) for q in before] == [_shape(q) for q in after]


def test_nothing_is_written_when_somebody_looks_something_up():
    share(DOMAIN)
    actor = factories.member()
    with CaptureQueriesContext(connection) as ran:
        ask(DOMAIN, "198.51.100.7", by=actor)
    assert all(query["sql"].startswith("SELECT") for query in ran)


def test_only_contributions_that_the_reader_may_see_are_named_beside_a_hit():
    author, reader = factories.member(), factories.member()
    share(DOMAIN, by=author, title="Para todos")
    share(DOMAIN, by=author, title="Para pocos", audience=only_for(author))

    (answer,) = ask(DOMAIN, by=reader)

    titles = {source.title for hit in answer.hits for source in hit.contributions}
    assert titles == {"Para todos"}


def test_the_word_is_revoked_once_every_indicator_is():
    author = factories.member()
    share(DOMAIN, by=author)
    for hit in indicators_of(ask(DOMAIN, by=author)[0]):
        services.revoke(hit.stix_id, by=author)

    (answer,) = ask(DOMAIN)

    assert answer.verdict == Verdict.REVOKED
    assert all(hit.revoked for hit in indicators_of(answer))


def test_one_living_indicator_among_revoked_ones_keeps_the_word_known():
    author = factories.member()
    share(DOMAIN, by=author)
    for hit in indicators_of(ask(DOMAIN, by=author)[0]):
        services.revoke(hit.stix_id, by=author)
    share(DOMAIN, by=author)

    assert ask(DOMAIN)[0].verdict == Verdict.KNOWN


def test_sightings_are_counted_for_all_and_named_only_where_the_sender_gave_his_name():
    author, silent, named, reader = (factories.member() for _ in range(4))
    share(DOMAIN, by=author)
    (hit,) = indicators_of(ask(DOMAIN, by=author)[0])
    now = world.now()
    seen = {"count": 2, "first_seen_at": now - timedelta(hours=2), "last_seen_at": now}
    services.report_sighting(hit.stix_id, by=silent, **seen)
    services.report_sighting(hit.stix_id, by=named, is_named=True, **seen)

    (answer,) = ask(DOMAIN, by=reader)

    assert (answer.sightings.events, answer.sightings.organisations) == (4, 2)
    assert answer.sightings.named == (named.organisation.name,)
    assert not answer.sightings.own
    assert answer.last_seen_us == world.to_us(now) // 1000 * 1000
    assert ask(DOMAIN, by=silent)[0].sightings.own


def test_an_organisation_that_saw_two_indicators_of_one_value_counts_once():
    author, witness = factories.member(), factories.member()
    share(DOMAIN, by=author)
    share(DOMAIN, by=author)
    now = world.now()
    for hit in indicators_of(ask(DOMAIN, by=witness)[0]):
        services.report_sighting(
            hit.stix_id, by=witness, count=1, first_seen_at=now, last_seen_at=now
        )
    (answer,) = ask(DOMAIN)
    assert (answer.sightings.events, answer.sightings.organisations) == (2, 1)


@pytest.mark.parametrize(
    ("shared", "asked", "relation"),
    [
        ("mal.example.cl", "a.b.mal.example.cl", Relation.PARENT),
        ("mal.example.cl", "https://mal.example.cl/login", Relation.HOST),
        ("198.51.100.7", "http://198.51.100.7:8080/x", Relation.HOST),
        ("example.cl", "http://www.example.cl/x", Relation.PARENT),
        ("example.cl", "ana@example.cl", Relation.HOST),
        ("198.51.100.0/24", "198.51.100.9", Relation.RANGE),
        ("198.51.100.0/24", "198.51.100.128/25", Relation.RANGE),
        ("2001:db8::/32", "2001:db8::7", Relation.RANGE),
    ],
)
def test_what_stands_near_a_value_is_told_beside_it(shared, asked, relation):
    share(shared)
    (answer,) = ask(asked)
    assert answer.verdict == Verdict.UNKNOWN
    (near,) = answer.nearby
    assert (near.relation, near.observable, near.verdict) == (
        relation, recognise(shared), Verdict.KNOWN,
    )  # fmt: skip


def test_a_parent_that_the_reader_may_not_see_is_not_near():
    author = factories.member()
    share("mal.example.cl", by=author, audience=only_for(author))
    assert ask("a.mal.example.cl")[0].nearby == ()


def test_many_values_at_once_are_answered_without_what_is_near():
    share("mal.example.cl")
    answers = ask("a.mal.example.cl", *(f"n{n}.example" for n in range(100)))
    assert len(answers) == 101
    assert answers[0].nearby == ()


@pytest.mark.parametrize(("values", "problem"), [([], Invalid), (["x"] * 10_001, TooLarge)])
def test_no_values_and_too_many_are_refused_with_the_limit(values, problem):
    with pytest.raises(problem, match="value") as refused:
        ask(*values)
    assert refused.value.field == "values"


def test_case_does_not_matter_where_it_means_nothing():
    share("Factura.EXE")
    assert ask("factura.exe")[0].verdict == Verdict.KNOWN


def test_an_organisation_that_joins_a_circle_finds_what_the_circle_knows():
    author, newcomer = factories.member(), factories.member()
    circle = factories.circle(author.organisation)
    share(DOMAIN, by=author, audience=policy.Audience(Tlp.AMBER, circles=frozenset({circle.pk})))
    assert ask(DOMAIN, by=newcomer)[0].verdict == Verdict.UNKNOWN

    seats.seat_in_circle(circle, newcomer.organisation)

    assert ask(DOMAIN, by=newcomer)[0].verdict == Verdict.KNOWN


def test_the_dossier_of_an_observable_counts_its_sightings_day_by_day():
    author, witness = factories.member(), factories.member()
    share(DOMAIN, by=author)
    (hit,) = indicators_of(ask(DOMAIN, by=author)[0])
    now = world.now()
    for ago, count in ((0, 3), (2, 5), (40, 7)):
        then = now - timedelta(days=ago)
        services.report_sighting(
            hit.stix_id, by=witness, count=count, first_seen_at=then, last_seen_at=then
        )

    dossier = queries.observable("domain", "acceso-clientes[.]example", reader=author.reader)

    assert dossier.answer.verdict == Verdict.KNOWN
    assert len(dossier.days) == 30
    assert dossier.days[-1].on == now.date()
    assert [(day.events, day.organisations) for day in dossier.days[-3:]] == [
        (5, 1),
        (0, 0),
        (3, 1),
    ]
    assert sum(day.events for day in dossier.days) == 8


def test_an_observable_of_no_kind_or_of_another_one_is_refused():
    reader = factories.member().reader
    with pytest.raises(NotFound, match="kind"):
        queries.observable("dominio", DOMAIN, reader=reader)
    with pytest.raises(Invalid):
        queries.observable("ipv4", DOMAIN, reader=reader)


def _shape(query):
    """A statement without its values."""
    return query["sql"].partition("json_each")[0].partition("unnest")[0]
