"""`minga init`: from an empty folder to somebody who can sign in."""

import pytest

from minga.store.people import credentials
from minga.store.people.models import Organisation, Person, SignInLink


def token_in(url):
    return url.rstrip("/").rsplit("/", 1)[1]


def test_it_makes_a_hub_an_administrator_and_one_link_that_signs_him_in(minga):
    ended = minga(
        "init", "--hub", "CSIRT Nacional", "--name", "Ana Rojas", "--email", "ana@csirt.example",
        "--json",
    )  # fmt: skip

    assert ended.code == 0
    assert ended.json["hub"] == "CSIRT Nacional (csirt-nacional)"
    person = credentials.use_link(token_in(ended.json["sign_in_url"]))
    assert (person.email, person.role) == ("ana@csirt.example", "administrator")
    assert credentials.use_link(token_in(ended.json["sign_in_url"])) is None


def test_there_is_no_default_account(minga, hub):
    assert [p.email for p in Person.objects.all()] == ["ana@csirt.example"]
    assert not Person.objects.get().has_usable_password()
    assert SignInLink.objects.count() == 1


def test_a_second_time_it_changes_nobody_and_prints_no_link(minga, hub):
    ended = minga("init", "--name", "Eve", "--email", "eve@example.com")

    assert ended.code == 0
    assert "up to date" in ended.out
    assert "sign-in" not in ended.out
    assert Person.objects.count() == Organisation.objects.count() == 1


def test_a_hub_whose_administrator_is_refused_is_not_founded(minga):
    ended = minga("init", "--name", "Ana", "--email", "not an address")

    assert ended.code == 4
    assert "not an address" in ended.err
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("command", [["org", "list"], ["export"], ["lookup", "8.8.8.8"]])
def test_without_a_hub_every_command_says_what_to_do(minga, command):
    ended = minga(*command)

    assert ended.code == 8
    assert "run `minga init`" in ended.err
    assert ended.out == ""
