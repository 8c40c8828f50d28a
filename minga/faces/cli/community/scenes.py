"""A scene of the story: something somebody does, at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Play: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """`name` is unlike that of any other scene; `play` does what happens then."""

    at: datetime
    name: str
    play: Play
