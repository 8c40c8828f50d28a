"""What becomes of an organisation's contributions when it has left."""

from __future__ import annotations

import json

import pytest

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.stix import read_envelope
from minga.features.exchange import jobs, queries, services
from minga.features.exchange.queries.listing import withdrawn_among
from minga.features.exchange.services import settling
from minga.features.membership import services as membership
from minga.store import world
from minga.store.objects.models import Contribution, Feedback, Publication, Version
from minga.store.people.actors import Actor
from minga.store.people.models import Departure
from tests import factories
from tests.features.exchange.browsing import only, page, share, signed_in
from tests.features.exchange.test_sharing import feed

pytestmark = pytest.mark.django_db
TAXII = Contribution.Door.TAXII
OUTSIDE = "identity--00000000-0000-4000-8000-00000000cafe"


@pytest.fixture
def author():
    factories.hub()
    return factories.member(factories.organisation("Banco Azul"))


def leaves(author, fate):
    """The organisation is out, and what becomes of its contributions is decided."""
    membership.leave_organisation(author.organisation.slug, by=Actor(factories.hub()))
    Departure.objects.filter(organisation=author.organisation).update(fate=fate, settled_at=None)


def settled(author, fate):
    leaves(author, fate)
    jobs.settle_departures.call()
    return Departure.objects.get(organisation=author.organisation)


def bundle(author, *objects):
    reading = read_envelope(json.dumps({"objects": list(objects)}).encode())
    receipt = services.receive(reading, by=author, door=TAXII)
    assert not receipt.failures, receipt.failures


def thing(kind, number, *, second=0, by=None, **fields):
    made = {
        "type": kind, "spec_version": "2.1",
        "id": f"{kind}--00000000-0000-4000-8000-{number:012}",
        "created": "2026-01-01T00:00:00.000Z", "modified": f"2026-01-01T00:00:{second:02}.000Z",
        **fields,
    }  # fmt: skip
    return made | ({"created_by_ref": by} if by else {})


def malware(number, **fields):
    return thing("malware", number, is_family=False, name=f"Malware {number}", **fields)


def names_nobody(author, *texts):
    """Neither the name nor any identifier of the organisation stands in these texts."""
    gone = author.organisation
    return not any(
        word in text for text in texts for word in (gone.name, str(gone.uuid), gone.slug)
    )


def test_what_stays_is_untouched(author):
    share(author)
    reader = factories.member()
    before = feed(reader)

    membership.leave_organisation(author.organisation.slug, by=Actor(factories.hub()))
    jobs.settle_departures.call()

    assert feed(reader) == before
    assert Departure.objects.get(organisation=author.organisation).settled_at


def test_what_is_withdrawn_reaches_every_reader_as_a_tombstone(author):
    reader = factories.member()
    shared = share(author)
    before = {each["id"] for each in feed(reader)}

    departure = settled(author, "withdraw")

    after = {each["id"]: each for each in feed(reader)}
    own = {i for i in before if i.split("--")[0] in {"report", "indicator", "relationship"}}
    assert own
    assert all(after[stix_id]["revoked"] for stix_id in own)
    assert not any(stix_id.startswith(("url--", "domain-name--")) for stix_id in after)
    assert departure.settled_at
    answer = signed_in(reader, "en").get(page(shared))
    assert "Withdrawn" in answer.content.decode()
    assert shared.pk in withdrawn_among([_again(shared)], reader=reader.reader)


def test_a_tombstone_says_to_each_audience_only_what_it_could_read(author):
    """The first version went to everybody, the second only to one of them."""
    reader, partner = factories.member(), factories.member()
    bundle(author, malware(1, description="for everybody"))
    circle = factories.circle(author.organisation, partner.organisation)
    later = malware(1, second=1, description="for the circle")
    reading = read_envelope(json.dumps({"objects": [later]}).encode())
    inside = Actor(author.organisation, person=author.person)
    services.receive(reading, by=inside, door=TAXII, circle=circle)

    settled(author, "withdraw")

    assert "for the circle" not in json.dumps(feed(reader))
    assert [each["revoked"] for each in feed(reader, versions=("last",)) if "malware" in each["id"]]
    ended = [each for each in feed(partner) if each.get("revoked")]
    assert any("circle" in each["description"] for each in ended)


