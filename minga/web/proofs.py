"""By which ways somebody has shown who he is, and what these ways together are enough for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from minga.store.people.models import CodeApp, Passkey, Person


class Way(StrEnum):
    """How somebody shows who he is. The journal names them so.

    `PROVIDER` is the identity provider of his organisation; `PROVIDER_MFA` one that vouches that
    it asked for a second factor too. `DEMO_LINK` is a link of the demo, which may be used again.
    """

    LINK = "link"
    DEMO_LINK = "demo-link"
    PASSWORD = "password"  # noqa: S105 - the name of a way, no password
    PROVIDER = "provider"
    PROVIDER_MFA = "provider-mfa"
    PASSKEY = "passkey"
    CODE = "code"
    RECOVERY = "recovery-code"


FIRST = frozenset({Way.LINK, Way.PASSWORD, Way.PROVIDER, Way.PROVIDER_MFA})
SECOND = frozenset({Way.CODE, Way.RECOVERY})
SECOND_FACTORS = (Way.PASSKEY, Way.CODE, Way.RECOVERY, Way.PROVIDER_MFA)
"""The ways that hold a second factor, the strongest first."""


class Standing(StrEnum):
    """How far somebody has come in.

    `FULL` is signed in. `SECOND` waits for his second factor, `ENROL` for him to set one up: both
    open nothing else.
    """

    FULL = "full"
    SECOND = "second"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of his own that a person has set up."""

    has_passkey: bool
    has_app: bool

    @property
    def is_any(self) -> bool:
        """Whether there is one at all."""
        return self.has_passkey or self.has_app


def factors_of(person: Person) -> Factors:
    """What this person has set up; two queries."""
    return Factors(
        has_passkey=Passkey.objects.filter(person=person).exists(),
        has_app=CodeApp.objects.filter(person=person).exists(),
    )


def standing(person: Person, ways: Collection[Way]) -> Standing:
    """What these ways are enough for.

    A passkey is two factors: something he has, which asks for a finger, a face or a PIN. Anybody
    else brings a first and a second. Staff of the hub are let in by what cannot be phished: a
    passkey. A code or recovery code brings them no further than to setting up a new one.

    A link of the demo stands for everything: it is made for an invented community alone.
    """
    if Way.PASSKEY in ways or Way.DEMO_LINK in ways:
        return Standing.FULL
    has_second = bool(SECOND.intersection(ways)) and bool(FIRST.intersection(ways))
    if person.organisation.is_hub:
        is_known = has_second or not factors_of(person).is_any
        return Standing.ENROL if is_known else Standing.SECOND
    if has_second or Way.PROVIDER_MFA in ways:
        return Standing.FULL
    return Standing.SECOND if factors_of(person).is_any else Standing.ENROL
