"""Organisations: founding the hub, joining, leaving."""

import json

import pytest

from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.core.stix import WELL_KNOWN_MARKINGS
from minga.features.membership import queries, services
from minga.features.membership.services import NewOrganisation
from minga.store.journal.models import Entry
from minga.store.objects.queries import readable
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def operator() -> Actor:
    return Actor(organisation=factories.hub())


def test_a_hub_is_founded_once():
    services.found_hub(NewOrganisation("CSIRT Nacional"))

    with pytest.raises(Conflict, match="CSIRT Nacional already"):
        services.found_hub(NewOrganisation("Another"))


def test_the_founding_is_in_the_journal():
    hub = services.found_hub(NewOrganisation("CSIRT Nacional"))

    entry = Entry.objects.get()
    assert (entry.action, entry.organisation) == ("hub-founded", hub)


def test_a_founded_hub_shows_its_identity_and_the_nine_labels():
    hub = services.found_hub(NewOrganisation("CSIRT Nacional"))

    shown = readable(reader=Actor(organisation=hub).reader)
    assert shown.filter(stix_id=hub.stix_id).count() == 1
    labels = shown.filter(type="marking-definition").values_list("stix_id", flat=True)
    assert set(labels) == WELL_KNOWN_MARKINGS.keys()


def test_every_member_reads_the_identity_of_a_new_one_that_signed():
    by, other = operator(), factories.member()
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)

    created = services.create_organisation(NewOrganisation("Banco Ñandú", sector="banking"), by=by)
    services.record_paper(created, None, by=by, reference="acta")

    version = readable(reader=other.reader).get(stix_id=created.stix_id)
    identity = json.loads(bytes(version.raw))
    assert identity["name"] == "Banco Ñandú"
    assert identity["sectors"] == ["banking"]
    assert identity["created"] == identity["modified"] == version.version


def test_a_new_member_reads_nothing_until_it_signs_and_then_what_was_there_before():
    by = operator()
    services.load_shipped_agreement("model", by=by)
    services.put_in_force(1, by=by)
    first = services.create_organisation(NewOrganisation("First"), by=by)
    services.record_paper(first, None, by=by, reference="acta 1")
    second = services.create_organisation(NewOrganisation("Second"), by=by)
    mine = readable(reader=Actor(organisation=second).reader)
    assert not mine.exclude(type="marking-definition").exists()

    services.record_paper(second, None, by=by, reference="acta 2")

    assert readable(reader=Actor(organisation=second).reader).filter(stix_id=first.stix_id).exists()


def test_the_short_name_is_made_of_the_name():
    created = services.create_organisation(
        NewOrganisation("  Eléctrica   del Sur S.A. "), by=operator()
    )

    assert (created.name, created.slug) == ("Eléctrica del Sur S.A.", "electrica-del-sur-sa")


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (NewOrganisation(" "), "name has 0 characters"),
        (NewOrganisation("A" * 121), "name has 121 characters"),
        (NewOrganisation("ab\u202ecd"), "invisible characters"),
        (NewOrganisation("ññ", slug="Ñ"), "short name is 'Ñ'"),
        (NewOrganisation("名前"), "short name is ''"),
        (NewOrganisation("A", rut="76.086.428-4"), "expected 5"),
        (NewOrganisation("A", region="XX"), "Region is 'XX'"),
        (NewOrganisation("A", sector="x" * 41), "Sector has 41"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(draft, words):
    with pytest.raises(Invalid, match=words):
        services.create_organisation(draft, by=operator())
    assert Organisation.objects.count() == 1


def test_a_short_name_or_rut_is_given_once():
    by = operator()
    services.create_organisation(NewOrganisation("Uno", rut="76.086.428-5"), by=by)

    with pytest.raises(Conflict, match="'uno' is taken"):
        services.create_organisation(NewOrganisation("Uno"), by=by)
    with pytest.raises(Conflict, match="76086428-5 belongs already"):
        services.create_organisation(NewOrganisation("Dos", rut="760864285"), by=by)


@pytest.mark.parametrize("role", ["counterpart", "analyst", "administrator"])
def test_only_the_hub_lets_organisations_in_and_out(role):
    factories.hub()
    member = factories.member(role=role)

    with pytest.raises(Forbidden):
        services.create_organisation(NewOrganisation("New"), by=member)
    with pytest.raises(Forbidden):
        services.leave_organisation(member.organisation.slug, by=member)


def test_who_leaves_reads_nothing_and_enters_nowhere():
    by = operator()
    leaving = services.create_organisation(NewOrganisation("Leaving"), by=by)
    person = factories.person(leaving)
    token = services.create_sign_in_link(person.email, by=by)
    _, secret = services.create_key(leaving, by=by, name="poller")

    services.leave_organisation("leaving", by=by)

    assert not readable(reader=Actor(organisation=leaving).reader).exists()
    assert factories.enter(secret) is None
    assert credentials.use_link(token) is None
    with pytest.raises(NotFound):
        queries.organisation("leaving", reader=by.reader)


def test_the_hub_does_not_leave():
    by = operator()

    with pytest.raises(Invalid, match="cannot leave itself"):
        services.leave_organisation(by.organisation.slug, by=by)