def test_what_many_bring_and_what_somebody_outside_made_goes_without_a_word(author):
    reader, other = factories.member(), factories.member()
    relayed = malware(1, by=OUTSIDE)
    bundle(author, relayed)
    share(other, text="Vimos 198.51.100.9 hoy.")
    held = {each["id"] for each in feed(reader)} - {relayed["id"]}

    settled(author, "withdraw")

    assert {each["id"] for each in feed(reader)} == held


def test_nobody_can_tell_any_more_who_shared_what_is_anonymised(author):
    reader, late = factories.member(), factories.organisation()
    shared = share(author, text="Desde acceso-falso.example se roban claves.")
    bundle(author, malware(1, by=author.organisation.stix_id), malware(2))
    titles = set(queries.contributions(reader=reader.reader).values_list("title", flat=True))

    settled(author, "anonymise")

    for reading in (reader, factories.member(late)):
        mine = feed(reading)
        made = [e for e in mine if e["type"] not in {"identity", "marking-definition"}]
        assert names_nobody(author, *(json.dumps(each) for each in made))
        assert {e["created_by_ref"] for e in made if "created" in e} == {factories.hub().stix_id}
        listed = queries.contributions(reader=reading.reader)
        assert set(listed.values_list("title", flat=True)) == titles
        assert {queries.speaker(each, reader=reading.reader) for each in listed} == {
            factories.hub()
        }
        browser = signed_in(reading, "en")
        shown = browser.get(page(shared)).content.decode()
        assert names_nobody(author, shown, browser.get("/alerts/").content.decode())
        assert "who vouches for a member" in shown
        assert "acceso-falso" in shown


def test_what_is_said_anew_refers_to_itself(author):
    reader = factories.member()
    share(author)

    settled(author, "anonymise")

    made = {each["id"]: each for each in feed(reader)}
    (report,) = (each for each in made.values() if each["type"] == "report")
    assert set(report["object_refs"]) <= made.keys()
    assert len(report["object_refs"]) > 2


def test_the_name_no_longer_travels_with_what_it_shared(author):
    reader = factories.member()
    share(author)

    settled(author, "anonymise")

    alerts = queries.collection("alerts", reader=reader.reader)
    shown = queries.page(
        alerts, queries.Filters(), reader=reader.reader, limit=100, with_bytes=True
    )
    assert author.organisation.stix_id not in {row.stix_id for row in shown.rows}


def test_nobody_reads_more_than_before_the_hub_included(author):
    named, outsider = factories.member(), factories.member()
    hub = factories.member(factories.hub())
    shared = share(author, audience=only(named, tlp=Tlp.RED))

    settled(author, "anonymise")

    assert queries.contribution(str(shared.uuid), reader=named.reader).title == shared.title
    for actor in (outsider, hub):
        assert not queries.contributions(reader=actor.reader)
        assert not [e for e in feed(actor) if e["type"] == "report"]


def test_what_came_from_outside_is_relayed_to_the_letter_and_names_nobody(author):
    reader = factories.member()
    bundle(author, malware(1, by=OUTSIDE))
    before = Version.objects.get(created_by_ref=OUTSIDE)

    settled(author, "anonymise")

    (after,) = (each for each in feed(reader) if each["type"] == "malware")
    assert after == json.loads(bytes(before.raw))


def test_each_contribution_is_whole_at_every_moment(author):
    reader = factories.member()
    bundle(author, malware(1), thing("report", 1, name="One", published="2026-01-01T00:00:00Z",
           object_refs=[malware(1)["id"]]))  # fmt: skip
    bundle(author, thing("report", 2, name="Two", published="2026-01-01T00:00:00Z",
           object_refs=[malware(1)["id"]]))  # fmt: skip
    leaves(author, "anonymise")

    assert settling.settle_departures(at_most=1) == 1

    standing = {each["id"] for each in feed(reader)}
    for report in (each for each in feed(reader) if each["type"] == "report"):
        assert set(report["object_refs"]) <= standing
    assert settling.settle_departures() == 1
    reports = [each for each in feed(reader) if each["type"] == "report"]
    (kept,) = {each["id"] for each in feed(reader) if each["type"] == "malware"}
    assert [each["object_refs"] for each in reports] == [[kept], [kept]]


