"""`minga demo`: its guest book opens every door, and the second start changes nothing."""

import json
import stat

import pytest

from minga.store.people import credentials
from minga.store.people.models import Organisation, Person
from tests import factories

pytestmark = pytest.mark.slow


@pytest.fixture
def book(settings, tmp_path):
    """Where the guest book of this test lies."""
    settings.HOME = tmp_path
    return tmp_path / "access.json"


def token_in(person):
    return person["sign_in_url"].rstrip("/").rsplit("/", 1)[1]


def test_the_guest_book_holds_a_key_and_links_that_work_for_everybody(minga, book, settings):
    started = minga("demo", "--no-serve")

    guests = json.loads(book.read_text("utf-8"))
    assert started.code == 0
    assert set(guests) == {"url", "organisations"}
    assert guests["url"] == settings.URL
    assert [o["role"] for o in guests["organisations"]][:2] == ["hub", "member"]
    assert len(guests["organisations"]) == Organisation.objects.filter(left_at=None).count() >= 15
    for organisation in guests["organisations"]:
        assert set(organisation) == {"name", "slug", "role", "key", "people"}
        actor = factories.enter(organisation["key"])
        assert actor.organisation.slug == organisation["slug"]
        assert actor.powers == {"share"}
        for person in organisation["people"]:
            assert set(person) == {"name", "email", "role", "sign_in_url"}
            for _ in range(2):
                assert credentials.use_link(token_in(person)).email == person["email"]
    assert_one_link_of_each_role(started.out)
    assert stat.S_IMODE(book.stat().st_mode) == 0o600, "it is for its owner alone"


def assert_one_link_of_each_role(said):
    people = Person.objects.select_related("organisation").filter(organisation__left_at=None)
    roles = {(person.organisation.role, person.role) for person in people}
    assert said.count("/sign-in/") == len(roles)
    for organisation_role, role in roles:
        assert f"{organisation_role}, {role}" in said


def test_a_second_start_keeps_everything_and_follows_the_address(minga, book, settings):
    minga("demo", "--no-serve")
    before = json.loads(book.read_text("utf-8"))
    old, settings.URL = settings.URL, "http://127.0.0.1:8777"

    minga("demo", "--no-serve")

    after = book.read_text("utf-8")
    assert json.loads(after.replace(settings.URL, old)) == before
    assert json.loads(after)["organisations"][1]["people"][0]["sign_in_url"].startswith(
        "http://127.0.0.1:8777/sign-in/"
    )


def test_a_hub_in_use_is_not_filled_with_inventions(minga, hub, book):
    refused = minga("demo", "--no-serve")

    assert refused.code == 6
    assert "needs an empty one" in refused.err
    assert Organisation.objects.count() == 1
