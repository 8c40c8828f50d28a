"""From a layout and values to a PDF.

Values reach typst as JSON and stand in the document as text. They are never read as markup, so
nobody's name or words can draw, load or hide anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import typst

from minga.store import world

LAYOUTS = Path(__file__).parent / "layouts"
Standard: TypeAlias = Literal["a-2a"]
LASTING: Standard = "a-2a"
"""PDF/A-2a (ISO 19005-2): all letters inside, tagged, readable in decades."""


def typeset(layout: str, values: Mapping[str, object]) -> bytes:
    """The PDF of a layout (`layouts/<layout>.typ`) filled with values that JSON can say.

    It is PDF/A-2a unless a text needs letters that the house's fonts lack: then it is a plain PDF
    with the letters of the machine. It takes 10 to 100 ms.
    """
    source = LAYOUTS / f"{layout}.typ"
    said = {"values": json.dumps(values, ensure_ascii=False)}
    try:
        return _compile(source, said, standard=LASTING, with_system_fonts=False)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compile(source, said, standard=None, with_system_fonts=True)


def _compile(
    source: Path, said: dict[str, str], *, standard: Standard | None, with_system_fonts: bool
) -> bytes:
    return typst.compile(
        source,
        root=LAYOUTS,
        font_paths=_fonts(with_system_fonts=with_system_fonts),
        sys_inputs=said,
        pdf_standards=standard,
        timestamp=int(world.now().timestamp()),
        format="pdf",
    )


@lru_cache(maxsize=2)
def _fonts(*, with_system_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system_fonts)
