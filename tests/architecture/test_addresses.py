"""Every address says who may enter and which methods it answers."""

from django.http import HttpResponse
from django.test import RequestFactory

from minga.web.middleware import Doors
from tests.architecture.addresses import addresses


def test_every_address_says_who_may_enter():
    assert [a.route for a in addresses() if a.entrance is None] == []


def test_every_address_says_which_methods_it_answers():
    silent = [a.route for a in addresses() if not a.methods and not a.route.endswith("…")]

    assert silent == []


def test_no_address_stands_twice():
    routes = [a.route for a in addresses()]

    assert len(set(routes)) == len(routes)


def test_a_view_that_says_nothing_answers_nobody():
    def silent(_request):
        return HttpResponse("secret")

    refusal = Doors(silent).process_view(RequestFactory().get("/"), silent, (), {})

    assert refusal is not None
    assert refusal.status_code == 404
