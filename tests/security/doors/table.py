"""The table of who gets what: reading `access.toml`, and what it says of one caller."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from minga.core.policy import Power
from minga.web.doors import Entrance
from tests.architecture.addresses import Address, addresses
from tests.security.doors.asking import HIDDEN, SIGN_IN, UNKNOWN
from tests.security.doors.things import Thing
from tests.security.doors.town import Caller

TABLE = Path(__file__).with_name("access.toml")
ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_ROLE = {
    Power.SHARE: {"counterpart", "analyst", "manager", "administrator", "sharing key"},
    Power.SIGN: {"counterpart", "director", "administrator"},
    Power.ADMINISTER_OWN: {"counterpart", "manager", "administrator"},
    Power.ADMINISTER_HUB: {"administrator"},
}
"""What each role may do, said a second time and apart from the program."""
WORDS = {"share": Power.SHARE, "sign": Power.SIGN, "keep": Power.ADMINISTER_OWN,
         "run": Power.ADMINISTER_HUB}  # fmt: skip
UNSIGNED, HALF = "epsilon", "half signed in"


@dataclass(frozen=True)
class Line:
    """One line of the table: some methods of an address, the rule, and what the address names."""

    methods: tuple[str, ...]
    route: str
    rule: str
    thing: str
    entrance: Entrance | None

    def expected(self, caller: Caller, thing: Thing) -> str:
        """What this caller is to get, in the words of `asking.became_of`."""
        if not self.lets_in(caller):
            return UNKNOWN if self.entrance is Entrance.KEYS else SIGN_IN
        if self.entrance is Entrance.HUB and caller.organisation != "csirt":
            return HIDDEN
        holds = truths(caller, thing)
        for condition in rules()[self.rule]:
            wanted, _, outcome = condition.rpartition(":")
            if set(wanted.split()) <= holds:
                return outcome.strip()
        raise LookupError(
            f"The rule {self.rule!r} says nothing of {caller.name}: end it in a word."
        )

    def lets_in(self, caller: Caller) -> bool:
        """Whether he gets past the entrance at all, whatever stands behind it."""
        if self.entrance is Entrance.ANYONE:
            return True
        if self.entrance is Entrance.ARRIVING and caller.name == HALF:
            return True
        if self.entrance is not Entrance.KEYS:
            return caller.is_alive and caller.is_person
        door = "api" if self.route.startswith("/api/") else "taxii"
        by_session = caller.is_person and door == "api"
        return caller.is_alive and (by_session or door in caller.doors)


def truths(caller: Caller, thing: Thing) -> set[str]:
    """Every word of a condition that holds for this caller and this thing."""
    signed = caller.organisation not in {UNSIGNED, ""}
    powers = {word for word, power in WORDS.items() if caller.role in OF_ROLE[power]}
    if not signed:
        powers -= {"share"}
    half = caller.name == HALF
    said = {
        "half": half,
        "hub": caller.organisation == "csirt",
        "person": caller.is_person,
        "signed": signed,
    }
    return powers | thing.standing(caller.organisation) | {w for w, holds in said.items() if holds}


@functools.cache
def rules() -> dict[str, list[str]]:
    """The conditions of each rule, in their order."""
    read: dict[str, list[str]] = tomllib.loads(TABLE.read_text("utf-8"))["rules"]
    return read


@functools.cache
def lines() -> tuple[Line, ...]:
    """Every line of the table."""
    entrances = {each.route: each.entrance for each in addresses()}
    read = []
    for where, rule in tomllib.loads(TABLE.read_text("utf-8"))["doors"].items():
        methods, _, route = where.rpartition(" ")
        name, _, thing = rule.rpartition(" of ") if " of " in rule else (rule, "", "")
        split = ANY_METHOD if methods == "any" else tuple(methods.split(", "))
        read.append(Line(split, route, name, thing, entrances.get(route)))
    return tuple(read)


def unsaid() -> list[str]:
    """For each address and method of the hub without a line, the line that is missing."""
    said = {(method, line.route) for line in lines() for method in line.methods}
    missing = []
    for address in addresses():
        methods = [m for m in methods_of(address) if (m, address.route) not in said]
        if methods:
            missing.append(f'"{", ".join(methods)} {address.route}" = "rule of thing"')
    return missing


def outdated() -> list[str]:
    """The methods and addresses of the table that the hub does not have."""
    there = {(method, each.route) for each in addresses() for method in methods_of(each)}
    return [
        f"{method} {line.route}"
        for line in lines()
        for method in line.methods
        if (method, line.route) not in there
    ]


def methods_of(address: Address) -> tuple[str, ...]:
    """The methods that an address answers; those of a door that takes any are the usual ones."""
    return address.methods or ANY_METHOD
