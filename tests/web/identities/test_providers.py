"""Setting and ending the identity provider of an organisation."""

import pytest
from django.urls import reverse

from minga.core.problems import Forbidden, Invalid
from minga.features.membership import services
from minga.store.outbound import Unreachable
from minga.store.people import credentials
from minga.store.people.models import Identity
from minga.web import identities
from minga.web.openid import Unproven
from tests import factories
from tests.openid import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(client, person):
    link = credentials.create_link(person, may_be_reused=True)
    assert client.get(f"/sign-in/{link}/").status_code == 303


def test_only_its_administrators_set_an_organisations_provider(elsewhere):
    for by in (factories.member(role="counterpart"), factories.member()):
        with pytest.raises(Forbidden):
            services.set_provider(
                factories.organisation() if by.person.role == "counterpart" else by.organisation,
                by=by, issuer=elsewhere.issuer, client_id=CLIENT, secret=SECRET,
            )  # fmt: skip


def test_another_issuer_knows_nobody_yet(provider, ana, counterpart, authority):
    with Provider().open(authority) as another:
        services.set_provider(
            provider.organisation, by=counterpart, issuer=another.issuer, client_id=CLIENT,
            secret=SECRET,
        )  # fmt: skip

    assert not Identity.objects.exists()


def test_the_secret_is_kept_sealed_and_an_empty_one_keeps_it(provider, counterpart, elsewhere):
    again = services.set_provider(
        provider.organisation, by=counterpart, issuer=elsewhere.issuer, client_id=CLIENT
    )

    assert identities.secret_of(again) == SECRET
    assert SECRET.encode() not in bytes(again.secret)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://other.example"},
        {"response_types_supported": ["id_token"]},
        {"id_token_signing_alg_values_supported": ["HS256"]},
        {"token_endpoint": "x" * 600},
    ],
)
def test_an_issuer_that_says_it_is_another_or_cannot_serve_us_is_refused(
    elsewhere, counterpart, said
):
    elsewhere.faults = {"configuration": said}

    with pytest.raises(Unproven):
        services.set_provider(
            counterpart.organisation, by=counterpart, issuer=elsewhere.issuer, client_id=CLIENT,
            secret=SECRET,
        )  # fmt: skip


def test_an_issuer_whose_endpoints_are_not_https_is_refused(elsewhere, counterpart):
    elsewhere.faults = {"configuration": {"token_endpoint": "http://localhost/token"}}

    with pytest.raises(Unreachable):
        services.set_provider(
            counterpart.organisation, by=counterpart, issuer=elsewhere.issuer, client_id=CLIENT,
            secret=SECRET,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "https://a.example/?x"), ("issuer", "https://a.example/#x"),
        ("issuer", "https://a.example/" + "x" * 255), ("client_id", ""), ("client_id", "a\0b"),
        ("client_id", "x" * 256), ("secret", "x" * 501), ("secret", "a\nb"), ("secret", ""),
    ],
)  # fmt: skip
def test_words_that_cannot_be_are_refused_before_anybody_is_asked(counterpart, field, value):
    said = {"issuer": "https://a.example", "client_id": CLIENT, "secret": SECRET} | {field: value}

    with pytest.raises(Invalid):
        services.set_provider(counterpart.organisation, by=counterpart, **said)


def test_the_page_of_the_organisation_says_why_an_issuer_did_not_do(client, counterpart, elsewhere):
    sign_in(client, counterpart.person)
    elsewhere.faults = {"configuration": {"issuer": "https://other.example"}}
    said = {"issuer": elsewhere.issuer, "client_id": CLIENT, "secret": SECRET}

    answer = client.post(reverse("provider"), said)

    assert answer.status_code == 422
    assert "https://other.example" in answer.content.decode()
    assert SECRET not in answer.content.decode()
