"""Sharing and reading by the API: the right members, in the right words."""

import pytest

from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.faces.api import addressing, schemas
from minga.features.exchange import services
from minga.store.objects.models import Contribution
from tests import factories
from tests.faces.api.conversation import EVERYONE, Caller, draft

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_what_is_shared_is_read_by_those_it_is_for(two):
    shared = two.sharing.share(codes=[{"scheme": "csirt", "code": "8FFR-1"}], confidence=80)

    read = two.reading.get(f"contributions/{shared['id']}").json()

    assert read == shared | {"own": False}
    assert read["codes"] == [{"scheme": "csirt", "code": "8FFR-1"}]
    assert read["organisation"]["slug"] == two.sharer.organisation.slug
    assert [item["id"] for item in two.reading.every("contributions")] == [shared["id"]]


def test_what_is_for_others_and_what_does_not_exist_are_the_same_bytes(two):
    named = {"tlp": "TLP:RED", "organisations": [two.sharer.organisation.slug]}
    secret = two.sharing.share(audience=named)

    for end in ("", "/readers", "/objects", "/objects.csv"):
        hidden = two.reading.get(f"contributions/{secret['id']}{end}")
        nothing = two.reading.get(f"contributions/{UNKNOWN}{end}")
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.content.replace(secret["id"].encode(), UNKNOWN.encode()) == nothing.content
        assert hidden.headers == nothing.headers
    assert two.reading.get("contributions").json()["items"] == []


@pytest.mark.parametrize("method", ["put", "post"])
def test_who_may_not_see_it_may_not_change_it_either(two, method):
    named = {"tlp": "TLP:RED", "organisations": [two.sharer.organisation.slug]}
    secret = two.sharing.share(audience=named)
    other = Caller(factories.key_of()[1])
    path = f"contributions/{secret['id']}" + ("/widen" if method == "post" else "")
    body = {"audience": EVERYONE} if method == "post" else wording()
    assert other.send(method, path, body).status_code == 404


def test_who_sees_it_may_not_change_what_is_anothers(two):
    shared = two.sharing.share()
    other = Caller(factories.key_of()[1])
    assert other.send("put", f"contributions/{shared['id']}", wording()).status_code == 403
    widened = other.post(f"contributions/{shared['id']}/widen", {"audience": EVERYONE})
    assert widened.status_code == 403


def test_the_same_request_key_again_is_the_same_contribution(two):
    key = {"Idempotency-Key": "7f4c-once"}
    first = two.sharing.share(key)
    again = two.sharing.share(key, title="Otra cosa")
    assert again == first
    assert Contribution.objects.count() == 1


def test_two_members_may_use_the_same_request_key(two):
    key = {"Idempotency-Key": "1"}
    other = Caller(factories.key_of()[1])
    assert other.share(key)["id"] != two.sharing.share(key)["id"]


def test_a_revision_is_read_by_the_same_readers(two):
    shared = two.sharing.share()
    revised = two.sharing.send("put", f"contributions/{shared['id']}", wording(title="Corregido"))
    assert revised.status_code == 200, revised.content
    read = two.reading.get(f"contributions/{shared['id']}").json()
    assert (read["title"], read["object_id"]) == ("Corregido", shared["object_id"])
    versions = two.reading.every(f"objects/{shared['object_id']}/versions")
    assert [version["name"] for version in versions] == ["Corregido", shared["title"]]


def test_a_contribution_is_widened_to_a_circle_and_not_narrowed_again(two):
    own = {"tlp": "TLP:AMBER", "organisations": [two.sharer.organisation.slug]}
    shared = two.sharing.share(audience=own)
    path = f"contributions/{shared['id']}/widen"
    wider = {"tlp": "TLP:AMBER", "circles": [two.circle.slug]}

    assert two.sharing.post(path, {"audience": wider}).status_code == 200

    assert two.reading.get(f"contributions/{shared['id']}").status_code == 200
    refused = two.sharing.post(path, {"audience": own})
    assert (refused.status_code, refused.json()["field"]) == (422, "audience")


