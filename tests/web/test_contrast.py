"""Colours can be told apart: WCAG 2.2, 1.4.3 and 1.4.11, in both themes."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "minga" / "web" / "static" / "minga" / "minga.css").read_text()
PAIR = re.compile(r"--([\w-]+):light-dark\((#[0-9a-fA-F]{6}),(#[0-9a-fA-F]{6})\)")
PLAIN = re.compile(r"--([\w-]+):(#[0-9a-fA-F]{6})")
TOKENS = {name: (value, value) for name, value in PLAIN.findall(CSS)} | {
    name: (light, dark) for name, light, dark in PAIR.findall(CSS)
}

TEXT = [
    *((ink, on) for ink in ("ink", "ink-2", "ink-3") for on in ("surface", "ground")),
    ("lapis", "surface"),
    ("lapis", "lapis-soft"),
    ("ink", "lapis-soft"),
    ("ink-2", "lapis-soft"),
    ("on-lapis", "lapis-solid"),
    ("on-lapis", "lapis-hover"),
    ("on-lapis", "lapis-deep"),
    ("ink-2", "sunken"),
    *((name, "surface") for name in ("crit", "high", "med", "low", "info", "good")),
    ("crit", "crit-soft"),
    ("ink", "crit-soft"),
    ("ink", "good-soft"),
    ("low", "low-soft"),
    ("med", "med-soft"),
    *((f"tlp-{name}", "tlp-bg") for name in ("red", "amber", "green", "clear")),
]
BORDERS = [("line-strong", "surface"), ("lapis", "surface"), ("crit", "surface")]


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_stands_out_from_what_it_is_on(ink, paper, theme):
    assert contrast(TOKENS[ink][theme], TOKENS[paper][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "paper"), BORDERS)
def test_the_border_of_a_control_can_be_seen(line, paper, theme):
    assert contrast(TOKENS[line][theme], TOKENS[paper][theme]) >= 3


def test_the_tlp_colours_are_those_of_first():
    assert {TOKENS[f"tlp-{name}"][0] for name in ("red", "amber", "green", "clear")} == {
        "#FF2B2B",
        "#FFC000",
        "#33FF00",
        "#FFFFFF",
    }
