"""What a granular marking points at (STIX 2.1, section 7.2.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from minga.core.stix.faults import Fault, quote

_POSITION = re.compile(r"\[([0-9]{1,9})\]")


def resolves(value: Any, selector: str) -> bool:
    """Whether the selector leads to something: `name`, `labels.[1]`, `hashes.MD5`."""
    for step in selector.split("."):
        position = _POSITION.fullmatch(step)
        if position:
            if not isinstance(value, list) or int(position[1]) >= len(value):
                return False
            value = value[int(position[1])]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False
    return True


def unresolved_selectors(value: dict[str, Any], place: str) -> Iterator[Fault]:
    """The selectors of an object's granular markings that lead nowhere."""
    for position, marking in enumerate(_list(value.get("granular_markings"))):
        selectors = marking.get("selectors") if isinstance(marking, dict) else None
        for index, selector in enumerate(_list(selectors)):
            if isinstance(selector, str) and not resolves(value, selector):
                at = f"{place}.granular_markings[{position}].selectors[{index}]"
                yield Fault(at, quote(selector), "a selector of something that the object has")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
