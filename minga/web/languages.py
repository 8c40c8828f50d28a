"""Languages of the pages: choosing one, and keeping the catalogues whole.

Messages are written in English where they are said; `locale/es` holds the Spanish. Compiled
catalogues are not committed: `compile_catalogues` makes them at set-up with Babel, without GNU
gettext. `python -m minga.web.languages` brings the `.po` file up to date with the code.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "web" / "locale"
KEYWORDS = {
    "_": None, "N_": None,
    "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

# Written by hand, because the usual one changes with every run.
HEADER = """\
# Spanish of Chile: tú, present tense, short sentences.
msgid ""
msgstr ""
"Project-Id-Version: minga\\n"
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def chosen(request: HttpRequest) -> str:
    """The language this reader chose, else the hub's."""
    wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def compile_catalogues() -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer than it; return those written.

    This process speaks them at once, and so do the web workers that it forks: it may have
    looked a message up in the old ones already.
    """
    written = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, read_catalogue(source))
        partial = target.with_suffix(f".{os.getpid()}")
        partial.write_bytes(compiled.getvalue())
        partial.replace(target)
        translation_file_changed(sender=None, file_path=target)
        written.append(target)
    return written


def read_catalogue(path: Path) -> Catalog:
    """The catalogue in a `.po` file, named by the folder it lies in."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def said() -> Catalog:
    """Every message that code and templates say, as a catalogue without translations."""
    catalogue = Catalog(project="minga", charset="utf-8")
    for path, line, message, context in _messages():
        place = path.relative_to(PACKAGE.parent).as_posix()
        catalogue.add(message, locations=[(place, line)], context=context)
    return catalogue


def faults(catalogue: Catalog) -> list[str]:
    """What a catalogue lacks: a translation, certainty about one, or a placeholder in it."""
    found = []
    for wanted in said():
        if not wanted.id:
            continue
        message = catalogue.get(wanted.id, wanted.context)
        if message is None:
            found.append(f"{wanted.id!r} is not in the catalogue")
        elif not all(_each(message.string)):
            found.append(f"{wanted.id!r} is not translated")
        elif message.fuzzy:
            found.append(f"{wanted.id!r} is marked as in doubt")
        elif _placeholders(message.id) != _placeholders(message.string):
            found.append(f"{wanted.id!r} lost or gained a placeholder")
    return found


def update() -> None:
    """Bring the Spanish catalogue up to date with what is said; drop what is said no more."""
    path = LOCALE / "es" / "LC_MESSAGES" / "django.po"
    catalogue = read_catalogue(path)
    catalogue.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalogue, width=100, omit_header=True, sort_by_file=True,
             include_lineno=False)  # fmt: skip
    path.write_bytes(HEADER.encode() + b"\n" + written.getvalue())


def _messages() -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py":
            text = path.read_text("utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            text = _as_python(path)
        else:
            continue
        for line, message, _, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            yield path, line, message, context


def _as_python(path: Path) -> str:
    """A template as Django shows it to gettext, each line from its first column."""
    seen = templatize(path.read_text("utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in seen.splitlines())


_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def _placeholders(words: object) -> set[str]:
    return {found[0] for text in _each(words) for found in _PLACEHOLDER.finditer(text)}


def _each(words: object) -> list[str]:
    """The words of a message: one, or one for each number."""
    return [str(each) for each in words] if isinstance(words, tuple | list) else [str(words or "")]


if __name__ == "__main__":
    update()
