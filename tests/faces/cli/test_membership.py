"""`minga org`, `person`, `key` and `circle`."""

import json

import pytest

from minga.store.people import credentials
from minga.store.people.models import Key
from tests import factories


@pytest.fixture(autouse=True)
def _hub(hub):
    """Each of them needs a hub."""


def test_an_organisation_is_added_listed_and_let_go(minga):
    added = minga("org", "add", "Banco Ñandú", "--region", "RM", "--sector", "banking", "--json")
    assert added.json["slug"] == "banco-nandu"

    listed = minga("org", "list", "--json").json
    assert [(each["slug"], each["role"]) for each in listed] == [
        ("csirt", "hub"),
        ("banco-nandu", "member"),
    ]

    assert minga("org", "leave", "banco-nandu").code == 0
    assert [each["slug"] for each in minga("org", "list", "--json").json] == ["csirt"]


def test_a_table_is_aligned_and_holds_whole_values_in_a_log(minga):
    long_name = (
        "Asociación Gremial de Empresas de Telecomunicaciones y Servicios Digitales de Chile"
    )
    minga("org", "add", long_name, "--slug", "gremial")

    head, first, second = minga("org", "list").out.splitlines()

    assert long_name in second
    assert head.index("Name") == first.index("CSIRT") == second.index("Asociación")


def test_a_person_gets_a_link(minga):
    minga("org", "add", "Banco", "--signed", "acta")

    added = minga("person", "add", "banco", "Pía", "pia@example.cl", "--role", "reader", "--json")

    token = added.json["sign_in_url"].rstrip("/").rsplit("/", 1)[1]
    assert credentials.use_link(token).role == "reader"
    assert minga("person", "close", "pia@example.cl").code == 0
    assert minga("person", "link", "pia@example.cl").code == 3


def test_a_person_gets_another_role(minga):
    minga("org", "add", "Banco", "--signed", "acta")
    minga("person", "add", "banco", "Pía", "pia@example.cl")

    assert minga("person", "role", "pia@example.cl", "reader", "--json").json["role"] == "reader"
    assert minga("person", "role", "pia@example.cl", "administrator").code != 0


def test_an_organisation_is_classified(minga):
    minga("org", "add", "Banco")

    assert minga("org", "class", "banco", "--vital", "--json").json == {
        "slug": "banco", "is_essential": False, "is_vital": True,
    }  # fmt: skip


def test_a_key_shows_its_secret_once(minga):
    minga("org", "add", "Banco", "--signed", "acta")

    made = minga("key", "add", "banco", "poller", "--can-share", "--json").json

    assert factories.enter(made["secret"]).organisation.slug == "banco"
    assert made["secret"] not in minga("key", "list").out
    assert minga("key", "revoke", made["identifier"]).code == 0
    assert factories.enter(made["secret"]) is None
    assert Key.objects.count() == 1


def test_a_circle_admits_and_expels(minga):
    minga("org", "add", "Banco", "--signed", "acta")
    minga("circle", "add", "Banca", "--purpose", "Los bancos")

    minga("circle", "admit", "banca", "banco")
    assert minga("circle", "list", "--json").json[0]["members"] == "csirt, banco"

    minga("circle", "expel", "banca", "banco")
    assert minga("circle", "list", "--json").json[0]["members"] == "csirt"


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (["org", "add", "CSIRT"], 6, "'csirt' is taken"),
        (["org", "add", "X", "--rut", "1-1"], 4, "RUT is '1-1'"),
        (["org", "leave", "nobody"], 3, "No organisation 'nobody'"),
        (["org", "leave", "csirt"], 4, "cannot leave itself"),
        (["person", "add", "csirt", "E", "e@x.cl", "--role", "boss"], 2, "'boss' is not one of"),
        (["key", "add", "csirt", "k", "--days", "0"], 4, "days is 0"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_what_goes_wrong_goes_to_standard_error_with_its_code(minga, command, code, words):
    ended = minga(*command)

    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err


def test_for_machines_what_goes_wrong_is_json_too(minga):
    ended = minga("org", "leave", "nobody", "--json")

    assert ended.code == 3
    assert json.loads(ended.err)["error"]["code"] == "not-found"


def test_a_key_is_made_as_narrow_as_asked_and_listed_so(minga):
    minga("org", "add", "Banco", "--signed", "acta")

    made = minga("key", "add", "banco", "siem", "--door", "taxii", "--tlp", "green",
                 "--from", "192.0.2.0/24", "--from", "2001:db8::/32", "--json").json  # fmt: skip

    key = Key.objects.get(locator=made["identifier"])
    assert (key.doors, key.ceiling, key.addresses) == ("taxii", 1, "192.0.2.0/24 2001:db8::/32")
    (listed,) = minga("key", "list", "--json").json
    assert (listed["doors"], listed["tlp"]) == ("taxii", "TLP:GREEN")
    assert listed["from"] == "192.0.2.0/24 2001:db8::/32"
    assert minga("key", "add", "banco", "siem", "--from", "192.0.2.7/24").code != 0
    assert minga("key", "add", "banco", "siem", "--door", "misp").code != 0


@pytest.mark.parametrize(
    ("options", "said", "kept"),
    [
        (["--admission", "vote", "--listed"], "more than half", {"admits": "vote", "listed": True}),
        (["--admission", "sponsor"], "answers for", {"admits": "sponsor", "listed": False}),
        (["--vital"], "fits its rule", {"admits": "rule", "listed": False}),
        ([], "steward lets in", {"admits": "steward", "listed": False}),
    ],
)
def test_changing_how_a_circle_is_joined_says_how_it_is_joined_now(minga, options, said, kept):
    minga("circle", "add", "Banca")

    assert said in minga("circle", "joining", "banca", *options).out
    assert (
        minga("circle", "joining", "banca", *options, "--json").json == {"circle": "banca"} | kept
    )


def test_the_hub_proposes_for_a_circle_in_which_it_sits(minga):
    minga("org", "add", "Banco", "--signed", "acta")
    minga("circle", "add", "Banca", "--admission", "sponsor")

    assert minga("circle", "propose", "banca", "banco").code == 0
    assert minga("circle", "propose", "banca", "banco").code == 6
