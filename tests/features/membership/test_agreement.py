"""The signed clauses are the permissions."""

import pytest

from minga.core.policy import NOTHING, Audience, Power, Tlp
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.membership import jobs, queries, services
from minga.features.membership.models import AgreementVersion
from minga.store import world
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.work import loop
from tests import factories
from tests.store.test_who_reads import show

pytestmark = pytest.mark.django_db
ALL = set(range(1, 17))
COMMON = ALL - {4, 12}


@pytest.fixture
def operator():
    by = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    return by


@pytest.fixture
def director(operator):
    """Of an organisation that has not signed yet."""
    invited = factories.organisation(granted="", reads_up_to=NOTHING)
    return Actor(invited, person=factories.person(invited, role="director"))


def of(organisation, role="analyst"):
    organisation.refresh_from_db()
    return Actor(organisation, person=factories.person(organisation, role=role))


def adherence(actor):
    return queries.adherence_of(actor.organisation, reader=actor.reader)


def second_version():
    text = (services.agreements.SHIPPED / "model.toml").read_text("utf-8")
    return text.replace("version = 1", "version = 2", 1)


def test_who_is_invited_may_do_nothing_until_he_signs(director):
    analyst = of(director.organisation)
    assert analyst.powers == frozenset()
    with pytest.raises(Forbidden, match="has not signed the clause that grants the power 'share'"):
        analyst.require(Power.SHARE)

    services.sign(COMMON, by=director, capacity="Gerente general")

    analyst = of(director.organisation)
    assert Power.SHARE in analyst.powers
    assert analyst.reader.reads_up_to == Tlp.GREEN


def test_each_power_is_explained_by_its_clause_and_signature(director):
    services.sign(COMMON, by=director, capacity="Gerente general")

    found = adherence(director)
    clause = found.terms.granting(Power.SHARE)
    assert clause.number == 3
    assert found.why(clause).signer == director.person.name
    assert found.why(clause).capacity == "Gerente general"
    assert found.terms.letting_read(Tlp.AMBER) is None


def test_an_optional_clause_is_signed_later_and_opens_its_door_from_the_beginning(director):
    author = factories.member()
    show("indicator--1", Audience(Tlp.GREEN, everyone=True), producer=author.organisation)
    show("indicator--2", Audience(Tlp.AMBER, everyone=True), producer=author.organisation)
    services.sign(COMMON, by=director)
    assert readable(director) == ["indicator--1"]

    services.sign({4}, by=director)

    assert readable(director) == ["indicator--1", "indicator--2"]


def test_pollers_of_who_signs_later_find_older_things_as_newly_added(director):
    author = factories.member()
    services.sign(COMMON, by=director)
    show("indicator--1", Audience(Tlp.GREEN, everyone=True), producer=author.organisation)
    show("indicator--2", Audience(Tlp.AMBER, everyone=True), producer=author.organisation)
    factories.key_of(director.organisation)
    director.organisation.keys.update(last_used_at=world.now())

    services.sign({4}, by=director)
    loop.work_off()

    assert readable(director) == ["indicator--1", "indicator--2"]


def readable(actor):
    from minga.store.objects.reading import Selection, read_page

    actor.organisation.refresh_from_db()
    rows = read_page(Selection(), reader=Actor(actor.organisation).reader, limit=10).rows
    return [row.stix_id for row in rows if row.stix_id.startswith("indicator")]


def test_withdrawing_an_optional_clause_closes_its_door_at_once(director):
    author = factories.member()
    services.sign(ALL, by=director)
    show("indicator--2", Audience(Tlp.AMBER, everyone=True), producer=author.organisation)
    assert readable(director) == ["indicator--2"]

    services.withdraw_clause(4, by=director)

    assert readable(director) == []
    assert adherence(director).signed.keys() == ALL - {4}
    with pytest.raises(Invalid, match="Clause 3 is common"):
        services.withdraw_clause(3, by=director)
    with pytest.raises(NotFound, match="has not signed clause 4"):
        services.withdraw_clause(4, by=director)


