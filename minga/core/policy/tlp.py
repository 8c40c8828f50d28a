"""Two labels travel with what is shared: how far it may go and what may be done with it."""

from __future__ import annotations

from enum import IntEnum

from minga.core.problems import Invalid


class Tlp(IntEnum):
    """Traffic Light Protocol 2.0 (FIRST, August 2022), from the widest to the strictest.

    The numbers order the labels, so `max` of several is the strictest of them.
    """

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """The label as FIRST writes it: capitals, no space, never translated."""
        return f"TLP:{self.name.replace('_', '+')}"

    @classmethod
    def read(cls, text: str) -> Tlp:
        """Understand a label as members type it; TLP 1's WHITE is CLEAR.

        Raises Invalid, with the labels that exist, for anything else.
        """
        name = text.strip().upper().removeprefix("TLP:").replace("+", "_").replace(" ", "_")
        name = LEGACY_NAMES.get(name, name)
        if name not in cls.__members__:
            known = ", ".join(tlp.label for tlp in cls)
            raise Invalid(f"TLP is {text!r}; expected one of {known}.", field="tlp")
        return cls[name]


# TLP 1 and the Spanish names that Chilean bulletins of 2019 to 2021 carry.
LEGACY_NAMES = {
    "WHITE": "CLEAR",
    "BLANCO": "CLEAR",
    "VERDE": "GREEN",
    "AMBAR": "AMBER",
    "ÁMBAR": "AMBER",
    "ROJO": "RED",
}


class Pap(IntEnum):
    """Permissible Actions Protocol: what a reader may do with what he learns.

    RED: nothing the adversary could notice. AMBER: passive look-ups with third parties.
    GREEN: active measures such as blocking. CLEAR: no limit. Source: MISP taxonomy PAP.
    """

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    RED = 3

    @property
    def label(self) -> str:
        """The label as the taxonomy writes it."""
        return f"PAP:{self.name}"

    @classmethod
    def read(cls, text: str) -> Pap:
        """Understand a label as members type it. Raises Invalid with the labels that exist."""
        name = text.strip().upper().removeprefix("PAP:")
        name = LEGACY_NAMES.get(name, name)
        if name not in cls.__members__:
            known = ", ".join(pap.label for pap in cls)
            raise Invalid(f"PAP is {text!r}; expected one of {known}.", field="pap")
        return cls[name]