def test_a_circle_that_is_not_there_and_one_of_others_are_refused_alike(two):
    others = factories.circle(factories.organisation())
    answers = [
        two.sharing.post("contributions", draft(audience={"tlp": "TLP:AMBER", "circles": [slug]}))
        for slug in (others.slug, "no-such-circle")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    hidden, nothing = (answer.content for answer in answers)
    assert hidden.replace(others.slug.encode(), b"no-such-circle") == nothing


def test_what_the_hub_vouches_for_names_the_hub_and_not_its_producer(two):
    shared = two.sharing.share(vouched=True)
    read = two.reading.get(f"contributions/{shared['id']}").json()
    assert shared["organisation"]["slug"] == two.sharer.organisation.slug
    assert (read["organisation"]["role"], read["vouched"]) == ("hub", True)
    everything = two.reading.get("contributions").content + two.reading.get("objects").content
    for trace in (two.sharer.organisation.name, str(two.sharer.organisation.uuid)):
        assert trace.encode() not in everything


def test_values_are_taken_as_they_are_pasted_or_with_their_kind(two):
    mutex = {"kind": "mutex", "value": "Global\\abc"}
    shared = two.sharing.share(observables=["198.51.100[.]7", mutex])
    carried = two.reading.every(f"contributions/{shared['id']}/objects")
    names = {each["name"] for each in carried if each["type"] == "indicator"}
    assert names == {"ipv4: 198.51.100.7", "mutex: Global\\abc"}


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"title": ""}, "title", "at least 1 character"),
        ({"title": "x" * 301}, "title", "300"),
        ({"kind": "rumour"}, "kind", "expected one of alert"),
        ({"audience": {"tlp": "TLP:PINK", "everyone": True}}, "tlp", "TLP:AMBER"),
        ({"audience": {"tlp": "TLP:GREEN"}}, "audience", "empty"),
        ({"audience": {"tlp": "TLP:RED", "everyone": True}}, "audience", "TLP:RED"),
        ({"audience": {"tlp": "TLP:AMBER", "everyone": 1}}, "audience.everyone", "boolean"),
        ({"confidence": 101}, "confidence", "100"),
        ({"confidence": True}, "confidence", "integer"),
        ({"observables": ["no es nada"]}, "observables", r"observables\[0\]"),
        ({"codes": [{"scheme": "", "code": "1"}]}, "codes.0.scheme", "at least 1"),
        ({"producer": "other"}, "producer", "not permitted"),
        ({"root_id": "report--x"}, "root_id", "not permitted"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_by_its_field(two, fields, field, says):
    answer = two.sharing.post("contributions", draft(**fields))
    problem = answer.json()
    assert (answer.status_code, problem["field"]) == (422, field), problem
    assert says.replace("\\", "") in problem["detail"]
    assert not Contribution.objects.exists()


def test_lists_are_narrowed_by_kind_label_words_and_ownership(two):
    green = {"tlp": "TLP:GREEN", "everyone": True}
    strict = {"tlp": "TLP:AMBER+STRICT", "everyone": True}
    alert = two.sharing.share(audience=green, title="Ola de phishing")["id"]
    report = two.sharing.share(kind="report", audience=strict, title="Informe anual")["id"]

    def ids(caller=two.reading, path="contributions", **query):
        return {item["id"] for item in caller.every(path, **query)}

    assert ids(kind="report") == {report}
    assert ids(tlp="TLP:GREEN") == {alert}
    assert ids(tlp="TLP:AMBER+STRICT") == {report}
    assert ids(q="PHISHING ola") == {alert}
    assert ids(path="search", q="anual") == {report}
    assert ids(own="true") == set()
    assert ids(two.sharing, own="true") == {alert, report}


def test_a_plus_sign_that_a_query_string_turned_into_a_blank_is_still_understood(two):
    two.sharing.share(audience={"tlp": "TLP:AMBER+STRICT", "everyone": True})
    answer = two.reading.client.get(
        "/api/v1/contributions?tlp=TLP:AMBER+STRICT", headers=two.reading.headers
    )
    assert [item["tlp"] for item in answer.json()["items"]] == [Tlp.AMBER_STRICT.label]


def test_who_reads_it_is_told_in_counts_and_by_name_to_its_producer(two):
    shared = two.sharing.share(audience={"tlp": "TLP:AMBER", "circles": [two.circle.slug]})
    path = f"contributions/{shared['id']}/readers"
    mine, theirs = two.sharing.get(path).json(), two.reading.get(path).json()
    assert mine["organisations"] == theirs["organisations"] == 2
    assert set(mine["names"]) == {two.sharer.organisation.name, two.reader.organisation.name}
    assert theirs["names"] == []
    assert theirs["circles"] == [two.circle.name]


def test_a_page_and_the_api_share_the_same_thing(two):
    shared = two.sharing.share()
    assert Contribution.objects.get(uuid=shared["id"]).door == Contribution.Door.API
    services.revoke(
        two.reading.every(f"contributions/{shared['id']}/objects")[0]["id"], by=two.sharer
    )
    carried = two.reading.every(f"contributions/{shared['id']}/objects")
    assert [each["revoked"] for each in carried].count(True) == 1


def wording(**fields):
    return {k: v for k, v in draft(**fields).items() if k != "audience"}


@pytest.mark.django_db
def test_the_hub_addresses_nobody_by_an_address_that_two_people_have():
    """A member sees his own people alone, so only the hub could mean the wrong one."""
    hub = factories.member(factories.hub())
    for _ in range(2):
        factories.person(email="ana@example.cl")
    named = schemas.Audience(tlp="TLP:RED", people=["Ana@example.cl"])

    with pytest.raises(Invalid, match="found twice; name the organisation"):
        addressing.audience(named, reader=hub.reader)
