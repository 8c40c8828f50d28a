"""The directory: each field is shown to whom it is meant for, and to nobody else."""

import json

import pytest

from minga.core.policy import NOTHING, PUBLIC
from minga.core.problems import Forbidden, Invalid, NotFound
from minga.core.sectors import REGIONS, SECTORS, region_name, sector_name
from minga.features.membership import queries, services
from minga.features.membership.queries import Adhering, Filter
from minga.features.membership.services import NewOrganisation, Profile
from minga.store.journal.models import Entry
from minga.store.objects.models import Version
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
SAID = Profile(
    sector="energy", region="BI", size="large", security_email="csirt@example.cl",
    security_phone="+56 2 2345 6789", security_web="https://example.cl/security",
)  # fmt: skip
ALWAYS = {"name", "legal_name", "sector", "region", "is_essential", "is_vital"}
RESERVED = {"rut", "size", "adherence", "publicity"}


@pytest.fixture
def operator():
    return Actor(organisation=factories.hub())


@pytest.fixture
def known(operator):
    """A member of which everything is said."""
    made = factories.organisation(
        "Eléctrica", slug="electrica", rut="76086428-5", legal_name="Eléctrica S.A.",
        is_essential=True, is_vital=True,
    )  # fmt: skip
    services.describe_organisation("electrica", SAID, by=operator)
    return made


def shown(member):
    """The names of the fields that say something."""
    fields = ALWAYS | RESERVED | {"contact", "circles"}
    return {name for name in fields if getattr(member, name)}


@pytest.mark.parametrize("audience", ["hub", "members"])
@pytest.mark.parametrize("kind", ["itself", "hub", "in its circle", "elsewhere"])
def test_each_kind_of_reader_sees_the_fields_meant_for_him(operator, known, audience, kind):
    Organisation.objects.filter(pk=known.pk).update(shows_contact=audience)
    other = factories.organisation()
    factories.circle(known, *([other] if kind == "in its circle" else []))
    reads = {"itself": known, "hub": operator.organisation}.get(kind, other)

    seen = queries.member("electrica", reader=Actor(reads).reader)

    expected = set(ALWAYS)
    if kind in {"itself", "hub"}:
        expected |= RESERVED | {"contact", "circles"}
    if audience == "members":
        expected |= {"contact"}
    if kind == "in its circle":
        expected |= {"circles"}
    assert shown(seen) == expected


def test_the_public_sees_nobody(known):
    assert not queries.belonging(reader=PUBLIC).exists()
    with pytest.raises(NotFound):
        queries.member("electrica", reader=PUBLIC)


def test_who_has_not_signed_is_known_to_the_hub_and_to_itself_only(operator):
    invited = factories.organisation(slug="invited", granted="", reads_up_to=NOTHING)
    other = factories.organisation()

    assert invited in queries.belonging(reader=operator.reader)
    assert invited in queries.belonging(reader=Actor(invited).reader)
    assert invited not in queries.belonging(reader=Actor(other).reader)
    with pytest.raises(NotFound) as unseen:
        queries.member("invited", reader=Actor(other).reader)
    with pytest.raises(NotFound) as unknown:
        queries.member("unknown", reader=Actor(other).reader)
    assert unseen.value.message == unknown.value.message.replace("unknown", "invited")


def test_who_has_not_signed_sees_the_hub_alone(operator):
    invited = factories.organisation(granted="", reads_up_to=NOTHING)
    factories.organisation(slug="other", shows_contact="members", security_email="a@example.cl")
    reader = Actor(invited).reader

    assert set(queries.belonging(reader=reader)) == {operator.organisation, invited}
    with pytest.raises(NotFound):
        queries.member("other", reader=reader)


def test_a_circle_that_the_reader_is_not_in_is_never_in_common(operator):
    ours, theirs = factories.organisation(), factories.organisation(slug="theirs")
    third = factories.organisation()
    shared, hidden = factories.circle(ours, theirs), factories.circle(theirs, third)

    of = {who: queries.member("theirs", reader=Actor(who).reader).circles
          for who in (ours, theirs, operator.organisation)}  # fmt: skip

    assert of[ours] == (shared,)
    assert set(of[theirs]) == set(of[operator.organisation]) == {shared, hidden}


def test_filters_narrow_by_sector_region_and_shared_circle(operator):
    us = factories.organisation(sector="water", region="VS")
    a = factories.organisation(sector="water", region="RM")
    b = factories.organisation(sector="energy", region="VS")
    factories.circle(us, b)
    reader = Actor(us).reader

    assert set(queries.matching_members(Filter(sector="water"), reader=reader)) == {us, a}
    assert set(queries.matching_members(Filter(region="VS"), reader=reader)) == {us, b}
    assert set(queries.matching_members(Filter(shares_circle=True), reader=reader)) == {b}
    both = Filter(sector="water", shares_circle=True)
    assert not queries.matching_members(both, reader=reader).exists()


