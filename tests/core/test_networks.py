"""Networks are read as people write them; an address has one form."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.core.networks import MOST, is_from, read_networks
from minga.core.problems import Invalid


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.8", "192.0.2.7", False),
        ("::ffff:192.0.2.7", "192.0.2.0/24", True),
        ("::ffff:c000:207", "192.0.2.0/24", True),
        ("192.0.2.7", "::ffff:192.0.2.0/120", True),
        ("2001:db8::1", "2001:db8::/32", True),
        ("2001:0DB8:0:0::1", "2001:db8::1", True),
        ("fe80::1%eth0", "fe80::/10", True),
        ("2001:db8::1", "192.0.2.0/24", False),
        ("192.0.2.7", "::/0", False),
        ("::192.0.2.7", "192.0.2.0/24", False),
        ("192.0.2.7", "198.51.100.0/24 192.0.2.0/24", True),
        ("", "0.0.0.0/0 ::/0", False),
        ("unix:", "0.0.0.0/0 ::/0", False),
        ("192.0.2.007", "192.0.2.0/24", False),
        ("3221225991", "192.0.2.0/24", False),
    ],
)
def test_an_address_is_in_a_network_whatever_form_both_have(address, networks, expected):
    assert is_from(address, networks) is expected


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_an_address_mapped_into_ipv6_is_the_same_address(address, base, length):
    network = str(ipaddress.ip_network(f"{base}/{length}", strict=False))

    assert is_from(f"::ffff:{address}", network) is is_from(str(address), network)


@pytest.mark.parametrize(
    "text", ["192.0.2.7/24", "192.0.2.0/33", "example.com", "192.0.2.0-192.0.2.9", "1", "*", "\0"]
)
def test_what_is_no_network_is_refused_by_its_name(text):
    with pytest.raises(Invalid, match="expected an address or a network") as refused:
        read_networks(text)
    assert refused.value.field == "addresses"


def test_networks_are_separated_by_blanks_or_commas_and_stand_once():
    found = read_networks("192.0.2.0/24, 2001:db8::/32\n192.0.2.0/24 ::ffff:192.0.2.0/120")

    assert list(map(str, found)) == ["192.0.2.0/24", "2001:db8::/32"]


def test_there_is_a_limit_to_how_many():
    read_networks(" ".join(f"192.0.2.{n}" for n in range(MOST)))
    with pytest.raises(Invalid, match="51 networks"):
        read_networks(" ".join(f"192.0.2.{n}" for n in range(MOST + 1)))
