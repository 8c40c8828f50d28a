"""The sectors of organisations and the regions of Chile, as data, with their words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

# ISO 3166-2:CL, from north to south.
REGIONS = {
    "AP": "Arica y Parinacota", "TA": "Tarapacá", "AN": "Antofagasta", "AT": "Atacama",
    "CO": "Coquimbo", "VS": "Valparaíso", "RM": "Metropolitana", "LI": "O'Higgins",
    "ML": "Maule", "NB": "Ñuble", "BI": "Biobío", "AR": "La Araucanía", "LR": "Los Ríos",
    "LL": "Los Lagos", "AI": "Aysén", "MA": "Magallanes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector: its code, its words, and the law that makes its services essential, if any."""

    code: str
    es: str
    en: str
    law: str = ""

    def in_(self, language: str) -> str:
        """Its words in a language; in Spanish for any other than English."""
        return self.en if language == "en" else self.es


def sector_name(code: str, *, language: str) -> str:
    """What a sector is called; a word of the hub's own, which no table knows, is its own name."""
    known = SECTORS.get(code)
    return known.in_(language) if known else code


def region_name(code: str) -> str:
    """What a region is called; names of places are not translated."""
    return REGIONS.get(code, code)


def _read() -> dict[str, Sector]:
    said = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {each["code"]: Sector(**each) for each in said["sector"]}


SECTORS = _read()
