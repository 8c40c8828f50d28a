"""Who gets in where, and the pages that say no."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from minga.core import problems
from minga.core.problems import Forbidden, Invalid, NotFound, Problem, StorageFull
from minga.web.doors import Entrance, open_to
from minga.web.problems import STATUS
from tests import factories
from tests.signing_in import enter

pytestmark = pytest.mark.django_db


def nobody_said(request):
    return HttpResponse("inside")


@open_to(Entrance.MEMBERS)
def members(request):
    return HttpResponse(f"inside as {request.actor.organisation}")


@open_to(Entrance.HUB)
def hub(request):
    return HttpResponse("inside the hub")


@open_to(Entrance.KEYS)
def machines(request):
    raise Invalid("machines read their own errors")


@open_to(Entrance.MEMBERS)
def raises(request, what):
    raise {
        "not-found": NotFound("No contribution 1234 is visible to you."),
        "forbidden": Forbidden("Your role lacks the power 'share'."),
        "invalid": Invalid("count is <b>0</b>; expected 1."),
        "full": StorageFull("The disk is full."),
        "bug": ZeroDivisionError("secret-detail"),
    }[what]


urlpatterns = [
    path("", include("minga.web.urls")),
    path("nobody/", nobody_said),
    path("members/", members),
    path("hub/", hub),
    path("machines/", machines),
    path("raises/<str:what>/", raises),
]
handler404 = "minga.web.problems.not_found"
handler500 = "minga.web.problems.server_error"


@pytest.fixture(autouse=True)
def own_addresses(settings):
    settings.ROOT_URLCONF = __name__


def signed_in(organisation=None, **options):
    client = Client(**options)
    person = factories.person(organisation, role="analyst")
    return enter(client, person)


def words(answer):
    return answer.content.decode()


def test_a_view_that_does_not_say_who_may_enter_answers_nobody(client):
    assert client.get("/nobody/").status_code == 404
    assert signed_in().get("/nobody/").status_code == 404
    assert signed_in(factories.hub()).get("/nobody/").status_code == 404


def test_members_enter_and_strangers_are_asked_to_sign_in(client):
    bank = factories.organisation("Banco Ejemplo")

    assert client.get("/members/")["Location"] == "/sign-in/?next=%2Fmembers%2F"
    assert words(signed_in(bank).get("/members/")) == "inside as Banco Ejemplo"


def test_a_stranger_who_posts_is_sent_to_the_door_and_not_back_to_the_post(client):
    assert client.post("/members/")["Location"] == "/sign-in/"


def test_what_is_the_hubs_does_not_exist_for_members(client):
    assert signed_in(factories.hub()).get("/hub/").status_code == 200

    member = signed_in()
    hidden, missing = member.get("/hub/"), member.get("/nothing/")
    assert hidden.status_code == missing.status_code == 404
    assert same(hidden) == same(missing)


def test_out_of_sight_and_not_there_are_the_same_page():
    member = signed_in()

    hidden, missing = member.get("/raises/not-found/"), member.get("/nothing/")

    assert same(hidden) == same(missing)
    assert "1234" not in words(hidden)


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("forbidden", 403, "Tu rol no lo permite"),
        ("invalid", 400, "count is &lt;b&gt;0&lt;/b&gt;; expected 1."),
        ("full", 507, "Avisa al nodo"),
    ],
)
def test_a_problem_becomes_a_page_with_its_words(what, status, said):
    answer = signed_in().get(f"/raises/{what}/")

    assert answer.status_code == status
    assert said in words(answer)


def test_an_unforeseen_error_shows_nothing_but_a_code():
    answer = signed_in(raise_request_exception=False).get("/raises/bug/")

    assert answer.status_code == 500
    assert "secret-detail" not in words(answer)
    assert "Código <code>" in words(answer)


def test_doors_of_machines_keep_their_own_errors(client):
    with pytest.raises(Invalid):
        client.get("/machines/")


def test_every_problem_has_a_status():
    assert {p.code for p in vars(problems).values() if is_problem(p)} - {"problem"} <= set(STATUS)


def test_no_answer_may_be_kept_by_a_cache(client):
    assert client.get("/sign-in/")["Cache-Control"] == "no-store"


def test_every_page_carries_the_strict_policy(client):
    policy = client.get("/sign-in/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def is_problem(thing):
    return isinstance(thing, type) and issubclass(thing, Problem)


def same(answer):
    """What must not differ: status, headers, and the body but for its path and its token."""
    body = re.sub(r'value="\w{64}"', "", words(answer))
    body = re.sub(r'name="back" value="[^"]*"', "", body)
    return answer.status_code, sorted(answer.headers.items()), body
