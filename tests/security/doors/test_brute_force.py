"""Guessing a password: no way of asking, no spelling and no address beside the door counts anew."""

import itertools
import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from minga.store.people.models import Person
from minga.web import throttle
from tests import factories
from tests.web.setting_up import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db
ADDRESS, PASSWORD = "zoe.ruiz@banco.example", "una frase que nadie adivina 7"
SPELLINGS = (
    ADDRESS,
    ADDRESS.upper(),
    f"  {ADDRESS}  ",
    ADDRESS.replace("ruiz", "ru\u0131z"),
    ADDRESS.replace("banco", "ｂａｎｃｏ"),
    ADDRESS.title(),
)
PATHS = (
    "/sign-in/", "/sign-in/?next=/alerts/", "/sign-in/?", "//sign-in/", "/sign-in", "/SIGN-IN/",
    "/sign-in/./", "/sign-in/%20", "/./sign-in/",
)  # fmt: skip
METHODS = ("POST", "PUT", "PATCH", "DELETE", "post")
KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/json",
    "text/plain",
)
HEADERS = (
    {},
    {"accept": "application/json"},
    {"hx-request": "true"},
    {"x-http-method-override": "POST"},
    {"x-forwarded-for": "203.0.113.77"},
    {"forwarded": "for=203.0.113.78"},
    {"x-real-ip": "203.0.113.79"},
)
PLAIN = (SPELLINGS[0], PATHS[0], METHODS[0], KINDS[0], HEADERS[0])


@pytest.fixture
def zoe():
    """Somebody with a password, whom a right one leads on to setting up a second factor."""
    person = factories.person(email=ADDRESS)
    person.set_password(PASSWORD)
    person.save()
    return person


def every_way():
    """Each variant of one part beside the plain others, then all parts mixed."""
    for place, variants in enumerate((SPELLINGS, PATHS, METHODS, KINDS, HEADERS)):
        for each in variants:
            yield (*PLAIN[:place], each, *PLAIN[place + 1 :])
    parts = (SPELLINGS, PATHS, METHODS, KINDS, HEADERS)
    yield from itertools.islice(zip(*map(itertools.cycle, parts), strict=False), 60)


def guess(client, password, way=PLAIN):
    spelling, path, method, kind, headers = way
    said = {"email": spelling, "password": password}
    body = json.dumps(said) if "json" in kind else urlencode(said)
    return client.generic(method, path, body, content_type=kind, headers=headers)


def has_come_in(answer):
    """Whether a password was taken: the door leads on to the second factor."""
    return answer.get("Location") == reverse("enrol")


def test_the_right_password_leads_on_while_nobody_guessed(zoe):
    assert has_come_in(guess(Client(), PASSWORD))


def test_after_five_guesses_no_way_of_asking_takes_even_the_right_one(zoe):
    client = Client()
    for _ in range(throttle.OF_ACCOUNT_AND_SOURCE.tries):
        assert guess(client, "wrong").status_code == 422

    taken = [way for way in every_way() if has_come_in(guess(client, PASSWORD, way))]

    assert taken == []


def test_no_mixture_of_ways_gets_more_than_its_tries(zoe, monkeypatch):
    looked_at = []
    monkeypatch.setattr(Person, "check_password", lambda *_: looked_at.append(1))

    for way in every_way():
        guess(Client(), "wrong", way)

    assert 0 < len(looked_at) <= throttle.OF_ACCOUNT_AND_SOURCE.tries
