"""Playing the whole story into an empty hub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from minga.core.problems import Conflict
from minga.faces.cli.community import families, script
from minga.faces.cli.community.calendar import Calendar
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.crowd import Crowd
from minga.faces.cli.community.machines import Machines
from minga.faces.cli.community.scenes import Scene
from minga.faces.cli.community.seeded import seeded_world
from minga.faces.cli.community.telling import Teller
from minga.store import world
from minga.store.journal import services as journal
from minga.store.journal.models import Entry
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation

LOADED = "demo-loaded"
HUB_IS_IN_USE = "This hub holds organisations already; the demo community needs an empty one."


def is_loaded() -> bool:
    """Whether this hub holds the demo community."""
    return Entry.objects.filter(action=LOADED).exists()


@transaction.atomic
def load(seed: int = 2020, *, until: datetime | None = None) -> None:
    """Fill an empty hub with the community; all of it or nothing. Done already, it does nothing.

    The story ends at `until`, by default the last full hour. The same seed and end give the same
    bytes in the same order; only keys and their secrets are of real chance. Raises Conflict when
    the hub holds anything else.
    """
    if is_loaded():
        return
    if Organisation.objects.exists():
        raise Conflict(HUB_IS_IN_USE)
    end = until or world.now().replace(minute=0, second=0, microsecond=0)
    calendar = Calendar(end)
    with seeded_world(seed, begins_at=calendar.instant("46d 08:00")) as set_world:
        company = Company(script.cast(), calendar=calendar, world=set_world)
        scenes = [s for s in _scenes(company, calendar, seed=seed) if s.at <= end]
        for scene in sorted(scenes, key=lambda scene: scene.at):
            set_world.turn(to=scene.at, scene=scene.name)
            scene.play()
    hub = company.organisations[script.cast().organisation[0].slug]
    journal.record(LOADED, by=Actor(organisation=hub), subject=hub.stix_id, seed=seed)


def _scenes(company: Company, calendar: Calendar, *, seed: int) -> Iterator[Scene]:
    yield from company.scenes()
    teller = Teller(company, calendar)
    machines = Machines(company, calendar, seed=seed)
    crowd = Crowd(company, calendar, seed=seed)
    for family in script.families():
        for told in families.invent(family, company, seed=seed):
            yield from teller.scenes(crowd.answering(told))
    for told in script.told():
        yield from teller.scenes(crowd.answering(told))
    for part in script.bundles():
        yield from machines.scenes(part)
