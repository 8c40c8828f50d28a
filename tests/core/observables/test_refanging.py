from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable, canonical, defang, refang
from minga.core.observables.canonical import DEFANGED
from tests.core.observables.values import observables

READ = [
    ("hxxp://evil.example", "http://evil.example"),
    ("hXXps://evil.example", "https://evil.example"),
    ("h**p://evil.example", "http://evil.example"),
    ("hxtp://evil.example", "http://evil.example"),
    ("fxp://evil.example", "ftp://evil.example"),
    ("hxxps[:]//evil[.]example", "https://evil.example"),
    ("hxxps[://]evil[.]example", "https://evil.example"),
    ("https:[//]evil(.)example", "https://evil.example"),
    ("evil{.}example", "evil.example"),
    ("evil[dot]example", "evil.example"),
    ("evil(DOT)example", "evil.example"),
    ("evil [punto] example", "evil.example"),
    ("evil(Punto)example", "evil.example"),
    ("evil[.example]", "evil.example"),
    ("ana[at]evil[.]example", "ana@evil.example"),
    ("ana(at)evil.example", "ana@evil.example"),
    ("ana[@]evil.example", "ana@evil.example"),
    ("ana [arroba] evil (punto) example", "ana@evil.example"),
    ("2001[:]db8[:][:]7", "2001:db8::7"),
    ("192[.]0[.]2[.]7", "192.0.2.7"),
]


@pytest.mark.parametrize(("written", "meant"), READ)
def test_defanged_signs_are_read(written, meant):
    assert refang(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Vea (at) la tabla [1] y el anexo {2}.",
        "hxxp no es un esquema sin dos puntos",
        "lista[0].valor (dato)",
        "correo: ana@evil.example, http://evil.example/[a]",
        "",
    ],
)
def test_other_brackets_are_left_alone(text):
    assert refang(text.replace(" (at) ", " ")) == text.replace(" (at) ", " ")


@given(observables())
@settings(max_examples=150, deadline=None)
@example(Observable(Kind.URL, "http://ana:b.c@evil.example/a.b[c"))
@example(Observable(Kind.URL, "httpx://a.example"))
@example(Observable(Kind.URL, "http://[2001:db8::7]/"))
def test_refanging_undoes_defanging(one):
    assert refang(defang(one)) == one.value


@given(observables(*DEFANGED))
@settings(max_examples=100, deadline=None)
def test_a_defanged_value_is_no_link_and_has_the_same_canonical_form(one):
    written = defang(one)
    assert written != one.value
    assert not written.startswith(("http", "ftp"))
    assert canonical(one.kind, written) == one.value


def test_a_text_is_defanged_where_its_links_stand():
    text = "Ver HTTP://Evil.example/a.php (192.0.2.7) o hxxp://malo[.]cl; a.exe y ana@evil.example."
    assert defang(text) == (
        "Ver hxxp://Evil[.]example/a.php (192[.]0[.]2[.]7) o hxxp://malo[.]cl; a.exe y "
        "ana[@]evil[.]example."
    )


@given(st.text(st.sampled_from("a.h[x(:)]p/@ {}dot\n"), max_size=60))
@settings(max_examples=100, deadline=None)
@example("a@a.ad a(at)a.ad a[@]a.ad a.b@a[.]ad http://a.ad hxxp://a.ad")
def test_defanging_a_text_twice_changes_nothing_more(text):
    assert defang(defang(text)) == defang(text)
