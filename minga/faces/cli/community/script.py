"""The script of the story: what its files may say, read and checked.

Files lie beside this module: `cast.toml` (organisations, people, circles), `stories/` (what people
wrote), `families/` (what is told many times in other words), `bundles.toml` (what machines sent,
the bundles themselves in `bundles/`) and `notes.toml` (what many answer in a line). A key that no
table here knows is refused as a slip of the pen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

HERE = Path(__file__).parent
T = TypeVar("T")
Kind = Literal["alert", "threat", "report", "incident", "indicators", "innovation"]
Label = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
Verdict = Literal["false-positive", "expired", "not-affected", "mitigated", "need-help"]
EVERYONE = ("everyone",)


class PersonPart(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who acts; `key` names him in the script and before the @ of his address."""

    key: str
    name: str
    role: str
    language: str = "es"
    closed: str = ""


class OrganisationPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The hub, or a member, from the day it joins to the day it leaves.

    `clauses` are those of the agreement that it signed; all when none are named. `shows_contact`
    says who sees how its security is reached; `allows_logo`, that the hub may show its logo in
    public; `has_pgp_key`, that it shows one, made as it joins and whose secret nobody keeps.
    """

    slug: str
    name: str
    legal_name: str
    rut: str
    sector: str
    region: str
    domain: str
    joins: str
    leaves: str = ""
    clauses: tuple[int, ...] | None = None
    size: str = "large"
    shows_contact: str = "members"
    vital: bool = False
    allows_logo: bool = False
    has_pgp_key: bool = False
    people: tuple[PersonPart, ...]


class CirclePart(Struct, frozen=True, forbid_unknown_fields=True):
    """A circle. Who is in `late` comes to it when it already holds something.

    Seats follow a rule that asks for operators of vital importance where it `is_for_vital`; else
    `admission` says how others come to it from then on, and `proposed` waits for a seat.
    """

    slug: str
    name: str
    purpose: str
    steward: str
    members: tuple[str, ...]
    created: str
    late: dict[str, str] = {}
    is_for_vital: bool = False
    admission: str = "steward"
    proposed: str = ""
    proposed_at: str = ""


class Cast(Struct, frozen=True, forbid_unknown_fields=True):
    """Everybody."""

    organisation: tuple[OrganisationPart, ...]
    circle: tuple[CirclePart, ...]


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """A sighting, some time after the contribution; first seen `over` before that."""

    after: str
    by: str
    of: str
    count: int = 1
    over: str = "5m"
    named: bool = False


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A verdict on the contribution, or on one observable in it."""

    after: str
    by: str
    verdict: Verdict
    of: str = ""
    note: str = ""


class Revised(Struct, frozen=True, forbid_unknown_fields=True):
    """A new version: other words, what is found in them, and how sure its author is by now."""

    after: str
    text: str
    title: str = ""
    confidence: int | None = None


class Widened(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """More readers, by a wider label or other addressees."""

    after: str
    to: tuple[str, ...] = EVERYONE
    tlp: Label


class Revoked(Struct, frozen=True, forbid_unknown_fields=True):
    """An indicator ended by who shared it."""

    after: str
    of: str


class Told(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A contribution as somebody wrote it, and what came of it.

    `to` holds "everyone", "public", "hub", "circle:SLUG", "org:SLUG" and "person:KEY".
    Observables are those of the text but `without`, and `also`; `indicators` names them instead.
    """

    name: str
    when: str
    by: str
    kind: Kind
    tlp: Label
    to: tuple[str, ...] = EVERYONE
    pap: Literal["RED", "AMBER", "GREEN", "CLEAR"] = "CLEAR"
    attribution: Literal["own", "hub"] = "own"
    door: Literal["page", "api", "console"] = "page"
    title: str
    text: str
    codes: tuple[str, ...] = ()
    confidence: int | None = None
    indicators: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    quiet: bool = False
    seen: tuple[Seen, ...] = ()
    said: tuple[Said, ...] = ()
    revised: tuple[Revised, ...] = ()
    revoked: tuple[Revoked, ...] = ()
    widened: tuple[Widened, ...] = ()


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of contributions."""

    contribution: tuple[Told, ...]


class Family(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Contributions that resemble each other, as daily work does, but never word for word.

    `title` and `shapes` have blanks that are filled from `bags`; each word of a bag is taken once
    before any is taken again. Bags `together` are as long as each other and give the words of one
    place; those `in_order` give theirs from first to last. They spread from `first` to `last` day.
    """

    name: str
    count: int
    first: str
    last: str
    by: tuple[str, ...]
    kind: Kind
    tlp: tuple[Label, ...]
    to: tuple[str, ...] = EVERYONE
    pap: Literal["RED", "AMBER", "GREEN", "CLEAR"] = "CLEAR"
    door: Literal["page", "api", "console"] = "page"
    title: str
    shapes: tuple[str, ...]
    bags: dict[str, tuple[str, ...]]
    together: tuple[tuple[str, ...], ...] = ()
    in_order: tuple[str, ...] = ()
    confidences: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class BundlePart(Struct, frozen=True, forbid_unknown_fields=True):
    """A bundle that a member's machine posts by TAXII, or an operator imports."""

    name: str
    when: str
    by: str
    file: str
    circle: str = ""
    door: Literal["taxii", "api", "console"] = "taxii"


class Bundles(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    bundle: tuple[BundlePart, ...]


def cast() -> Cast:
    """Organisations, people and circles."""
    return _read(HERE / "cast.toml", Cast)


def told() -> tuple[Told, ...]:
    """Every contribution that somebody wrote by hand."""
    files = sorted((HERE / "stories").glob("*.toml"))
    return tuple(told for file in files for told in _read(file, Story).contribution)


def families() -> tuple[Family, ...]:
    """Every family of contributions."""
    return tuple(_read(file, Family) for file in sorted((HERE / "families").glob("*.toml")))


def bundles() -> tuple[BundlePart, ...]:
    """Every bundle."""
    return _read(HERE / "bundles.toml", Bundles).bundle


def notes() -> dict[str, list[str]]:
    """What people say in a line when they answer, by what they say it of."""
    return _read(HERE / "notes.toml", dict[str, list[str]])


def bundle_text(file: str) -> str:
    """The text of a bundle, its blanks still open."""
    return (HERE / "bundles" / file).read_text("utf-8")


def every_word() -> str:
    """All that stories and bundles say, as it lies in the files."""
    files = sorted([*(HERE / "stories").glob("*.toml"), *(HERE / "bundles").glob("*.json")])
    return "\n".join(file.read_text("utf-8") for file in files)


def _read(file: Path, type_: type[T]) -> T:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=type_)
    except msgspec.ValidationError as error:
        raise ValueError(f"{file.name}: {error}") from error
