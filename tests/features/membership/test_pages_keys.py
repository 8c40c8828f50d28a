"""The pages of keys: the list, a new one whose secret is shown once, and revoking."""

import html
import re
from datetime import timedelta

import pytest

from minga.core.policy import Tlp
from minga.features.membership import services
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.people.models import Key
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "SIEM", "doors": ["taxii"], "ceiling": str(Tlp.GREEN.value), "days": "30",
    "addresses": "192.0.2.0/24\n2001:db8::/32",
}  # fmt: skip


@pytest.fixture
def counterpart():
    operator = Actor(organisation=factories.hub())
    services.load_shipped_agreement("model", by=operator)
    services.put_in_force(1, by=operator)
    return factories.member(role="counterpart", name="Ana Soto")


def secret_in(answer):
    return re.search(r"minga_[\w-]+", words(answer))[0]


def test_a_new_key_is_as_far_reaching_as_typed_and_its_secret_opens_only_that(counterpart):
    answer = signed_in(counterpart, "en").post("/keys/new", TYPED)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    secret = secret_in(answer)
    key = Key.objects.get()
    assert (key.doors, key.ceiling, key.can_share) == ("taxii", Tlp.GREEN, False)
    assert key.addresses == "192.0.2.0/24 2001:db8::/32"
    assert key.created_by == counterpart.person
    assert timedelta(29) < key.expires_at - world.now() <= timedelta(30)
    assert factories.enter(secret, door=Key.Door.TAXII, address="192.0.2.1").key == key
    assert factories.enter(secret, door=Key.Door.API, address="192.0.2.1") is None


def test_the_secret_is_in_that_one_answer_and_nowhere_after(counterpart):
    browser = signed_in(counterpart, "en")
    answer = browser.post("/keys/new", TYPED)
    secret = secret_in(answer)
    assert f'data-copy="{secret}"' in answer.content.decode()

    for path in ("/keys/", "/keys/new", "/agreement/", "/me/",
                 f"/keys/{Key.objects.get().locator}/revoke"):  # fmt: skip
        later = browser.get(path).content.decode()
        assert secret not in later
        assert secret[22:] not in html.unescape(later)


def test_the_list_says_how_far_each_key_reaches_and_when_it_was_used(counterpart):
    browser = signed_in(counterpart, "en")
    assert "No tool has a key yet" in words(browser.get("/keys/"))
    secret = secret_in(browser.post("/keys/new", TYPED))

    listed = words(browser.get("/keys/"))
    for said in ("SIEM", "TAXII 2.1", "TLP:GREEN", "192.0.2.0/24", "by Ana Soto", "Never"):
        assert said in listed

    factories.enter(secret, door=Key.Door.TAXII, address="192.0.2.1")
    assert "Never" not in words(browser.get("/keys/"))
    assert "SIEM" in words(browser.get("/agreement/"))


def test_a_key_that_has_ended_is_shown_as_such(counterpart):
    browser = signed_in(counterpart, "en")
    browser.post("/keys/new", TYPED)
    Key.objects.update(expires_at=world.now())

    assert "Expired" in words(browser.get("/keys/"))


def test_revoking_says_first_what_stops_and_then_stops_it(counterpart):
    browser = signed_in(counterpart, "en")
    secret = secret_in(browser.post("/keys/new", TYPED | {"can_share": "on"}))
    path = f"/keys/{Key.objects.get().locator}/revoke"

    asked = words(browser.get(path))
    assert "Its tool reads no more by TAXII 2.1." in asked
    assert "It shares nothing more in your name" in asked
    assert "It was never used." in asked
    assert factories.enter(secret, door=Key.Door.TAXII, address="192.0.2.1") is not None

    answer = browser.post(path, follow=True)
    assert answer.redirect_chain == [("/keys/", 303)]
    assert "Revoked. The key opens nothing any more." in words(answer)
    assert factories.enter(secret, door=Key.Door.TAXII, address="192.0.2.1") is None
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "a\u200bb"}, {"name": "a" * 121}, {"doors": []},
        {"doors": ["misp"]}, {"ceiling": "9"}, {"ceiling": ""}, {"days": "0"}, {"days": "3651"},
        {"addresses": "192.0.2.7/24"}, {"addresses": "anywhere"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_makes_no_key(counterpart, wrong):
    answer = signed_in(counterpart).post("/keys/new", TYPED | wrong)

    assert answer.status_code == 422
    assert 'class="err"' in answer.content.decode()
    assert not Key.objects.exists()


def test_nothing_but_the_fields_of_the_form_reaches_a_key(counterpart):
    other = factories.organisation()
    internal = {field.attname: "1" for field in Key._meta.fields if field.attname not in TYPED} | {
        "organisation": other.pk,
        "organisation_id": other.pk,
        "by": "1",
        "scope": "1",
    }

    signed_in(counterpart).post("/keys/new", internal | TYPED | {"can_share": ""})

    key = Key.objects.get()
    assert key.organisation == counterpart.organisation
    assert key.created_by == counterpart.person
    assert (key.revoked_at, key.last_used_at, key.can_share) == (None, None, False)
    assert key.locator != "1"


def test_who_may_not_share_is_not_offered_it_and_cannot_take_it(counterpart):
    counterpart.organisation.granted = ""
    counterpart.organisation.save()
    browser = signed_in(counterpart)
    assert 'name="can_share"' not in browser.get("/keys/new").content.decode()

    browser.post("/keys/new", TYPED | {"can_share": "on"})

    assert not Key.objects.get().can_share


@pytest.mark.parametrize("role", ["reader", "director", "analyst"])
@pytest.mark.parametrize("path", ["/keys/", "/keys/new", "/keys/{}/revoke", "/keys/none/revoke"])
def test_who_does_not_administer_enters_none_of_them(counterpart, role, path):
    theirs, secret = factories.key_of(counterpart.organisation)
    colleague = factories.member(counterpart.organisation, role=role)
    browser = signed_in(colleague)

    for ask in (browser.get, browser.post):
        assert ask(path.format(theirs.key.locator), TYPED).status_code in {403, 405}
    assert factories.enter(secret) is not None
    assert Key.objects.count() == 1
    assert "/keys/" not in browser.get("/me/").content.decode()


def test_somebody_elses_key_looks_like_one_that_does_not_exist(counterpart):
    theirs, secret = factories.key_of()
    browser = signed_in(counterpart)

    for ask in (browser.get, browser.post):
        hidden = ask(f"/keys/{theirs.key.locator}/revoke")
        unknown = ask("/keys/aaaaaaaaaaaaaaaa/revoke")
        assert hidden.status_code == unknown.status_code == 404
        assert words(hidden) == words(unknown)
    assert factories.enter(secret) is not None
    assert "test" not in words(browser.get("/keys/"))
