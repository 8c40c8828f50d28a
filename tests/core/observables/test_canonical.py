from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable, canonical
from minga.core.problems import Invalid
from tests.core.observables.values import CANONICAL, FREE_TEXT, LINE, observables

SAME = [
    (Kind.IPV4, " 192.0.2.7 ", "192.0.2.7"),
    (Kind.IPV4, "192[.]0[.]2[.]7", "192.0.2.7"),
    (Kind.IPV6, "2001:0DB8:0:0:0:0:0:7", "2001:db8::7"),
    (Kind.IPV6, "fe80::1%eth0", "fe80::1"),
    (Kind.IPV6, "[2001:db8::7]", "2001:db8::7"),
    (Kind.CIDR, "192.0.2.77/24", "192.0.2.0/24"),
    (Kind.CIDR, "2001:DB8::7/32", "2001:db8::/32"),
    (Kind.CIDR, "192.0.2.7/32", "192.0.2.7/32"),
    (Kind.DOMAIN, "LOGIN.Evil.Example.", "login.evil.example"),
    (Kind.DOMAIN, "ñandú.cl", "xn--and-6ma2c.cl"),
    (Kind.DOMAIN, "n\u0303andu\u0301.cl", "xn--and-6ma2c.cl"),
    (Kind.DOMAIN, "ＥＶＩＬ。example", "evil.example"),
    (Kind.DOMAIN, "_dmarc.evil.example", "_dmarc.evil.example"),
    (Kind.DOMAIN, "r3---sn-x.evil.example", "r3---sn-x.evil.example"),
    (Kind.DOMAIN, "xn--ls8h.example", "xn--ls8h.example"),
    (Kind.URL, "HTTPS://Ana:Pass@Evil.Example:443", "https://Ana:Pass@evil.example/"),
    (Kind.URL, "http://evil.example?A=%2f#Frag", "http://evil.example/?A=%2f#Frag"),
    (Kind.URL, "http://evil.example:8080/A/../b//", "http://evil.example:8080/A/../b//"),
    (Kind.URL, "hxxp[:]//evil[.]example/a[.]php", "http://evil.example/a.php"),
    (Kind.URL, "http://0x7f.1/", "http://127.0.0.1/"),
    (Kind.URL, "http://0300.0.2.7/", "http://192.0.2.7/"),
    (Kind.URL, "http://3221225991/", "http://192.0.2.7/"),
    (Kind.URL, "http://%65vil.example/%65", "http://evil.example/%65"),
    (Kind.URL, "http://[2001:DB8:0::7]:80/a", "http://[2001:db8::7]/a"),
    (Kind.URL, "http://ñandú.cl/ñ", "http://xn--and-6ma2c.cl/ñ"),
    (Kind.URL, "http://intranet/a", "http://intranet/a"),
    (Kind.URL, "evil.example/gate.php", "http://evil.example/gate.php"),
    (Kind.URL, "tcp://192.0.2.7:4444", "tcp://192.0.2.7:4444"),
    (Kind.EMAIL, "mailto:Ana.Rojas@EVIL.example", "Ana.Rojas@evil.example"),
    (Kind.EMAIL, "ana[arroba]evil(punto)example", "ana@evil.example"),
    (
        Kind.MD5,
        "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E",
        "d41d8cd98f00b204e9800998ecf8427e",
    ),
    (
        Kind.SSDEEP,
        '3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C,"a.exe"',
        "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
    ),
    (Kind.ASN, "64496", "AS64496"),
    (Kind.ASN, "asn 64496", "AS64496"),
    (Kind.ASN, "AS1.10", "AS65546"),
    (Kind.MAC, "00-00-5E-00-53-01", "00:00:5e:00:53:01"),
    (Kind.MAC, "0000.5e00.5301", "00:00:5e:00:53:01"),
    (Kind.CVE, "cve–2026–0001", "CVE-2026-0001"),
    (Kind.TECHNIQUE, "t1566.001", "T1566.001"),
    (Kind.FILE_NAME, '"factura.pdf.exe"', "factura.pdf.exe"),
    (Kind.FILE_NAME, "factura\u202efdp.exe", "factura\u202efdp.exe"),
    (Kind.REGISTRY_KEY, "hklm\\Software\\Run\\", "HKEY_LOCAL_MACHINE\\Software\\Run"),
    (Kind.COMMAND_LINE, "cmd /c\n  dir", "cmd /c   dir"),
    (
        Kind.BITCOIN,
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
    (Kind.BITCOIN, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
]

REFUSED = [
    (Kind.IPV4, "010.0.0.1"),
    (Kind.IPV4, "1.2.3"),
    (Kind.IPV4, "256.1.1.1"),
    (Kind.IPV4, "2130706433"),
    (Kind.IPV4, "١.2.3.4"),
    (Kind.IPV6, "::ffff:192.0.2.7"),
    (Kind.IPV6, "192.0.2.7"),
    (Kind.IPV6, "2001:db8::7::1"),
    (Kind.CIDR, "192.0.2.0/33"),
    (Kind.CIDR, "192.0.2.0/255.255.255.0"),
    (Kind.CIDR, "192.0.2.0"),
    (Kind.DOMAIN, "localhost"),
    (Kind.DOMAIN, "*.evil.example"),
    (Kind.DOMAIN, "192.0.2.7"),
    (Kind.DOMAIN, "-evil.example"),
    (Kind.DOMAIN, "evil..example"),
    (Kind.DOMAIN, "a" * 64 + ".example"),
    (Kind.DOMAIN, ".".join(["a" * 60] * 5) + ".example"),
    (Kind.DOMAIN, "evil.example/a"),
    (Kind.DOMAIN, "💩.example"),
    (Kind.URL, "evil.example"),
    (Kind.URL, "http://"),
    (Kind.URL, "http://evil example/"),
    (Kind.URL, "http://evil.example/a b"),
    (Kind.URL, "http://evil.example:99999/"),
    (Kind.URL, "http://1.2.3.4.5/"),
    (Kind.URL, "http://evil.example/" + "a" * 9000),
    (Kind.URL, "http://evil.example/\x00"),
    (Kind.EMAIL, "ana"),
    (Kind.EMAIL, '"ana rojas"@evil.example'),
    (Kind.EMAIL, "@evil.example"),
    (Kind.MD5, "d41d8cd98f00b204e9800998ecf8427"),
    (Kind.SHA1, "g" * 40),
    (Kind.ASN, "AS4294967296"),
    (Kind.ASN, "AS1.70000"),
    (Kind.MAC, "00:00:5e:00:53"),
    (Kind.CVE, "CVE-2026-1"),
    (Kind.TECHNIQUE, "T156"),
    (Kind.FILE_NAME, "a/b.exe"),
    (Kind.FILE_NAME, ""),
    (Kind.FILE_PATH, "a.exe"),
    (Kind.REGISTRY_KEY, "Software\\Run"),
    (Kind.MUTEX, "a\x00b"),
    (Kind.MUTEX, "   "),
    (Kind.BITCOIN, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"),
    (Kind.BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), SAME)
def test_each_spelling_becomes_the_canonical_one(kind, text, expected):
    assert canonical(kind, text) == expected
    assert canonical(kind, expected) == expected


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_what_is_no_such_thing_is_refused_with_what_was_expected(kind, text):
    with pytest.raises(Invalid, match=r"expected|ends in a number|copy it again|write"):
        canonical(kind, text)


@given(observables())
@settings(max_examples=150, deadline=None)
def test_a_canonical_value_is_its_own_canonical_form(one):
    assert canonical(one.kind, one.value) == one.value


SCRAPS = st.lists(
    st.sampled_from(
        [
            "http",
            "hxxp",
            "://",
            "[:]",
            ":",
            "/",
            "[",
            "]",
            "(",
            ")",
            "{",
            "}",
            ".",
            "[.]",
            "dot",
            "at",
            "@",
            "[@]",
            "evil",
            "EXAMPLE",
            "cl",
            "1",
            "0x7f",
            "08",
            "ñ",
            "%65",
            "%",
            " ",
            "\\",
            "'",
            '"',
            "-",
            "#",
        ]
    ),
    max_size=9,
).map("".join)


@given(st.sampled_from(Kind), LINE | SCRAPS | SCRAPS | st.one_of(list(CANONICAL.values())))
@settings(max_examples=300, deadline=None)
def test_canonical_is_idempotent_or_refuses_whatever_the_text(kind, text):
    try:
        once = canonical(kind, text)
    except Invalid:
        return
    assert canonical(kind, once) == once


@given(st.sampled_from(FREE_TEXT), LINE)
@settings(max_examples=100, deadline=None)
def test_free_text_of_one_line_is_kept_as_it_is(kind, line):
    if kind is not Kind.PROCESS_NAME:
        assert canonical(kind, line) == line


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (Kind.REGISTRY_KEY, "HKLM\\SOFTWARE\\Run", "HKEY_LOCAL_MACHINE\\software\\run", True),
        (Kind.EMAIL, "Ana@evil.example", "ana@evil.example", True),
        (Kind.FILE_NAME, "Factura.EXE", "factura.exe", True),
        (Kind.MUTEX, "Global\\A", "Global\\a", False),
        (Kind.URL, "http://evil.example/A", "http://evil.example/a", False),
    ],
)
def test_keys_ignore_case_exactly_where_the_kind_does(kind, one, other, same):
    keys = {Observable(kind, canonical(kind, text)).key for text in (one, other)}
    assert (len(keys) == 1) is same


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.URL, "http://evil.example?".ljust(8192, "a")),
        (Kind.URL, "evil.example/".ljust(8192, "a")),
        (Kind.REGISTRY_KEY, "HKLM\\".ljust(8192, "a")),
    ],
)
def test_a_value_that_grows_over_the_limit_when_spelled_out_is_refused(kind, text):
    with pytest.raises(Invalid, match="8,192"):
        canonical(kind, text)


def test_every_kind_has_a_rule():
    for kind in Kind:
        with pytest.raises(Invalid):
            canonical(kind, "\x00")
