"""Where the doors are tried: a hub, and members in every relation to what Alfa owns.

Beta is named by it, Gamma shares a circle with it, Delta is a member like any other, Epsilon signed
nothing and Zeta has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.test import Client

from minga.features.membership import services as membership
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Organisation, Person
from minga.web.proofs import Way
from tests import factories
from tests.features.exchange.browsing import signed_in
from tests.signing_in import signed_in as half_signed_in

PEOPLE = {
    "csirt": ("analyst", "manager", "administrator"),
    "alfa": ("counterpart", "analyst", "reader", "director"),
    "beta": ("analyst",),
    "gamma": ("counterpart",),
    "delta": ("counterpart", "analyst", "reader", "director"),
    "epsilon": ("counterpart",),
    "zeta": ("counterpart",),
}


@dataclass(frozen=True)
class Caller:
    """Who asks: nobody, a person by his session, or a key. `doors` are those a key opens.

    `is_alive` is false for who has left and for keys that open nothing: they are as nobody.
    """

    name: str
    organisation: str = ""
    role: str = ""
    secret: str = ""
    doors: tuple[str, ...] = ()
    is_alive: bool = True
    session: str = ""

    @property
    def is_person(self) -> bool:
        """Whether he comes with a session."""
        return bool(self.session)

    @property
    def headers(self) -> dict[str, str]:
        """What he sends with every request."""
        return {"authorization": f"Bearer {self.secret}"} if self.secret else {}


class Town:
    """Everybody, brought in by the services that people use."""

    def __init__(self) -> None:
        hub = membership.found_hub(membership.NewOrganisation("Csirt", slug="csirt"))
        self.operator = Actor(organisation=hub)
        self.organisations: dict[str, Organisation] = {"csirt": hub}
        self.people: dict[str, Person] = {}
        self.keys: dict[str, Key] = {}
        self.callers: list[Caller] = [Caller("nobody")]
        membership.load_shipped_agreement("model", by=self.operator)
        membership.put_in_force(1, by=self.operator)
        for slug, roles in PEOPLE.items():
            if slug != "csirt":
                self._join(slug)
            for role in roles:
                self._employ(slug, role)
        self._let_somebody_half_in()
        self._cut_keys()
        membership.leave_organisation("zeta", by=self.operator)

    def actor(self, name: str) -> Actor:
        """One of the people, such as `alfa analyst`, as an actor."""
        person = self.people[name]
        return Actor(person.organisation, person=person)

    def _join(self, slug: str) -> None:
        draft = membership.NewOrganisation(slug.capitalize(), slug=slug)
        made = membership.create_organisation(draft, by=self.operator)
        if slug != "epsilon":
            membership.record_paper(made, None, by=self.operator, reference="a paper")
        made.refresh_from_db()
        self.organisations[slug] = made

    def _employ(self, slug: str, role: str) -> None:
        name = f"{slug} {role}"
        person = factories.person(
            self.organisations[slug], role=role, email=f"{role}@{slug}.example", name=name
        )
        self.people[name] = person
        session = _cookie(signed_in(self.actor(name)))
        self.callers.append(Caller(name, slug, role, session=session, is_alive=slug != "zeta"))

    def _let_somebody_half_in(self) -> None:
        """A counterpart who knows his password, and has still to show his second factor."""
        person = self.people["alfa counterpart"]
        session = _cookie(half_signed_in(person, ways=frozenset({Way.PASSWORD})))
        self.callers.append(
            Caller("half signed in", "alfa", "counterpart", session=session, is_alive=False)
        )

    def _cut_keys(self) -> None:
        for slug in PEOPLE:
            self._cut(slug, "sharing key", is_alive=slug != "zeta")
        for slug in ("alfa", "delta"):
            self._cut(slug, "key", can_share=False)
        for door in Key.Door:
            self._cut("alfa", f"key of {door}", doors=frozenset({door}))
        self._cut("alfa", "key from elsewhere", is_alive=False, addresses="203.0.113.0/24")
        self._cut("alfa", "expired key", is_alive=False)
        self._cut("alfa", "revoked key", is_alive=False)
        past = world.now() - timedelta(minutes=1)
        Key.objects.filter(pk=self.keys["alfa expired key"].pk).update(expires_at=past)
        Key.objects.filter(pk=self.keys["alfa revoked key"].pk).update(revoked_at=past)

    def _cut(self, slug: str, called: str, *, is_alive: bool = True, **scope) -> None:
        name, home = f"{slug} {called}", self.organisations[slug]
        actor, secret = factories.key_of(home, **scope)
        self.keys[name] = actor.key
        role = "sharing key" if actor.key.can_share else "key"
        doors = tuple(actor.key.doors.split())
        self.callers.append(Caller(name, slug, role, secret, doors, is_alive))


def _cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value
