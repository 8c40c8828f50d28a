"""The components: what they say, and that nothing a member typed becomes markup."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from minga.core.observables import Kind, Observable
from minga.core.policy import Tlp

STATIC = Path(__file__).parents[2] / "minga" / "web" / "static" / "minga"
TEMPLATES = Path(__file__).parents[2] / "minga"

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "</span\x01\x00>",
    "'-alert(1)-'",
    "http://evil.example/\"onmouseover='alert(1)'",
]


def drawn(source, **context):
    with translation.override("es"):
        return Template("{% load minga %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("level", "css", "words"),
    [
        (Tlp.RED, "tlp-red", "TLP:RED"),
        (Tlp.AMBER_STRICT, "tlp-strict", "TLP:AMBER+STRICT"),
        (Tlp.AMBER, "tlp-amber", "TLP:AMBER"),
        (Tlp.GREEN, "tlp-green", "TLP:GREEN"),
        (Tlp.CLEAR, "tlp-clear", "TLP:CLEAR"),
    ],
)
def test_a_label_is_written_as_first_writes_it(level, css, words):
    drawing = drawn("{% tlp level %}", level=level)

    assert f"tlp {css}" in drawing
    assert f">{words}<" in drawing


@pytest.mark.parametrize(
    ("value", "word", "bars"),
    [(0, "Dudosa", 1), (20, "Baja", 2), (50, "Media", 3), (79, "Alta", 4), (100, "Confirmada", 5)],
)
def test_confidence_is_bars_and_a_word(value, word, bars):
    drawing = drawn("{% confidence value %}", value=value)

    assert word in drawing
    assert drawing.count('class="on"') == bars
    assert drawing.count("<rect") == 5


def test_confidence_that_nobody_gave_is_not_drawn():
    assert drawn("{% confidence None %}") == ""


@pytest.mark.parametrize(
    ("kind", "value", "hidden"),
    [
        (Kind.DOMAIN, "evil.example", "evil.example"),
        (Kind.URL, "https://evil.example/a", "https://"),
        (Kind.IPV4, "198.51.100.23", "198.51.100.23"),
        (Kind.EMAIL, "ana@evil.example", "ana@evil"),
    ],
)
def test_an_observable_is_shown_defanged_and_leads_nowhere(kind, value, hidden):
    drawing = drawn("{% ioc observable %}", observable=Observable(kind, value))

    text = re.sub("<[^>]+>", "", drawing)
    assert hidden not in text
    assert "<a" not in drawing
    assert 'translate="no"' in drawing


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [Kind.URL, Kind.FILE_NAME, Kind.USER_AGENT, Kind.COMMAND_LINE])
def test_an_observables_value_never_becomes_markup(kind, text):
    assert_harmless(drawn("{% ioc observable %}", observable=Observable(kind, text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_members_words_never_become_markup(text):
    assert_harmless(drawn("{{ text|told }}", text=f"Uno {text}\ndos\n\ntres {text}"))


def test_a_members_words_keep_their_lines_and_lose_their_fangs():
    drawing = drawn("{{ text|told }}", text="Visto en http://evil.example/x\n\nY otra vez.\nFin.")

    assert drawing.count("<p>") == 2
    assert "<br>" in drawing
    assert "http://" not in re.sub("<[^>]+>", "", drawing)
    assert "hxxp" in drawing


def test_a_members_words_stay_as_he_wrote_them_but_for_the_fangs():
    text = (
        "Con cirílica bаncoejemplo[.]example, HKCU\\Software\\X, CVE‑2026‑99001 y hxxp://A.example/"
    )

    drawing = drawn("{{ text|told }}", text=text)

    words = re.sub("<[^>]+>", "", drawing)
    assert words == text.replace("A.example", "A[.]example")


def test_icons_that_are_drawn_are_in_the_sprite():
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    drawn_in_templates = {
        f"i-{name}"
        for page in TEMPLATES.rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([a-z]+)"', page.read_text())
    }

    assert drawn_in_templates <= there
    assert {f"s-{level}" for level in ("crit", "high", "med", "low", "info")} <= there


def test_no_template_holds_inline_style_script_or_handlers():
    for page in TEMPLATES.rglob("templates/**/*.html"):
        source = page.read_text()
        assert not re.search(
            r"\sstyle=|<style|\son\w+=|hx-on|javascript:|<script(?! src)", source
        ), page


def test_our_own_script_stays_small():
    assert (STATIC / "minga.js").stat().st_size < 15_000


def assert_harmless(drawing):
    """Only the tags that components draw, and no attribute but theirs."""
    tags = re.findall(r"<[^>]*>", drawing)
    allowed = {
        "<p>", "</p>", "<br>", "</span>", '<span class="d">', '<span class="ioc" translate="no">',
    }  # fmt: skip
    assert set(tags) <= allowed
