from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable
from minga.core.stix.patterns import observables, read
from minga.core.stix.patterns.grammar import parse
from minga.core.stix.patterns.meaning import named_by
from minga.core.stix.patterns.reading import _read_simple
from tests.core.stix_patterns.peer import Patterns

MD5, SHA256 = "d41d8cd98f00b204e9800998ecf8427e", "ab" * 32

NAMED = [
    ("[ipv4-addr:value = '192.0.2.7']", [(Kind.IPV4, "192.0.2.7")]),
    ("[ipv4-addr:value = '192.0.2.7/32']", [(Kind.IPV4, "192.0.2.7")]),
    ("[ipv4-addr:value = '192.0.2.9/24']", [(Kind.CIDR, "192.0.2.0/24")]),
    ("[ipv4-addr:value ISSUBSET '192.0.2.0/24']", [(Kind.CIDR, "192.0.2.0/24")]),
    ("[ipv6-addr:value = '2001:DB8::7']", [(Kind.IPV6, "2001:db8::7")]),
    ("[ipv6-addr:value = '::ffff:192.0.2.7']", [(Kind.IPV4, "192.0.2.7")]),
    ("[domain-name:value = 'EVIL.example']", [(Kind.DOMAIN, "evil.example")]),
    ("[domain-name:value = 'evil[.]zip']", [(Kind.DOMAIN, "evil.zip")]),
    ("[url:value = 'http://evil.example/it\\'s']", [(Kind.URL, "http://evil.example/it's")]),
    ("[url:value = 'evil.example/a']", [(Kind.URL, "http://evil.example/a")]),
    ("[url:value = 'evil.example']", [(Kind.DOMAIN, "evil.example")]),
    ("[domain-name:value = '192.0.2.7']", [(Kind.IPV4, "192.0.2.7")]),
    ("[file:name = 'C:\\\\a\\\\b.exe']", [(Kind.FILE_PATH, "C:\\a\\b.exe")]),
    ("[email-addr:value = 'ana@EVIL.example']", [(Kind.EMAIL, "ana@evil.example")]),
    ("[email-message:from_ref.value = 'ana@evil.example']", [(Kind.EMAIL, "ana@evil.example")]),
    ("[email-message:to_refs[*].value = 'ana@evil.example']", [(Kind.EMAIL, "ana@evil.example")]),
    ("[email-message:subject = 'Factura N° 3']", [(Kind.EMAIL_SUBJECT, "Factura N° 3")]),
    ("[network-traffic:dst_ref.value = 'evil.example']", [(Kind.DOMAIN, "evil.example")]),
    ("[network-traffic:src_ref.value ISSUBSET '192.0.2.0/24']", [(Kind.CIDR, "192.0.2.0/24")]),
    (
        "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'evil/1']",
        [(Kind.USER_AGENT, "evil/1")],
    ),
    (f"[file:hashes.MD5 = '{MD5}']", [(Kind.MD5, MD5)]),
    (f"[file:hashes.md5 = '{MD5.upper()}']", [(Kind.MD5, MD5)]),
    (f"[file:hashes.'SHA-256' = '{SHA256}']", [(Kind.SHA256, SHA256)]),
    (f"[file:hashes.sha256 = '{SHA256}']", [(Kind.SHA256, SHA256)]),
    (f"[x509-certificate:hashes.'SHA-256' = '{SHA256}']", [(Kind.SHA256, SHA256)]),
    (f"[app:cert.sha256 = '{SHA256}']", [(Kind.SHA256, SHA256)]),
    ("[file:name = 'factura.pdf.exe']", [(Kind.FILE_NAME, "factura.pdf.exe")]),
    ("[file:path = '/tmp/a']", [(Kind.FILE_PATH, "/tmp/a")]),
    (
        "[file:parent_directory_ref.path = '/tmp' AND file:name = 'a']",
        [(Kind.FILE_PATH, "/tmp/a")],
    ),
    (
        "[file:parent_directory_ref.path = '/tmp' OR file:name = 'a']",
        [(Kind.FILE_PATH, "/tmp"), (Kind.FILE_NAME, "a")],
    ),
    ("[process:name = 'bh']", [(Kind.PROCESS_NAME, "bh")]),
    ("[process:command_line = 'a \\\\\\\\b']", [(Kind.COMMAND_LINE, "a \\\\b")]),
    ("[mutex:name = 'Global\\\\A']", [(Kind.MUTEX, "Global\\A")]),
    ("[windows-registry-key:key = 'HKLM\\\\A']", [(Kind.REGISTRY_KEY, "HKEY_LOCAL_MACHINE\\A")]),
    ("[autonomous-system:number = 64496]", [(Kind.ASN, "AS64496")]),
    (
        "[autonomous-system:number IN (64496, 64497)]",
        [(Kind.ASN, "AS64496"), (Kind.ASN, "AS64497")],
    ),
    ("[mac-addr:value = '00:00:5E:00:53:01']", [(Kind.MAC, "00:00:5e:00:53:01")]),
    ("[vulnerability:name = 'CVE-2026-0001']", [(Kind.CVE, "CVE-2026-0001")]),
    (
        "[a:b = 1] FOLLOWEDBY ([url:value IN ('http://a.cl/', 'http://b.cl/')] WITHIN 5 SECONDS)",
        [(Kind.URL, "http://a.cl/"), (Kind.URL, "http://b.cl/")],
    ),
    (
        (
            "[domain-name:value = 'a.cl' OR domain-name:value = 'A.cl']"
            " AND [domain-name:value = 'b.cl']"
        ),
        [(Kind.DOMAIN, "a.cl"), (Kind.DOMAIN, "b.cl")],
    ),
]


