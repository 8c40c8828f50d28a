"""Bundles that machines post, their blanks filled in for the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from minga.faces.cli.community.calendar import Calendar, span
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.scenes import Scene
from minga.faces.cli.community.script import BundlePart, bundle_text
from minga.faces.cli.community.seeded import chance
from minga.faces.cli.community.words import fill
from minga.features.exchange import services
from minga.store.objects.models import Contribution
from minga.store.world import stix_time

_BLANK = re.compile(r"\{((id|ago|in|me)(?::([a-z0-9-]+))?)\}")


class Machines:
    """Posts the script's bundles for their organisations."""

    def __init__(self, company: Company, calendar: Calendar, *, seed: int) -> None:
        self._company = company
        self._calendar = calendar
        self._seed = seed

    def scenes(self, part: BundlePart) -> Iterator[Scene]:
        """The posting of one bundle."""
        at = self._calendar.instant(part.when)
        yield Scene(at, part.name, lambda: self._post(part, at))

    def _post(self, part: BundlePart, at: datetime) -> None:
        by = self._company.machine(part.by)
        body = self.filled(part, at, me=by.organisation.stix_id).encode()
        circle = self._company.circles[part.circle] if part.circle else None
        submission = services.submit(body, by=by, door=Contribution.Door(part.door), circle=circle)
        if submission.failures:
            raise ValueError(f"{part.file}: {submission.failures}")

    def filled(self, part: BundlePart, at: datetime, *, me: str) -> str:
        """The bundle with its blanks filled in.

        `{id:x}` is a UUID of its own for each x, `{me}` the sender's identity, `{ago:2h}` and
        `{in:30d}` times as STIX writes them; the others are those of `words.fill`.
        """
        text = bundle_text(part.file)
        blanks = {}
        for whole, which, of in set(_BLANK.findall(text)):
            if which == "me":
                blanks[whole] = me
            elif which == "id":
                source = chance(self._seed, f"{part.name} {of}")
                blanks[whole] = str(UUID(bytes=source.randbytes(16), version=4))
            else:
                length = span(of)
                blanks[whole] = stix_time(at - length if which == "ago" else at + length)
        return fill(text, at=at, blanks=blanks)
