"""Media types: what we speak, and whether a caller hears and speaks it. TAXII 2.1, section 1.6."""

from __future__ import annotations

from functools import lru_cache

from minga.web.machines import NotAcceptable, UnsupportedMediaType

TAXII = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
LATEST = ("", "2.1")


def check_accept(accept: str) -> None:
    """Raise NotAcceptable unless the Accept header lets us answer in TAXII 2.1.

    Wider than the standard asks: a missing header and wildcards are served too, because curl and
    browsers send them.
    """
    if accept and not _accepts(accept):
        raise NotAcceptable(f"Accept is {accept[:200]!r}; expected {TAXII}.")


def check_content_type(content_type: str) -> None:
    """Raise UnsupportedMediaType unless a body is declared to be TAXII 2.1."""
    name, parameters = _parse(content_type)
    if name != "application/taxii+json" or parameters.get("version", "") not in LATEST:
        raise UnsupportedMediaType(f"Content-Type is {content_type[:200]!r}; expected {TAXII}.")


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the caller asked for gzip by name."""
    codings = (_parse(part) for part in accept_encoding.split(","))
    return any(name == "gzip" and _is_wanted(parameters) for name, parameters in codings)


@lru_cache(maxsize=256)
def _accepts(accept: str) -> bool:
    return any(_offers(*_parse(part)) for part in accept.split(","))


def _offers(name: str, parameters: dict[str, str]) -> bool:
    if not _is_wanted(parameters):
        return False
    if name == "application/taxii+json":
        return parameters.get("version", "") in LATEST
    return name in {"*/*", "application/*"}


def _is_wanted(parameters: dict[str, str]) -> bool:
    """A weight of zero means "not this one" (RFC 9110, section 12.4.2)."""
    return parameters.get("q", "1").strip("0.") != ""


def _parse(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    return name.strip().lower(), {
        key.strip().lower(): value.strip().strip('"') for key, _, value in pairs
    }