@pytest.mark.parametrize(("pattern", "expected"), NAMED)
def test_what_a_pattern_asks_for_by_value_is_named(pattern, expected):
    named = tuple(Observable(kind, value) for kind, value in expected)
    assert observables(pattern) == named
    assert read(pattern) == (None, named)


@pytest.mark.parametrize(
    "pattern",
    [
        "[domain-name:value != 'evil.example']",
        "[domain-name:value NOT = 'evil.example']",
        "[domain-name:value NOT IN ('evil.example')]",
        "[ipv4-addr:value NOT ISSUBSET '192.0.2.0/24']",
        "[ipv4-addr:value ISSUPERSET '192.0.2.0/24']",
        "[domain-name:value LIKE 'evil.example']",
        "[domain-name:value MATCHES 'evil.example']",
        "[domain-name:value > 'evil.example']",
        "[EXISTS domain-name:value]",
        "[domain-name:value = 'not a domain']",
        "[domain-name:value = 7]",
        "[ipv4-addr:value = '999.1.1.1']",
        "[ipv4-addr:value[0] = '192.0.2.7']",
        "[process:pid = 7]",
        "[x-other:value = 'evil.example']",
        "[url:value = h'ff']",
    ],
)
def test_what_is_denied_compared_otherwise_or_unknown_is_not(pattern):
    assert read(pattern) == (None, ())


PATHS = st.sampled_from(
    [
        "domain-name:value",
        "ipv4-addr:value",
        "url:value",
        "file:name",
        "file:hashes.MD5",
        "a:b[*].c",
        "file:parent_directory_ref.path",
        "file:hashes.'SHA-256'",
        "a:b[0]",
        "a:'b c'",
        "NOT:b",
        "a:b-c",
    ]
)
VALUES = st.sampled_from(
    [
        "'evil.example'",
        "'192.0.2.7'",
        "'192.0.2.0/24'",
        "'a\\'b'",
        "'C:\\\\a'",
        f"'{MD5}'",
        "'a\\b'",
        "''",
        "7",
    ]
)
TERMS = st.builds("{}{}{}".format, PATHS, st.sampled_from(["=", " = ", " == ", "= "]), VALUES)
JOINED = st.lists(TERMS, min_size=1, max_size=4).flatmap(
    lambda terms: st.lists(
        st.sampled_from([" OR ", " AND ", "] OR [", "] FOLLOWEDBY [", "]AND[", " OR"]),
        min_size=len(terms),
        max_size=len(terms),
    ).map(lambda joins: "[" + "".join(a + b for a, b in zip(terms, [*joins[1:], "]"], strict=True)))
)


@given(JOINED)
@settings(max_examples=400, deadline=None)
def test_the_short_way_says_what_the_grammar_says(pattern):
    quick = _read_simple(pattern)
    if quick is not None:
        assert quick == named_by(parse(pattern, version="2.1"))


@pytest.mark.parametrize("seed", range(3))
def test_reading_never_raises(seed):
    draw = Patterns(seed + 100)
    for _ in range(300):
        pattern = draw.valid()
        error, named = read(pattern)
        assert error is None or named == ()
        read(draw.damaged(pattern))


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_reading_any_text_never_raises(text):
    read(text)
    read(f"[domain-name:value = '{text}']")
