"""Sharing from a page or a machine: who gets what, and what is refused."""

import json

import pytest

from minga.core import policy
from minga.core.observables import Kind, Observable, recognise
from minga.core.policy import Tlp
from minga.core.problems import Forbidden, Invalid, NotFound
from minga.core.stix import read_envelope
from minga.features.exchange import queries, services
from minga.store.objects.models import Contribution, Feedback
from tests import factories

pytestmark = pytest.mark.django_db
ALERT = Contribution.Kind.ALERT
PAGE = Contribution.Door.PAGE
TAXII = Contribution.Door.TAXII


def draft(**fields):
    return services.Draft(
        **{
            "title": "Phishing contra clientes",
            "text": "Correo con enlace falso.",
            "kind": ALERT,
            "audience": policy.Audience(Tlp.AMBER, everyone=True),
            "observables": (recognise("hxxps://acceso[.]example/login"),),
        }
        | fields
    )


def feed(actor, **filters):
    collection = queries.collection("everything", reader=actor.reader)
    page = queries.page(
        collection, queries.Filters(**filters), reader=actor.reader, limit=1000, with_bytes=True
    )
    return [json.loads(row.raw) for row in page.rows]


@pytest.fixture(autouse=True)
def _hub():
    factories.hub()


def test_what_is_shared_on_a_page_is_stix_that_every_named_reader_gets():
    author, reader = factories.member(), factories.member()

    services.share(draft(), by=author, door=PAGE)

    got = {each["type"]: each for each in feed(reader)}
    assert {"report", "indicator", "url", "relationship"} <= got.keys()
    assert got["indicator"]["id"] in got["report"]["object_refs"]
    assert got["indicator"]["pattern"] == "[url:value = 'https://acceso.example/login']"
    assert got["report"]["created_by_ref"] == author.organisation.stix_id


def test_an_outsider_gets_nothing_of_what_names_others():
    author, named, outsider = factories.member(), factories.member(), factories.member()
    audience = policy.Audience(Tlp.RED, organisations=frozenset({named.organisation.pk}))

    shared = services.share(draft(audience=audience), by=author, door=PAGE)

    assert feed(outsider) == []
    assert feed(named)
    assert feed(author)
    with pytest.raises(NotFound):
        queries.contribution(str(shared.uuid), reader=outsider.reader)


def test_the_same_request_again_is_the_same_contribution():
    author = factories.member()
    first = services.share(draft(request_key="k"), by=author, door=PAGE)
    again = services.share(draft(request_key="k", title="Otro"), by=author, door=PAGE)
    assert first == again
    assert len(feed(author, types=("report",))) == 1