@pytest.mark.parametrize("fate", ["anonymise", "withdraw"])
def test_stopped_anywhere_it_goes_on_and_does_nothing_twice(author, fate):
    for number in range(4):
        bundle(author, malware(number))
    leaves(author, fate)

    steps = [settling.settle_departures(at_most=1) for _ in range(4)]
    settling.settle_departures()
    stamps = list(Publication.objects.values_list("added_at", flat=True))

    assert steps == [1, 1, 1, 1]
    assert settling.settle_departures() == 0
    assert list(Publication.objects.values_list("added_at", flat=True)) == stamps
    departure = Departure.objects.get(organisation=author.organisation)
    assert departure.settled_at
    assert bytes(departure.seal) == b""


def test_a_long_departure_lets_other_work_go_first(author, monkeypatch):
    monkeypatch.setattr(settling, "AT_ONCE", 1)
    bundle(author, malware(1))
    bundle(author, malware(2))
    leaves(author, "withdraw")

    assert settling.settle_departures(at_most=1) == 1
    assert settling.is_unsettled()


def test_sightings_and_verdicts_of_others_go_on_counting(author):
    other = factories.member()
    bundle(author, malware(1))
    now = world.now()
    services.report_sighting(
        malware(1)["id"], by=other, count=3, first_seen_at=now, last_seen_at=now
    )

    settled(author, "anonymise")

    (new,) = (each["id"] for each in feed(other) if each["type"] == "malware")
    assert queries.sightings_of([new], reader=other.reader)[new].events == 3


@pytest.mark.parametrize(("fate", "events"), [("anonymise", 2), ("withdraw", 0)])
def test_what_it_saw_and_said_itself_is_nameless_or_gone(author, fate, events):
    other = factories.member()
    bundle(other, malware(1))
    now, seen = world.now(), malware(1)["id"]
    services.report_sighting(
        seen, by=author, count=2, first_seen_at=now, last_seen_at=now, is_named=True
    )
    services.give_feedback(
        seen, by=author, verdict=Feedback.Verdict.MITIGATED, note="Banco Azul lo bloqueó"
    )

    settled(author, fate)

    told = queries.sightings_of([seen], reader=other.reader).get(seen)
    assert (told.events if told else 0) == events
    assert told is None or told.named == ()
    assert queries.feedback_on(seen, reader=other.reader).told == ()
    assert not [e for e in feed(other, versions=("last",))
                if e["type"] == "sighting" and not e.get("revoked")]  # fmt: skip


def test_others_who_carried_it_carry_what_follows(author):
    """A report by somebody else refers to what the organisation shared."""
    other = factories.member()
    bundle(author, malware(1))
    (carried,) = Version.objects.filter(type="malware")
    bundle(other, json.loads(bytes(carried.raw)), thing(
        "report", 9, name="Theirs", published="2026-01-01T00:00:00Z",
        object_refs=[malware(1)["id"]]))  # fmt: skip

    settled(author, "anonymise")

    theirs = queries.contributions(reader=other.reader).get(producer=other.organisation)
    inside = queries.objects_in(theirs, reader=other.reader)
    assert inside.filter(type="malware", producer=factories.hub()).exists()


def _again(contribution):
    return Contribution.objects.get(pk=contribution.pk)


def test_the_hub_can_end_what_it_vouches_for(author):
    hub = factories.member(factories.hub(), role="administrator")
    shared = share(author, audience=policy.Audience(Tlp.AMBER, everyone=True))

    settled(author, "anonymise")

    services.revoke(_again(shared).root_id, by=hub)
    assert withdrawn_among([_again(shared)], reader=hub.reader)
