"""Where a request comes from, and whom that is believed of."""

import pytest
from django.test import RequestFactory

from minga.web.sources import address_of
from tests import factories
from tests.signing_in import signed_in

PROXIES = "127.0.0.1 10.0.0.0/8 2001:db8:ffff::/48"


@pytest.mark.parametrize(
    ("peer", "said", "from_where"),
    [
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("127.0.0.1", "192.0.2.66, 203.0.113.1", "203.0.113.1"),
        ("127.0.0.1", "203.0.113.1, 10.1.2.3", "203.0.113.1"),
        ("127.0.0.1", "192.0.2.66, 203.0.113.1, 10.1.2.3, 10.1.2.4", "203.0.113.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.1, nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "203.0.113.1:4711", "203.0.113.1"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("2001:db8:ffff::9", "203.0.113.1", "203.0.113.1"),
        ("::ffff:127.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("127.0.0.1", "203.0.113.1\x00", "127.0.0.1"),
        ("", "203.0.113.1", ""),
    ],
)
def test_only_a_proxy_we_know_is_believed_and_only_for_the_hop_before_it(
    settings, peer, said, from_where
):
    settings.TRUSTED_PROXIES = PROXIES

    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said)

    assert address_of(request) == from_where


def test_without_proxies_a_header_says_nothing():
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1")

    assert address_of(request) == "127.0.0.1"


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "seen"), [("", "127.0.0.1"), (PROXIES, "203.0.113.1")])
def test_the_same_address_stands_in_the_journal_and_binds_keys(settings, client, trusted, seen):
    settings.TRUSTED_PROXIES = trusted
    _, secret = factories.key_of(addresses="203.0.113.1")
    headers = {"x-forwarded-for": "203.0.113.1"}

    by_key = client.get("/api/v1/whoami", headers=headers | {"authorization": f"Bearer {secret}"})
    member = factories.person(role="counterpart")
    browser = signed_in(member)
    browser.post("/people/invite", {"name": "Ana", "email": "a@example.cl", "role": "reader",
                                    "language": "es"}, headers=headers)  # fmt: skip

    from minga.store.journal.models import Entry

    assert (by_key.status_code == 200) is bool(trusted)
    assert Entry.objects.get(action="person-created").source == seen
