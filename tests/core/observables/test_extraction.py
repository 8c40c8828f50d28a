from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable, canonical, defang, extract
from tests.core.observables.values import observables

REPORT = """\
Estimados: desde el 12.05.2026 a las 10.30 hrs. detectamos una campaña contra clientes de bancos.
El correo (de "Soporte" <soporte[arroba]portal-clientes(punto)example>, asunto "Factura 3.456")
trae factura.pdf.exe y enlaza a hxxps[:]//portal-clientes[.]example/login.php?id=1. También se vio
http://portal-clientes.example/a(b), el host *.cdn.portal-clientes.example y la IP
198[.]51[.]100[.]7:8080.
The loader (SHA-256: {sha256}) writes C:\\Users\\Public\\Mi Carpeta\\a.exe, sets
HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\a and takes the mutex Global\\{{A-1}};
then it beacons to 2001[:]db8[:][:]7 and 203.0.113.0/24 (AS64496), see CVE-2026-0001 and T1566.001.
Afecta a la versión 1.2.3.4 y anteriores, Chrome/109.0.0.0, etc. No afecta a 1.2.3.4.5. Saludos.
""".format(sha256="ab" * 32)

FINDS = [
    ("soporte[arroba]portal-clientes(punto)example", Kind.EMAIL, "soporte@portal-clientes.example"),
    ("factura.pdf.exe", Kind.FILE_NAME, "factura.pdf.exe"),
    (
        "hxxps[:]//portal-clientes[.]example/login.php?id=1",
        Kind.URL,
        "https://portal-clientes.example/login.php?id=1",
    ),
    ("http://portal-clientes.example/a(b)", Kind.URL, "http://portal-clientes.example/a(b)"),
    ("cdn.portal-clientes.example", Kind.DOMAIN, "cdn.portal-clientes.example"),
    ("198[.]51[.]100[.]7", Kind.IPV4, "198.51.100.7"),
    ("ab" * 32, Kind.SHA256, "ab" * 32),
    (
        "C:\\Users\\Public\\Mi Carpeta\\a.exe",
        Kind.FILE_PATH,
        "C:\\Users\\Public\\Mi Carpeta\\a.exe",
    ),
    (
        "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\a",
        Kind.REGISTRY_KEY,
        "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\a",
    ),
    ("Global\\{A-1}", Kind.MUTEX, "Global\\{A-1}"),
    ("2001[:]db8[:][:]7", Kind.IPV6, "2001:db8::7"),
    ("203.0.113.0/24", Kind.CIDR, "203.0.113.0/24"),
    ("AS64496", Kind.ASN, "AS64496"),
    ("CVE-2026-0001", Kind.CVE, "CVE-2026-0001"),
    ("T1566.001", Kind.TECHNIQUE, "T1566.001"),
]


def test_a_report_yields_what_it_names_and_nothing_else():
    finds = extract(REPORT)
    assert [(find.text, find.observable.kind, find.observable.value) for find in finds] == FINDS
    assert all(REPORT[find.start : find.end] == find.text for find in finds)


LEADS = [
    "",
    "Vea ",
    "se conecta a ",
    "connects to ",
    "host: ",
    "(",
    "«",
    '"',
    "- ",
    "<",
    "dst=",
    "• ",
    "\n",
]
TAILS = ["", ".", ",", ")", "»", '"', " y más", ";", "\n", ">", "…", ").", "!", "'", " "]
PLANTED = observables().filter(
    lambda one: (
        one.value[-1].isalnum()
        and not (one.kind is Kind.URL and ("(" in one.value or ")" in one.value))
        and not (one.kind is Kind.IPV6 and not any(c.isdigit() for c in one.value))
    )
)


@st.composite
def planted_texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, Observable, str]]]:
    """A text of sentences and where each value stands in it."""
    text, places = "", []
    for one in draw(st.lists(PLANTED, min_size=1, max_size=5)):
        written = draw(st.sampled_from([one.value, defang(one)]))
        text += draw(st.sampled_from(LEADS))
        places.append((len(text), one, written))
        text += (
            written + draw(st.sampled_from(TAILS)) + draw(st.sampled_from([" ", "\n", " Además, "]))
        )
    return text, places


@given(planted_texts())
@settings(max_examples=120, deadline=None)
def test_values_planted_in_sentences_are_found_where_they_stand(planted):
    text, places = planted
    found = [(find.start, find.observable, find.text) for find in extract(text)]
    assert found == places


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "http",
                "://",
                "hxxp",
                "[.]",
                ".",
                "@",
                "cl",
                "1.2.3.4",
                "/",
                "\\",
                ":",
                "::",
                "a",
                "C:\\",
                "HKLM\\",
                "(",
                ")",
                " ",
                "%",
                "ñ",
                "\ud800",
                "\x00",
                "Mozilla/5.0 (",
                "'",
            ]
        )
    ).map("".join)
)
@settings(max_examples=250, deadline=None)
def test_extraction_never_raises_and_its_finds_are_in_order_apart_and_canonical(text):
    end = 0
    for find in extract(text):
        assert end <= find.start < find.end <= len(text)
        assert text[find.start : find.end] == find.text
        assert canonical(find.observable.kind, find.observable.value) == find.observable.value
        end = find.end


