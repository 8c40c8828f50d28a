"""Who plays: organisations, people and circles come, and some go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from pysequoia import Tsk

from minga.core.circles import CircleRule
from minga.core.sectors import SECTORS
from minga.faces.cli.community.calendar import Calendar
from minga.faces.cli.community.scenes import Play, Scene
from minga.faces.cli.community.script import Cast, CirclePart, OrganisationPart, PersonPart
from minga.faces.cli.community.seeded import SeededWorld
from minga.features.membership import queries, services
from minga.features.membership.services import (
    Contacts,
    Joining,
    NewCeremony,
    NewOrganisation,
    NewPerson,
    Profile,
)
from minga.store import world
from minga.store.audiences.models import Circle
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Organisation, Person
from minga.store.work import loop

MINUTE = timedelta(minutes=1)
KEY_LASTS_DAYS = 365
PAPER = "Acta de adhesión"
CEREMONY = "Firma del convenio de colaboración"
VIDEO = "https://video.nacional.example/firma"
CONVENED, CLOSED = timedelta(minutes=30), timedelta(hours=4)
"""How long after the hub came to be the first members signed before each other."""


class Company:
    """The organisations, people and circles of the script, by the names it gives them."""

    def __init__(self, cast: Cast, *, calendar: Calendar, world: SeededWorld) -> None:
        self.parts = {part.slug: part for part in cast.organisation}
        self.home_of = {p.key: part.slug for part in cast.organisation for p in part.people}
        self.domains = frozenset(part.domain for part in cast.organisation)
        self.circle_parts = {part.slug: part for part in cast.circle}
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.circles: dict[str, Circle] = {}
        self.keys: dict[str, Key] = {}
        self._calendar = calendar
        self._world = world
        self._hub = cast.organisation[0].slug

    def actor(self, key: str) -> Actor:
        """This person, as he is now; his circles may have changed since the last scene."""
        return Actor(organisation=self.organisations[self.home_of[key]], person=self.people[key])

    def machine(self, slug: str) -> Actor:
        """The machine of this organisation, by a key that is made when first needed."""
        if slug not in self.keys:
            keeper = self.actor(self._keeper(slug))
            with self._world.unpredictable():
                self.keys[slug], _ = services.create_key(
                    keeper.organisation,
                    by=keeper,
                    name="Integración TAXII",
                    scope=services.Scope(can_share=True),
                    days=KEY_LASTS_DAYS,
                )
        return Actor(organisation=self.organisations[slug], key=self.keys[slug])

    def belongs(self, slug: str, at: datetime) -> bool:
        """Whether the organisation is a member at that time."""
        part = self.parts[slug]
        has_left = part.leaves and self._calendar.instant(part.leaves) <= at
        return self._calendar.instant(part.joins) < at and not has_left

    def seated(self, circle: str, at: datetime) -> set[str]:
        """The organisations that sit in a circle at that time."""
        part = self.circle_parts[circle]
        late = {s for s, when in part.late.items() if self._calendar.instant(when) < at}
        return {s for s in {part.steward, *part.members, *late} if self.belongs(s, at)}

    def scenes(self) -> Iterator[Scene]:
        """Everybody's coming and going."""
        for part in self.parts.values():
            yield from self._scenes_of(part)
        for circle in self.circle_parts.values():
            yield from self._scenes_in(circle)
        founded = self._calendar.instant(self.parts[self._hub].joins)
        yield Scene(founded + CONVENED, "the first members are called to sign", self._convene)
        yield Scene(founded + CLOSED, "the first members have signed", self._close)

    def _scenes_of(self, part: OrganisationPart) -> Iterator[Scene]:
        at = self._calendar.instant(part.joins)
        yield Scene(at, f"{part.slug} joins", lambda: self._join(part))
        if part.leaves:
            yield Scene(
                self._calendar.instant(part.leaves),
                f"{part.slug} leaves",
                lambda: services.leave_organisation(part.slug, by=self._administrator()),
            )
        for number, person in enumerate(part.people):
            yield Scene(
                at + MINUTE * (number + 1), f"{person.key} comes", self._coming(person, part)
            )
            if person.closed:
                closed = self._calendar.instant(person.closed)
                yield Scene(closed, f"{person.key} goes", self._going(person, part))

    def _scenes_in(self, part: CirclePart) -> Iterator[Scene]:
        at = self._calendar.instant(part.created)
        yield Scene(at, f"circle {part.slug}", lambda: self._gather(part))
        if part.proposed:
            lately = self._calendar.instant(part.proposed_at)
            yield Scene(lately, f"{part.slug} proposes", lambda: self._propose(part))
        for slug, when in part.late.items():
            late = self._calendar.instant(when)
            yield Scene(late, f"{slug} enters {part.slug}", self._entering(slug, part))

    def _join(self, part: OrganisationPart) -> None:
        draft = NewOrganisation(
            name=part.name,
            slug=part.slug,
            legal_name=part.legal_name,
            rut=part.rut,
            sector=part.sector,
            region=part.region,
        )
        if part.slug == self._hub:
            hub = self.organisations[part.slug] = services.found_hub(draft)
            services.load_shipped_agreement("model", by=Actor(organisation=hub))
            services.put_in_force(1, by=Actor(organisation=hub))
        else:
            by = self._administrator()
            made = self.organisations[part.slug] = services.create_organisation(draft, by=by)
            for ceremony in self._open_ceremonies():
                services.invite_to_ceremony(ceremony, made, by=by)
            services.record_paper(made, part.clauses, by=by, reference=PAPER)
            self._describe(part, by=by)

    def _convene(self) -> None:
        """The first members sign before each other; the hub signs first."""
        by = self._administrator()
        draft = NewCeremony(CEREMONY, world.now() + CONVENED, link=VIDEO)
        services.open_ceremony(services.convene(draft, by=by).uuid, by=by)
        director = next(p.key for p in self.parts[self._hub].people if p.role == "director")
        _, text = queries.agreement_in_force(reader=by.reader)
        every = {clause.number for clause in text.clauses}
        services.sign(every, by=self.actor(director), capacity="Dirección")

    def _close(self) -> None:
        for ceremony in self._open_ceremonies():
            services.close_ceremony(ceremony, by=self._administrator())

    def _open_ceremonies(self) -> list[UUID]:
        hub = self.organisations[self._hub]
        found = queries.open_for(hub, reader=Actor(organisation=hub).reader)
        return list(found.values_list("uuid", flat=True))

    def _describe(self, part: OrganisationPart, *, by: Actor) -> None:
        """What the member says of itself, and how the law sees it."""
        profile = Profile(
            sector=part.sector,
            region=part.region,
            size=part.size,
            security_email=f"seguridad@{part.domain}",
            security_web=f"https://{part.domain}/seguridad",
            shows_contact=part.shows_contact,
        )
        services.describe_organisation(part.slug, profile, by=by)
        known = SECTORS.get(part.sector)
        services.classify_organisation(
            part.slug, by=by, is_essential=bool(known and known.law), is_vital=part.vital
        )

    def _coming(self, person: PersonPart, part: OrganisationPart) -> Play:
        def play() -> None:
            home = self.organisations[part.slug]
            draft = NewPerson(
                name=person.name,
                email=f"{person.key}@{part.domain}",
                role=person.role,
                language=person.language,
            )
            by = self._administrator() if self.people else Actor(organisation=home)
            made = services.create_person(draft, by=by, organisation=home)
            self.people[person.key] = made
            if person.role == Person.Role.COUNTERPART:
                phone = f"+1 202 555 01{len(self.people) % 100:02}"  # reserved for stories
                services.name_contacts(part.slug, Contacts(made.uuid, phone), by=by)
                self._show(part, by=self.actor(person.key))

        return play

    def _show(self, part: OrganisationPart, *, by: Actor) -> None:
        """What the member shows of itself besides: its logo in public, and a PGP key."""
        if part.allows_logo:
            services.allow_logo(by=by, allowed=True)
        if part.has_pgp_key:
            name = f"Seguridad de {part.name} <seguridad@{part.domain}>"
            public = Tsk.generate(name).extract_certificate()  # its secret ends with this line
            services.add_pgp_key(part.slug, str(public), by=by)

    def _going(self, person: PersonPart, part: OrganisationPart) -> Play:
        def play() -> None:
            by = self.actor(self._keeper(part.slug))
            services.deactivate_person(f"{person.key}@{part.domain}", by=by)

        return play

    def _gather(self, part: CirclePart) -> None:
        self.circles[part.slug] = services.create_circle(
            part.name,
            by=self._administrator(),
            slug=part.slug,
            purpose=part.purpose,
            steward=self.organisations[part.steward],
            joining=Joining(CircleRule(is_vital=True)) if part.is_for_vital else Joining(),
        )
        for slug in part.members:
            self._entering(slug, part)()
        if part.admission != "steward":
            joining = Joining(admission=part.admission, is_listed=True)
            services.change_joining(part.slug, joining, by=self._administrator())

    def _propose(self, part: CirclePart) -> None:
        by = self.actor(self._keeper(part.steward))
        proposed = self.organisations[part.proposed]
        services.propose_to_circle(part.slug, by=by, organisation=proposed)

    def _entering(self, slug: str, part: CirclePart) -> Play:
        """An organisation enters a circle, and what is there already is brought to it at once."""

        def play() -> None:
            services.admit_to_circle(
                part.slug, by=self._administrator(), organisation=self.organisations[slug]
            )
            loop.work_off()

        return play

    def _administrator(self) -> Actor:
        return self.actor(self._keeper(self._hub))

    def _keeper(self, slug: str) -> str:
        """Who looks after an organisation's people and keys."""
        people = self.parts[slug].people
        return next(p.key for p in people if p.role in {"administrator", "counterpart"})