def test_the_filters_offered_are_of_who_belongs(operator):
    us = factories.organisation(sector="water", region="VS")
    factories.organisation(sector="energy", region="RM", granted="", reads_up_to=NOTHING)

    assert queries.places(reader=Actor(us).reader) == (["water"], ["VS"])


def test_the_state_of_adherence_follows_the_signatures(operator):
    services.load_shipped_agreement("model", by=operator)
    services.put_in_force(1, by=operator)
    made = services.create_organisation(NewOrganisation("Nueva"), by=operator)

    assert queries.member("nueva", reader=operator.reader).adherence == Adhering.UNSIGNED
    services.record_paper(made, None, by=operator, reference="acta")
    assert queries.member("nueva", reader=operator.reader).adherence == Adhering.IN_FORCE


def test_describing_many_takes_as_many_queries_as_describing_one(
    operator, django_assert_num_queries
):
    for _ in range(12):
        factories.circle(factories.organisation())

    reader = operator.reader
    with django_assert_num_queries(3):
        assert len(queries.described(queries.belonging(reader=reader), reader=reader)) == 13


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sector": "x" * 41}, "sector"),
        ({"region": "XX"}, "region"),
        ({"size": "huge"}, "size"),
        ({"security_email": "csirt"}, "security_email"),
        ({"security_phone": "2345 6789"}, "security_phone"),
        ({"security_phone": "+56" + "1" * 30}, "security_phone"),
        ({"security_web": "javascript:alert(1)"}, "security_web"),
        ({"security_web": "https://example.cl/" + "a" * 200}, "security_web"),
        ({"shows_contact": "public"}, "shows_contact"),
    ],
)
def test_what_an_organisation_cannot_say_is_refused_by_name(operator, known, wrong, field):
    with pytest.raises(Invalid) as refused:
        services.describe_organisation("electrica", Profile(**wrong), by=operator)

    assert refused.value.field == field
    assert Organisation.objects.get(pk=known.pk).sector == "energy"


@pytest.fixture
def invited(operator):
    """A new organisation that may sign, and has not."""
    services.load_shipped_agreement("model", by=operator)
    services.put_in_force(1, by=operator)
    return services.create_organisation(NewOrganisation("Nueva", sector="energy"), by=operator)


def identities_of(organisation):
    """What the versions of its STIX identity say, in their order."""
    versions = Version.objects.filter(stix_id=organisation.stix_id).order_by("pk")
    return [json.loads(bytes(each.raw)) for each in versions]


def test_nobody_learns_of_who_was_invited_until_it_signs(operator, invited):
    services.describe_organisation("nueva", Profile(sector="water"), by=operator)
    before = identities_of(invited)

    services.record_paper(invited, None, by=operator, reference="acta")

    assert before == []
    assert [each["sectors"] for each in identities_of(invited)] == [["water"]]


def test_another_sector_is_a_new_version_of_the_identity(operator, invited):
    services.record_paper(invited, None, by=operator, reference="acta")

    services.describe_organisation("nueva", Profile(sector="water"), by=operator)
    services.describe_organisation("nueva", Profile(sector="water", region="RM"), by=operator)

    said = identities_of(invited)
    assert [each["sectors"] for each in said] == [["energy"], ["water"]]
    assert said[0]["created"] == said[1]["created"] < said[1]["modified"]


def test_describing_says_in_the_journal_which_fields_changed_and_not_to_what(operator, known):
    entry = Entry.objects.filter(action="organisation-described").get()

    assert entry.details["fields"][0] == "region"
    assert "csirt@example.cl" not in str(entry.details)
    services.describe_organisation("electrica", SAID, by=operator)
    assert Entry.objects.filter(action="organisation-described").count() == 1


@pytest.mark.parametrize("role", ["analyst", "reader", "director"])
def test_who_does_not_administer_describes_nothing(known, role):
    with pytest.raises(Forbidden):
        services.describe_organisation(
            "electrica", Profile(), by=factories.member(known, role=role)
        )


def test_only_the_hub_classifies_and_describes_others(operator, known):
    counterpart = factories.member(role="counterpart")

    with pytest.raises(Forbidden):
        services.describe_organisation("electrica", Profile(), by=counterpart)
    with pytest.raises(Forbidden):
        services.classify_organisation(
            "electrica", by=factories.member(known, role="counterpart"),
            is_essential=False, is_vital=False,
        )  # fmt: skip
    changed = services.classify_organisation(
        "electrica", by=operator, is_essential=False, is_vital=True
    )
    assert (changed.is_essential, changed.is_vital) == (False, True)


def test_sectors_and_regions_have_names_and_others_are_their_own():
    assert len(REGIONS) == 16
    assert sector_name("water", language="es") == "Agua potable y saneamiento"
    assert sector_name("water", language="en") == "Drinking water and sanitation"
    assert (sector_name("casinos", language="es"), region_name("RM")) == (
        "casinos", "Metropolitana",
    )  # fmt: skip
    assert {each.law for each in SECTORS.values()} == {"", "Ley 21.663, art. 4"}