@pytest.mark.parametrize(
    "prose",
    [
        "El Sr. Rojas llegó a las 10.30.am y se fue a las 5.pm; recorrió 12.5.km.",
        "Terminó el informe.Es breve, p.ej. una página, etc. S.A. Ltda. EE.UU. i.e. e.g.",
        "Actualice a la versión 1.2.3.4, v2.3.4.5, ver. 7.0.0.1, build 10.0.0.1 o fw: 3.1.4.1.",
        "Afecta a versions 1.2.3.4, 1.2.3.5 and 1.2.3.6.",
        "std::string a::b Foo::Bar 12:30:45 a las 12:30 ratio 3:4:5",
        "Chrome/109.0.0.0 OpenSSL/1.1.1.1 1.2.3.4.5 999.1.1.1 1.2.3 010.1.1.1",
        "and/or TCP/IP 24/7 [1] (2) {3} T1000 AS CVE-2026 abcdef",
        "d41d8cd98f00b204e9800998ecf8427 (31 hex digits) " + "a" * 33,
        "@usuario #etiqueta $100 50% C: \\ / // http:// hxxp:// ftp",
    ],
)
def test_ordinary_prose_yields_nothing(prose):
    assert extract(prose) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "http://a.cl/x,http://b.cl/y;https://c.cl",
            ["http://a.cl/x", "http://b.cl/y", "https://c.cl/"],
        ),
        ("1.2.3.4,5.6.7.8;9.9.9.9|8.8.8.8", ["1.2.3.4", "5.6.7.8", "9.9.9.9", "8.8.8.8"]),
        ("google.cl/bing.cl", ["google.cl", "bing.cl"]),
        ("evil.cl/gate.php y evil.cl/", ["http://evil.cl/gate.php", "evil.cl"]),
        ('{"ip":"1.2.3.4","url":"http://a.cl/x"}', ["1.2.3.4", "http://a.cl/x"]),
        (
            "host 4.3.2.1.static.isp.cl tiene 1.2.3.4.Luego",
            ["4.3.2.1.static.isp.cl", "1.2.3.4"],
        ),
        (
            "[texto](http://a.cl/x) <a href='http://b.cl/y'>b</a>",
            ["http://a.cl/x", "http://b.cl/y"],
        ),
        ("Received: from mx.evil.cl ([192.0.2.7]) by", ["mx.evil.cl", "192.0.2.7"]),
        ("GET http://a.cl/x HTTP/1.1 200 - 1.2.3.4:443", ["http://a.cl/x", "1.2.3.4"]),
        (".evil.cl *.malo.cl ||bad.cl^", ["evil.cl", "malo.cl", "bad.cl"]),
        ("/tmp/.x/evil.cl y /var/log/a.log.", ["/tmp/.x/evil.cl", "/var/log/a.log"]),
        ("gооgle.com google.com", ["xn--ggle-55da.com", "google.com"]),
        ("jdbc:mysql://db.evil.cl:3306/x", ["http://db.evil.cl:3306/x"]),
        ("login[.]zip no es factura.zip", ["login.zip", "factura.zip"]),
    ],
)
def test_lists_logs_and_markup_are_read(text, values):
    assert [find.observable.value for find in extract(text)] == values


def test_a_report_of_a_megabyte_is_read_within_two_seconds():
    prose = "La campaña comenzó en marzo y afecta a varias organizaciones del sector. " * 20
    text = (prose + REPORT) * (1_000_000 // len(prose + REPORT))
    began = time.process_time()
    assert len(extract(text)) == len(FINDS) * text.count(REPORT)
    assert time.process_time() - began < 2


HOSTILE = {
    "dots": "." * 200_000,
    "labels": "a." * 100_000,
    "one label": "a" * 200_000,
    "hyphens": "a-" * 100_000,
    "at signs": "a@" * 100_000,
    "brackets": "[" * 200_000,
    "fangs": "[.]" * 65_000,
    "spaces and dots": " . [" * 50_000,
    "colons": ":" * 200_000,
    "hex and colons": "ab:" * 65_000,
    "digits and dots": "1." * 100_000,
    "hex": "a1" * 100_000,
    "schemes": "http://" * 30_000,
    "urls and commas": "http://a.cl," * 16_000,
    "urls and brackets": "http://a.cl" + ")" * 200_000,
    "slashes": "a.cl/" * 20_000,
    "drives": "C:\\" * 65_000,
    "folders": "C:" + "\\a b" * 50_000,
    "long folder": "C:\\" + "a " * 100_000,
    "hives": "HKLM\\" * 40_000,
    "agents": "Mozilla/5.0 (" * 15_000,
    "roots": "/tmp" * 50_000,
    "percents": "%a" * 100_000,
    "versions": "version 1.2.3.4, " * 12_000,
    "quotes": "'\"" * 100_000,
    "bitcoin": "1" * 200_000,
    "signatures": "3:" + "a" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_longer_than_its_length_allows(name):
    # 200,000 characters take 0.1 to 0.5 s; what is not linear takes minutes.
    text = HOSTILE[name]
    began = time.process_time()
    extract(text)
    assert time.process_time() - began < 5


def test_ver_is_the_spanish_word_for_see_unless_it_ends_in_a_dot():
    assert [find.text for find in extract("Ver 203.0.113.77 en el registro.")] == ["203.0.113.77"]
    assert extract("Instale la ver. 7.0.0.1 hoy.") == []
