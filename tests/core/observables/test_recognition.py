from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable, canonical, recognise, recognise_many
from minga.core.observables.recognition import _examine, at_a_glance
from tests.core.observables.values import CANONICAL, LINE, observables

PASTED = [
    ("evil.example", Kind.DOMAIN, "evil.example"),
    (" EVIL.example. ", Kind.DOMAIN, "evil.example"),
    ("gооgle.com", Kind.DOMAIN, "xn--ggle-55da.com"),
    ("vip-it.co.za", Kind.DOMAIN, "vip-it.co.za"),
    ("host.lan", Kind.DOMAIN, "host.lan"),
    ("mail.banco.com.py", Kind.DOMAIN, "mail.banco.com.py"),
    ("mail.example.sh", Kind.DOMAIN, "mail.example.sh"),
    ("login[.]zip", Kind.DOMAIN, "login.zip"),
    ("www.evil.zip", Kind.DOMAIN, "www.evil.zip"),
    ("allegro.pl", Kind.DOMAIN, "allegro.pl"),
    ("evil.example:8443", Kind.DOMAIN, "evil.example"),
    ("factura.zip", Kind.FILE_NAME, "factura.zip"),
    ("factura.pdf.zip", Kind.FILE_NAME, "factura.pdf.zip"),
    ("factura.pdf.exe", Kind.FILE_NAME, "factura.pdf.exe"),
    ("Boleta de permiso docx.scr", Kind.FILE_NAME, "Boleta de permiso docx.scr"),
    ("config.php", Kind.FILE_NAME, "config.php"),
    ("install.sh", Kind.FILE_NAME, "install.sh"),
    ("192.0.2.7", Kind.IPV4, "192.0.2.7"),
    ("192[.]0[.]2[.]7", Kind.IPV4, "192.0.2.7"),
    ("192.0.2.7:443", Kind.IPV4, "192.0.2.7"),
    ("192.0.2.7/32", Kind.IPV4, "192.0.2.7"),
    ("::ffff:192.0.2.7", Kind.IPV4, "192.0.2.7"),
    ("[2001:DB8::7]", Kind.IPV6, "2001:db8::7"),
    ("192.0.2.9/24", Kind.CIDR, "192.0.2.0/24"),
    ("<hxxps://evil[.]example/a>,", Kind.URL, "https://evil.example/a"),
    ("evil.example/gate.php", Kind.URL, "http://evil.example/gate.php"),
    ("«ana[arroba]evil(punto)cl»", Kind.EMAIL, "ana@evil.cl"),
    ("A" * 64, Kind.SHA256, "a" * 64),
    (":".join(["AB"] * 20), Kind.SHA1, "ab" * 20),
    ("00-00-5E-00-53-01", Kind.MAC, "00:00:5e:00:53:01"),
    ("as64496", Kind.ASN, "AS64496"),
    ("CVE‑2026‑0001", Kind.CVE, "CVE-2026-0001"),
    ("t1566.001", Kind.TECHNIQUE, "T1566.001"),
    ("HKCU\\Software\\a b", Kind.REGISTRY_KEY, "HKEY_CURRENT_USER\\Software\\a b"),
    ("Global\\{a-b}", Kind.MUTEX, "Global\\{a-b}"),
    ("C:\\Users\\a b\\x.exe", Kind.FILE_PATH, "C:\\Users\\a b\\x.exe"),
    ("/tmp/.x/a.sh", Kind.FILE_PATH, "/tmp/.x/a.sh"),
    ("%APPDATA%\\a.exe", Kind.FILE_PATH, "%APPDATA%\\a.exe"),
    ("Mozilla/5.0 (X11; Linux)", Kind.USER_AGENT, "Mozilla/5.0 (X11; Linux)"),
    (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        Kind.BITCOIN,
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
]


@pytest.mark.parametrize(("text", "kind", "value"), PASTED)
def test_a_pasted_value_is_recognised(text, kind, value):
    assert recognise(text) == Observable(kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hola",
        "hola mundo",
        "e.g",
        "1.2.3",
        "256.1.1.1",
        "010.0.0.1",
        "a" * 33,
        "foo@bar",
        "evil.nosuchtop",
        "*.evil.example",
        "1.2.3.4.5",
        "\x00",
        "\ud800.cl",
        ".",
        "a" * 10_000,
        "x.y" * 5_000,
    ],
)
def test_what_fits_nothing_is_none(text):
    assert recognise(text) is None


@given(observables().filter(lambda one: not one.value.endswith((",", ";"))))
@settings(max_examples=120, deadline=None)
def test_a_canonical_value_is_recognised_as_its_kind(one):
    assert recognise(one.value) == one


@given(LINE | st.one_of(list(CANONICAL.values())) | st.text("abc.:/@-[]1", max_size=25))
@settings(max_examples=200, deadline=None)
def test_the_answer_is_canonical_and_the_short_way_gives_the_same_as_the_long_one(text):
    answer = recognise(text)
    assert recognise_many([text]) == [answer]
    if answer is not None:
        assert canonical(answer.kind, answer.value) == answer.value
    quick = at_a_glance(text)
    if quick is not None:
        assert quick == _examine(text)
