from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, canonical, contains, parents, skeleton
from minga.core.problems import Invalid
from tests.core.observables.values import CANONICAL


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("a.b.example.cl", ("a.b.example.cl", "b.example.cl", "example.cl")),
        ("www.interior.gob.cl", ("www.interior.gob.cl", "interior.gob.cl")),
        ("a.b.github.io", ("a.b.github.io", "b.github.io")),
        ("github.io", ("github.io",)),
        ("gob.cl", ("gob.cl",)),
        ("a.b.lan", ("a.b.lan", "b.lan")),
        ("a.xn--p1ai", ("a.xn--p1ai",)),
    ],
)
def test_the_parents_of_a_name_end_at_the_registrable_domain(name, above):
    assert parents(name) == above


@given(CANONICAL[Kind.DOMAIN])
@settings(max_examples=100, deadline=None)
def test_each_parent_is_the_former_without_its_first_label(name):
    above = parents(name)
    assert above[0] == name
    for child, parent in itertools.pairwise(above):
        assert child.partition(".")[2] == parent


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("gооgle.com", "google.com"),
        ("banсоestado.example", "bancoestado.example"),
        ("rnicrosoft.example", "microsoft.example"),
        ("g00gle.example", "google.example"),
        ("bánco.example", "banco.example"),
        ("paypa1.example", "paypal.example"),
        ("сοrreοs.example", "correos.example"),
    ],
)
def test_a_lookalike_has_the_skeleton_of_the_name_it_imitates_and_stays_another_name(odd, plain):
    name = canonical(Kind.DOMAIN, odd)
    assert skeleton(name) == skeleton(plain) == skeleton(odd)
    assert name != plain


def test_names_that_look_different_have_different_skeletons():
    names = ["banco.example", "blanco.example", "banca.example", "panco.example", "xn--.example"]
    assert len({skeleton(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("cidr", "address", "inside"),
    [
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("192.0.2.0/24", "192.0.2.128/25", True),
        ("192.0.2.128/25", "192.0.2.0/24", False),
        ("192.0.2.0/24", "::ffff:192.0.2.7", True),
        ("2001:db8::/32", "2001:db8:ffff::", True),
        ("2001:db8::/32", "2001:db8::/48", True),
        ("2001:db8::/32", "192.0.2.7", False),
        ("2001:db8::/32", "192.0.2.0/24", False),
        ("::/0", "192.0.2.7", False),
        ("0.0.0.0/0", "192.0.2.7", True),
    ],
)
def test_a_range_contains_what_lies_in_it(cidr, address, inside):
    assert contains(cidr, address) is inside


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_containment_agrees_with_the_bits(network, length, address):
    def spelled(n: int) -> str:
        return ".".join(str(n >> shift & 255) for shift in (24, 16, 8, 0))

    same_bits = network >> (32 - length) == address >> (32 - length)
    assert contains(f"{spelled(network)}/{length}", spelled(address)) is same_bits


def test_containment_refuses_what_is_no_range_or_address():
    for cidr, address in (("192.0.2.7", "192.0.2.7"), ("192.0.2.0/24", "evil.example")):
        with pytest.raises(Invalid):
            contains(cidr, address)
