"""How a request looks to the hub behind its proxy."""

import pytest
from django.test import RequestFactory


@pytest.fixture
def asked():
    """Ask the whole application; the scheme by which the hub takes the request to have come."""
    from minga.config.wsgi import application  # it reads the static files that tests collect first

    def ask(**environ):
        request = RequestFactory().get("/taxii2/").environ | environ
        application(request, lambda _status, _headers: None)
        return request["wsgi.url_scheme"]

    return ask


@pytest.mark.django_db
def test_what_comes_through_the_proxy_of_an_https_hub_came_by_https(asked, settings):
    settings.IS_SECURE = True

    assert asked() == "https"


@pytest.mark.django_db
def test_a_request_that_claims_https_is_not_believed(asked, settings):
    settings.IS_SECURE = False

    assert asked(HTTP_X_FORWARDED_PROTO="https") == "http"
