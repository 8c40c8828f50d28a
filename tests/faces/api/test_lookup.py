"""Looking up by the API, one value or ten thousand."""

import json

import pytest

from tests.faces.api.conversation import Caller

DOMAIN = "acceso-clientes.example"


def test_values_are_answered_in_their_order(two):
    shared = two.sharing.share(observables=[DOMAIN])
    values = ["acceso-clientes[.]example", "198.51.100.7", "no es nada"]
    answer = two.reading.post("lookup", {"values": values})
    known, unknown, unreadable = answer.json()["items"]
    assert (known["asked"], known["verdict"], known["value"]) == (values[0], "known", DOMAIN)
    assert {hit["type"] for hit in known["hits"]} == {"indicator", "domain-name"}
    assert known["hits"][0]["contributions"] == [{"id": shared["id"], "title": shared["title"]}]
    assert unknown == {
        "asked": "198.51.100.7", "verdict": "unknown", "kind": "ipv4", "value": "198.51.100.7",
    }  # fmt: skip
    assert unreadable == {"asked": "no es nada", "verdict": "unreadable"}


def test_a_few_values_may_stand_in_the_address(two):
    two.sharing.share(observables=[DOMAIN])
    items = two.reading.get("lookup", q=[DOMAIN, "a." + DOMAIN]).json()["items"]
    assert [item["verdict"] for item in items] == ["known", "unknown"]
    (near,) = items[1]["nearby"]
    assert (near["relation"], near["value"], near["verdict"]) == ("parent", DOMAIN, "known")


def test_a_secret_is_answered_like_a_value_that_nobody_shared(two):
    named = {"tlp": "TLP:RED", "organisations": [two.sharer.organisation.slug]}
    before = two.reading.post("lookup", {"values": [DOMAIN, "a." + DOMAIN]})
    two.sharing.share(observables=[DOMAIN], audience=named)
    after = two.reading.post("lookup", {"values": [DOMAIN, "a." + DOMAIN]})
    assert after.content == before.content
    assert after.headers == before.headers


def test_ten_thousand_values_are_answered_and_one_more_is_refused(two):
    values = [f"n{number}.example" for number in range(10_001)]
    answered = two.reading.post("lookup", {"values": values[:-1]})
    assert len(answered.json()["items"]) == 10_000
    refused = two.reading.post("lookup", {"values": values})
    assert refused.status_code == 413
    assert "10000" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"values": []}', 422),
        (b'{"values": "a.example"}', 422),
        (b'{"values": [1]}', 422),
        (b'{"values": ["a.example"], "more": 1}', 422),
        (b'{"values": ["a.example"], "values": ["b.example"]}', 400),
        (b'{"values": ["a.example"], "v\\u0061lues": ["b.example"]}', 400),
        (b'{"values": ["a\\u0000"]}', 400),
        (b'{"values": ["\\ud800"]}', 400),
        (b'{"values": ["\xff"]}', 400),
        (b'{"values": [', 400),
        (b"[]", 422),
        (b"", 400),
    ],
)
def test_a_body_that_two_readers_could_understand_differently_is_refused(two, body, status):
    answer = two.reading.post("lookup", body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_a_value_that_looks_like_the_key_or_holds_an_escape_is_answered(two):
    values = ['"values"', "C:\\Users\\x.exe", "values"]
    items = two.reading.post("lookup", {"values": values}).json()["items"]
    assert [item["asked"] for item in items] == values


def test_answers_come_as_a_table_too(two):
    two.sharing.share(observables=[DOMAIN])
    answer = two.reading.post("lookup", {"values": [DOMAIN, "?"]}, {"accept": "text/csv"})
    header, known, unreadable = answer.content.decode().splitlines()
    assert header.startswith("asked,verdict,kind,value,")
    assert known.startswith(f"{DOMAIN},known,domain,{DOMAIN},0,0,,TLP:AMBER,")
    assert unreadable == "?,unreadable,,,0,0,,,,,,"


def test_an_observable_tells_its_days(two):
    two.sharing.share(observables=[DOMAIN])
    answer = two.reading.get("observables/domain", value="acceso-clientes[.]example", days=7)
    dossier = answer.json()
    assert dossier["answer"]["verdict"] == "known"
    assert len(dossier["days"]) == 7
    assert two.reading.get("observables/dominio", value=DOMAIN).status_code == 422
    assert two.reading.get("observables/ipv4", value=DOMAIN).status_code == 422


def test_nobody_can_look_up_without_a_key(hub):
    assert Caller().post("lookup", json.dumps({"values": [DOMAIN]}).encode()).status_code == 401