def test_a_reader_may_not_share():
    with pytest.raises(Forbidden, match="share"):
        services.share(draft(), by=factories.member(role="reader"), door=PAGE)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"text": "a\x00b"}, "text"),
        ({"confidence": 101}, "confidence"),
        ({"audience": policy.Audience(Tlp.RED, everyone=True)}, "audience"),
        ({"audience": policy.Audience(Tlp.GREEN)}, "audience"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_by_its_field(fields, field):
    with pytest.raises(Invalid) as refused:
        services.share(draft(**fields), by=factories.member(), door=PAGE)
    assert refused.value.field == field
    assert not Contribution.objects.exists()


def test_a_circle_that_is_not_ones_own_is_refused():
    other = factories.circle(factories.organisation())
    audience = policy.Audience(Tlp.AMBER, circles=frozenset({other.pk}))
    with pytest.raises(Invalid, match="circle"):
        services.share(draft(audience=audience), by=factories.member(), door=PAGE)


def test_who_widens_shows_it_to_the_new_readers_as_newly_added_and_to_nobody_twice():
    author, before, later = factories.member(), factories.member(), factories.member()
    narrow = policy.Audience(Tlp.AMBER, organisations=frozenset({before.organisation.pk}))
    shared = services.share(draft(audience=narrow), by=author, door=PAGE)
    assert feed(later) == []
    seen = feed(before, versions=())

    services.widen(str(shared.uuid), by=author, audience=policy.Audience(Tlp.AMBER, everyone=True))

    assert len(feed(later)) == len(seen)
    assert feed(before, versions=()) == seen


def test_only_its_producer_widens_a_contribution():
    author, other = factories.member(), factories.member()
    shared = services.share(draft(), by=author, door=PAGE)
    with pytest.raises(Forbidden):
        services.widen(
            str(shared.uuid), by=other, audience=policy.Audience(Tlp.GREEN, everyone=True)
        )


def test_a_revoked_object_reaches_whoever_had_it():
    author, reader = factories.member(), factories.member()
    services.share(draft(), by=author, door=PAGE)
    indicator = feed(reader, types=("indicator",))[0]

    services.revoke(indicator["id"], by=author)

    assert [each["revoked"] for each in feed(reader, types=("indicator",))] == [True]
    assert len(feed(reader, types=("indicator",), versions=())) == 2
    with pytest.raises(Forbidden):
        services.revoke(indicator["id"], by=reader)


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:60.000Z"])
def test_what_was_said_at_the_end_of_time_cannot_be_said_again(end):
    author = factories.member()
    last = indicator(modified=end)
    post(author, last)

    with pytest.raises(Invalid, match="no version can follow"):
        services.revoke(last["id"], by=author)


def test_what_was_withdrawn_is_not_said_again():
    author = factories.member()
    shared = services.share(draft(), by=author, door=PAGE)
    services.revoke(shared.root_id, by=author)

    with pytest.raises(Invalid, match="withdrawn, for good"):
        services.revise(str(shared.uuid), draft(title="Segunda versión"), by=author)


def test_a_revision_is_a_new_version_for_the_same_readers():
    author, reader = factories.member(), factories.member()
    shared = services.share(draft(), by=author, door=PAGE)
    services.revise(str(shared.uuid), draft(title="Segunda versión"), by=author)
    assert [each["name"] for each in feed(reader, types=("report",))] == ["Segunda versión"]
    assert queries.contribution(str(shared.uuid), reader=reader.reader).title == "Segunda versión"


def test_what_a_revision_names_again_stays_the_same_object():
    author, reader = factories.member(), factories.member()
    again, gone, new = (recognise(f"198.51.100.{n}") for n in (1, 2, 3))
    shared = services.share(draft(observables=(again, gone)), by=author, door=PAGE)
    before = {each["pattern"]: each["id"] for each in feed(reader, types=("indicator",))}

    services.revise(str(shared.uuid), draft(observables=(again, new)), by=author)

    after = {each["pattern"]: each["id"] for each in feed(reader, types=("indicator",))}
    assert before.items() <= after.items()
    named = feed(reader, types=("report",))[0]["object_refs"]
    assert after["[ipv4-addr:value = '198.51.100.1']"] in named
    assert after["[ipv4-addr:value = '198.51.100.2']"] not in named
    assert len(feed(reader, types=("indicator",), versions=())) == 3


def test_a_revision_that_names_a_command_again_makes_no_second_process():
    author = factories.member()
    command = draft(observables=(Observable(Kind.COMMAND_LINE, "whoami /all"),))
    shared = services.share(command, by=author, door=PAGE)
    before = feed(author, types=("process", "relationship"), versions=())

    services.revise(str(shared.uuid), command, by=author)

    assert [each["type"] for each in before] == ["process", "relationship"]
    assert feed(author, types=("process", "relationship"), versions=()) == before


def test_who_names_again_what_he_revoked_makes_a_new_object():
    author = factories.member()
    shared = services.share(draft(), by=author, door=PAGE)
    ended = feed(author, types=("indicator",))[0]["id"]
    services.revoke(ended, by=author)

    services.revise(str(shared.uuid), draft(), by=author)

    named = feed(author, types=("report",))[0]["object_refs"]
    assert ended not in named
    assert any(stix_id.startswith("indicator--") for stix_id in named)


def indicator(number=1, *, modified="2026-01-01T00:00:00.000Z", **fields):
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": modified,
        "pattern": f"[ipv4-addr:value = '198.51.100.{number}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    } | fields


def post(actor, *objects, circle=None):
    reading = read_envelope(json.dumps({"objects": objects}).encode())
    return services.receive(reading, by=actor, door=TAXII, circle=circle)


def test_a_bundle_becomes_one_contribution_and_sending_it_again_changes_nothing():
    author, reader = factories.member(), factories.member()
    first = post(author, indicator(1), indicator(2))
    again = post(author, indicator(1), indicator(2))

    assert [o.message for o in first.successes] == ["Added."] * 2
    assert [o.message for o in again.successes] == ["Object already added"] * 2
    assert len(first.contributions) == 1
    assert again.contributions == ()
    assert Contribution.objects.count() == 1
    assert len(feed(reader, types=("indicator",))) == 2


def test_the_same_version_with_other_bytes_is_refused_and_the_first_stays():
    author = factories.member()
    post(author, indicator(1))
    receipt = post(author, indicator(1, name="otro"))
    assert "other content" in receipt.failures[0].message
    assert "name" not in feed(author, types=("indicator",))[0]


def test_nobody_speaks_as_another_member():
    author, other = factories.member(), factories.member()
    receipt = post(author, indicator(1, created_by_ref=other.organisation.stix_id))
    assert "another member" in receipt.failures[0].message
    assert receipt.successes == ()


def test_nobody_versions_what_another_shared_with_him():
    author, reader = factories.member(), factories.member()
    post(author, indicator(1))
    receipt = post(reader, indicator(1, modified="2026-02-01T00:00:00.000Z"))
    assert "another producer" in receipt.failures[0].message


def test_an_id_that_another_uses_out_of_sight_is_free():
    author, outsider = factories.member(), factories.member()
    circle = factories.circle(author.organisation)
    post(author, indicator(1), circle=circle)

    receipt = post(outsider, indicator(1, modified="2026-02-01T00:00:00.000Z"))

    assert [o.message for o in receipt.successes] == ["Added."]
    assert feed(author, types=("indicator",))[0]["modified"] == "2026-01-01T00:00:00.000Z"
    assert feed(outsider, types=("indicator",))[0]["modified"] == "2026-02-01T00:00:00.000Z"


def test_a_wide_report_on_a_narrower_object_is_refused_with_its_name():
    author = factories.member()
    red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    secret = indicator(1, object_marking_refs=[red])
    report = {
        "type": "report",
        "spec_version": "2.1",
        "id": "report--00000000-0000-4000-8000-000000000001",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": "Informe",
        "published": "2026-01-01T00:00:00Z",
        "object_refs": [secret["id"], "indicator--00000000-0000-4000-8000-00000000dead"],
    }
    receipt = post(author, secret, report)
    assert [o.id for o in receipt.successes] == [secret["id"]]
    assert secret["id"] in receipt.failures[0].message
    assert "dead" not in receipt.failures[0].message


def test_a_sighting_shows_its_sender_to_others_only_as_a_count(django_assert_max_num_queries):
    from minga.store import world

    author, witness = factories.member(), factories.member()
    post(author, indicator(1))
    stix_id = indicator(1)["id"]
    once = {"count": 3, "first_seen_at": world.now(), "last_seen_at": world.now()}

    services.report_sighting(stix_id, by=witness, **once)

    told = queries.sightings_of([stix_id], reader=author.reader)[stix_id]
    assert (told.events, told.organisations, told.named) == (3, 1, ())
    own = queries.sightings_of([stix_id], reader=witness.reader)[stix_id]
    assert own.named == (witness.organisation.name,)
    assert [each["type"] for each in feed(author, types=("sighting",))] == []


def test_feedback_is_told_to_the_producer_with_its_sender_and_to_others_as_a_count():
    author, critic, third = factories.member(), factories.member(), factories.member()
    post(author, indicator(1))
    stix_id = indicator(1)["id"]
    services.give_feedback(
        stix_id, by=critic, verdict=Feedback.Verdict.FALSE_POSITIVE, note="Es nuestro."
    )
    assert queries.feedback_on(stix_id, reader=author.reader).told[0].said_by == critic.organisation
    assert queries.feedback_on(stix_id, reader=third.reader).told == ()
    assert queries.feedback_on(stix_id, reader=third.reader).counts == {"false-positive": 1}
