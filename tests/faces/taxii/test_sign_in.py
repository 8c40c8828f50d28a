"""Keys open the door, in the three ways clients send them; nothing else does."""

import base64

import pytest

from tests.faces.taxii.conversation import Caller

pytestmark = pytest.mark.django_db

EVERYTHING = "collections/everything/objects/"
INBOX = "collections/inbox/objects/"


def basic(pair):
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize("scheme", ["Bearer {}", "bearer {}", "Token {}", "TOKEN  {}"])
def test_a_key_opens_as_a_token(two, scheme):
    answer = Caller().get("", headers={"authorization": scheme.format(two.reader_key)})
    assert answer.status_code == 200


@pytest.mark.parametrize("user", ["", "any", "someone@example.com", "ñandú"])
def test_a_key_opens_as_a_password_of_any_user(two, user):
    header = basic(f"{user}:{two.reader_key}")
    assert Caller().get("", headers={"authorization": header}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "", "Basic", "Basic ", "Basic !!!", "Basic /w==", "Bearer", "Bearer ", "Negotiate abc",
        basic("user:"), basic(":"), basic("nobody"), "Bearer minga_", "Bearer \x00", "Bearer ñ",
    ],
)  # fmt: skip
def test_anything_else_is_nobody(two, header):
    answer = Caller().get("", headers={"authorization": header})
    assert answer.status_code == 401


def test_nobody_learns_which_addresses_exist(two):
    paths = ["/taxii2/", "", "nothing/", "/taxii2/other/", "collections/", EVERYTHING, INBOX]
    answers = [
        Caller().ask(method, path)
        for path in paths
        for method in ("get", "post", "put", "patch", "delete", "options")
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({(answer.content, str(answer.headers)) for answer in answers}) == 1


def test_a_revoked_key_is_refused_at_once(two):
    from minga.store import world

    two.reader.key.revoked_at = world.now()
    two.reader.key.save()

    assert two.reading.get("").status_code == 401
