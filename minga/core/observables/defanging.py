"""Writing observables so that nobody clicks on them by accident."""

from __future__ import annotations

import re

from minga.core.observables.extraction import extract
from minga.core.observables.kinds import Kind, Observable
from minga.core.observables.refanging import refang

_SCHEME_AND_HOST = re.compile(r"([^:]*)(://)((?:[^/?#]*@)?)([^/?#]*)(.*)", re.DOTALL)


def defang(value: Observable | str) -> str:
    """An observable so written that no program makes a link of it; `refang` undoes it.

    Of a whole text, every address, name, URL and e-mail address found in it is defanged where it
    stands. Kinds that are no links (hashes, files, keys…) stay as they are.

        >>> defang(Observable(Kind.URL, "https://evil.example/a.b"))
        'hxxps://evil[.]example/a.b'
    """
    if isinstance(value, Observable):
        return _defanged(value.kind, value.value)
    pieces: list[str] = []
    done = 0
    for find in extract(value):
        pieces += value[done : find.start], _defanged(find.observable.kind, find.text)
        done = find.end
    return "".join(pieces) + value[done:]


def _defanged(kind: Kind, text: str) -> str:
    if kind is Kind.URL:
        parts = _SCHEME_AND_HOST.fullmatch(text)
        if parts is None:
            return _without_dots(text)
        scheme, colon, user, host, rest = parts.groups()
        return f"{_fang(scheme, colon)}{user}{_without_dots(host)}{rest}"
    if kind is Kind.EMAIL:
        local, at, domain = text.rpartition("@")
        if not local.endswith(("[", "(", "{")):  # otherwise it is between brackets already
            at = at and "[@]"
        return f"{local}{at}{_without_dots(domain)}"
    if kind in (Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.DOMAIN):
        return re.sub(r"(?<!\[):(?!\])", "[:]", _without_dots(text))
    return text


def _fang(scheme: str, colon: str) -> str:
    plain = scheme.lower()
    if plain in ("http", "https"):
        return f"hxxp{scheme[4:]}{colon}"
    if plain in ("ftp", "ftps"):
        return f"fxp{scheme[3:]}{colon}"
    return f"{scheme}[{colon}]" if refang(scheme + colon) == scheme + colon else scheme + colon


def _without_dots(text: str) -> str:
    """Each plain dot between brackets; those that are already so stay."""
    return re.sub(r"(?<![\[({ ])\.(?![\])} ])", "[.]", text)