@pytest.mark.parametrize(
    ("clauses", "problem", "words"),
    [
        ({1, 2}, Invalid, "Clause 3, 5, 6"),
        ({4}, Invalid, "is not among those signed"),
        (ALL | {17}, Invalid, "There is no clause 17; expected 1 to 16"),
    ],
)
def test_clauses_that_do_not_stand_alone_are_refused(director, clauses, problem, words):
    with pytest.raises(problem, match=words):
        services.sign(clauses, by=director)


def test_signing_again_is_refused_as_said_already(director):
    services.sign(COMMON, by=director)

    with pytest.raises(Conflict, match="has signed these clauses already"):
        services.sign(COMMON, by=director)


@pytest.mark.parametrize("role", ["analyst", "reader"])
def test_who_may_not_sign_is_told_so(director, role):
    with pytest.raises(Forbidden, match="lacks the power 'sign'"):
        services.sign(COMMON, by=of(director.organisation, role))


def test_the_hub_records_a_paper_and_nobody_else_does(operator, director):
    services.record_paper(director.organisation, None, by=operator, reference="Acta 7, 2020-06-12")

    (signature,) = queries.signatories(reader=operator.reader)
    assert (signature.level, signature.reference) == ("paper", "Acta 7, 2020-06-12")
    with pytest.raises(Forbidden):
        services.record_paper(director.organisation, None, by=director, reference="x")


def test_what_another_signed_is_known_to_it_and_to_the_hub(operator, director):
    services.sign(COMMON, by=director)
    stranger = factories.member()

    with pytest.raises(NotFound):
        queries.adherence_of(director.organisation, reader=stranger.reader)
    assert list(queries.signatories(reader=stranger.reader)) == []
    assert len(queries.signatories(reader=operator.reader)) == 1


def test_a_new_version_leaves_the_old_ones_powers_until_objections_are_over(operator, director):
    services.sign(COMMON, by=director)
    services.load_agreement(second_version(), by=operator)
    services.put_in_force(2, by=operator)

    assert jobs.end_replaced_versions.call() == 0
    assert Power.SHARE in of(director.organisation).powers
    AgreementVersion.objects.filter(version=1).update(ends_at=world.now())
    assert jobs.end_replaced_versions.call() == 1
    assert of(director.organisation).powers == frozenset()


def test_who_signs_the_new_version_has_moved(operator, director):
    services.sign(ALL, by=director)
    services.load_agreement(second_version(), by=operator)
    services.put_in_force(2, by=operator)

    services.sign(COMMON, by=director)

    found = adherence(director)
    assert found.version.version == 2
    assert of(director.organisation).reader.reads_up_to == Tlp.GREEN


def test_the_same_text_twice_is_one_version_and_a_gap_is_refused(operator):
    text = second_version()
    services.load_agreement(text, by=operator)

    assert services.load_agreement(text, by=operator).version == 2
    with pytest.raises(Conflict, match="says that it is version 5; expected 3"):
        services.load_agreement(text.replace("version = 2", "version = 5", 1), by=operator)
    with pytest.raises(Conflict, match="Version 1 is in-force already"):
        services.put_in_force(1, by=operator)


def test_without_an_agreement_nobody_can_sign():
    factories.hub()
    member = of(factories.organisation(granted="", reads_up_to=NOTHING), "director")

    with pytest.raises(NotFound, match="No agreement is in force yet"):
        services.sign(COMMON, by=member)


def test_who_leaves_has_signed_nothing_any_more(operator, director):
    services.sign(ALL, by=director)

    services.leave_organisation(director.organisation.slug, by=operator)

    assert list(queries.signatories(reader=operator.reader)) == []
    assert of(director.organisation).powers == frozenset()


def test_every_change_is_in_the_journal(operator, director):
    services.sign(COMMON, by=director)

    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-3:] == ["agreement-proposed", "agreement-in-force", "agreement-signed"]
