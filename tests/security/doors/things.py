"""What addresses name: for each kind of thing several, so that each relation to it is tried.

A new kind of thing that an address names gets a function here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from minga.core import policy
from minga.core.policy import Tlp
from minga.features.exchange import services as exchange
from minga.features.membership import jobs
from minga.features.membership import services as membership
from minga.features.membership.models import AgreementVersion, IssuedAct, Signature
from minga.features.membership.services.documents import keep_document
from minga.store import world
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.models import Departure, IdentityProvider, Passkey, PgpKey
from tests import factories
from tests.faces.taxii.conversation import encoded, envelope, indicator
from tests.features.exchange.browsing import share
from tests.security.doors.town import PEOPLE, Town

EVERYBODY = frozenset(PEOPLE)


@dataclass(frozen=True)
class Thing:
    """What fills a path, whose it is, and which organisations may read it besides."""

    name: str
    path: dict[str, str]
    owner: str = ""
    readers: frozenset[str] = frozenset()

    def standing(self, organisation: str) -> set[str]:
        """How an organisation stands to it: `owner`, `reader`, neither; an owner reads too."""
        if organisation == self.owner:
            return {"owner", "reader"}
        return {"reader"} if organisation in self.readers else set()


@dataclass(frozen=True)
class House:
    """Whose things are made, and who shares a circle with him."""

    town: Town
    owner: str
    friend: str

    @property
    def circle(self) -> str:
        """The short name of the circle of both."""
        return f"de-{self.owner}"


Things: TypeAlias = dict[str, list[Thing]]
Made: TypeAlias = Iterator[tuple[str, Thing]]
_KINDS: list[Callable[[House], Made]] = []


def things_of(town: Town, *, owner: str = "alfa", friend: str = "gamma") -> Things:
    """Every kind of thing, by its name in the table.

    The owner is steward of a circle in which the friend sits too.
    """
    made: Things = {"": [Thing("nothing", {})]}
    for kind in _KINDS:
        for name, thing in kind(House(town, owner, friend)):
            made.setdefault(name, []).append(thing)
    return made


def _kind(make: Callable[[House], Made]) -> None:
    _KINDS.append(make)


@_kind
def circles(house: House) -> Made:
    """A circle of which the owner is steward, and the friend's seat in it."""
    town, slug = house.town, house.circle
    steward, friend = town.organisations[house.owner], town.organisations[house.friend]
    membership.create_circle(f"De {house.owner}", by=town.operator, slug=slug, steward=steward)
    membership.admit_to_circle(slug, by=town.operator, organisation=friend)
    known = frozenset({house.friend, "csirt"})
    yield "circle", Thing("a circle", {"slug": slug}, house.owner, known)
    path = {"slug": slug, "member": house.friend}
    yield "seat", Thing("a seat", path, house.owner, known)


@_kind
def contributions(house: House) -> Made:
    """What was shared with each kind of audience, and the objects that each carries."""
    actor = house.town.actor(f"{house.owner} analyst")
    for number, (name, audience, readers) in enumerate(_audiences(house)):
        text = f"Llama a hxxp://malo-{number}[.]example/a"
        made = share(actor, title=name, text=text, audience=audience)
        path = {"uuid": str(made.uuid), "stix_id": indicator_of(made), "collection": "everything"}
        yield "contribution", Thing(name, path, house.owner, readers)
        yield "object", Thing(f"an indicator {name}", path, house.owner, readers)
        if name == "circled":
            placed = path | {"collection": f"circle-{house.circle}"}
            yield "placed object", Thing("an indicator in a circle", placed, house.owner, readers)


def _audiences(house: House) -> Iterator[tuple[str, policy.Audience, frozenset[str]]]:
    pk = {slug: each.pk for slug, each in house.town.organisations.items()}
    own, beta = frozenset({pk[house.owner]}), frozenset({pk["beta"]})
    circle = frozenset({Circle.objects.get(slug=house.circle).pk})
    signed = EVERYBODY - {"epsilon", "zeta"}
    yield "kept", policy.Audience(Tlp.RED, organisations=own), frozenset()
    named = policy.Audience(Tlp.AMBER_STRICT, organisations=beta)
    yield "named", named, frozenset({"beta"})
    circled = policy.Audience(Tlp.AMBER, circles=circle)
    yield "circled", circled, frozenset({house.friend})
    yield "for every member", policy.Audience(Tlp.GREEN, everyone=True), signed
    yield "for the hub", policy.Audience(Tlp.AMBER, hub=True), frozenset({"csirt"})


@_kind
def submissions(house: House) -> Made:
    """What a machine handed in: its receipt is its organisation's alone, not even the hub's."""
    machine = factories.key_of(house.town.organisations[house.owner])[0]
    body = encoded(envelope(indicator(f"{house.owner}.example")))
    receipt = exchange.submit(body, by=machine, door=Contribution.Door.TAXII)
    yield "receipt", Thing("a receipt", {"uuid": str(receipt.uuid)}, house.owner)


@_kind
def collections(house: House) -> Made:
    """One that everybody reads, one of a circle, and the one that is only written."""
    path, seated = {"collection": f"circle-{house.circle}"}, frozenset({house.owner, house.friend})
    yield "collection", Thing("everything", {"collection": "everything"}, "", EVERYBODY)
    yield "collection", Thing("of a circle", path, "", seated)
    yield "inbox", Thing("the inbox", {"collection": "inbox"}, "", EVERYBODY)
    yield "inbox", Thing("inbox of a circle", path, "", seated)


@_kind
def belonging(house: House) -> Made:
    """People and keys of the owner and of the hub, and the owner itself."""
    for owner in (house.owner, "csirt"):
        person = factories.person(house.town.organisations[owner], role="analyst", name="Inés")
        path = {"person": str(person.uuid)}
        yield "person", Thing(f"somebody of {owner}", path, owner, frozenset({"csirt"}))
        closed = factories.person(house.town.organisations[owner], name="Ida", is_active=False)
        path = {"person": str(closed.uuid)}
        yield "closed person", Thing(f"who left {owner}", path, owner, frozenset({"csirt"}))
        locator = house.town.keys[f"{owner} sharing key"].locator
        yield "key", Thing(f"a key of {owner}", {"locator": locator}, owner, frozenset({"csirt"}))
    known = EVERYBODY - {"epsilon"}
    yield "organisation", Thing("itself", {"slug": house.owner}, house.owner, known)


@_kind
def accounts(house: House) -> Made:
    """A passkey of somebody's of the owner, and a session that is none: nobody else's to name."""
    person = factories.person(house.town.organisations[house.owner])
    passkey = Passkey.objects.create(
        person=person, credential_id=house.owner.encode(), credential=b"1", name="Laptop"
    )
    yield "passkey", Thing("a passkey of another's", {"passkey": str(passkey.uuid)})
    yield "session", Thing("a session that is none", {"session": str(world.random_uuid())})


@_kind
def admissions(house: House) -> Made:
    """Circles that admit by vote and by a sponsor, with Beta waiting for each, and a listed one."""
    known = frozenset({house.friend, "csirt"})
    for way in ("vote", "sponsor"):
        circle = _circle_joined(house, way)
        seats.seat_in_circle(circle, house.town.organisations[house.friend])
        asking = factories.member(house.town.organisations["beta"], role="counterpart")
        case = membership.ask_to_join(circle.slug, by=asking)
        path = {"slug": circle.slug, "admission": str(case.uuid)}
        yield f"admission by {way}", Thing(f"Beta by {way}", path, house.owner, known)
        if way == "vote":
            yield "voting circle", Thing("one by vote", path, house.owner, known)
    path = {"slug": _circle_joined(house, "vote").slug}
    yield "listed circle", Thing("a listed circle", path, house.owner, frozenset({"csirt"}))


def _circle_joined(house: House, way: str) -> Circle:
    """A listed circle of the owner's that is joined in this way."""
    return membership.create_circle(
        f"Por {way} {world.random_uuid().hex[:8]}", by=house.town.operator,
        steward=house.town.organisations[house.owner],
        joining=membership.Joining(admission=way, is_listed=True),
    )  # fmt: skip


@_kind
def pgp_keys(house: House) -> Made:
    """A PGP key of the owner, which shows its contact to the hub alone."""
    fingerprint = (house.owner.encode().hex().upper() * 10)[:40]
    PgpKey.objects.create(
        organisation=house.town.organisations[house.owner],
        fingerprint=fingerprint,
        armoured="a key",
    )
    path = {"slug": house.owner, "fingerprint": fingerprint}
    yield "pgp key", Thing("a PGP key", path, house.owner, frozenset({"csirt"}))


@_kind
def departures(house: House) -> Made:
    """Zeta's, and one of somebody who has certified."""
    zeta = Departure.objects.get(organisation__slug="zeta")
    yield "departure", Thing("Zeta's departure", {"departure": str(zeta.uuid)}, "zeta")
    town, slug = house.town, f"eta-{house.owner}"
    draft = membership.NewOrganisation(f"Eta {house.owner}", slug=slug)
    membership.create_organisation(draft, by=town.operator)
    eta = membership.leave_organisation(slug, by=town.operator).departures.get()
    paper = membership.Declaration("destroyed", "Ana", reference="a paper")
    membership.record_certificate(slug, paper, by=town.operator)
    yield "certified departure", Thing("Eta's departure", {"departure": str(eta.uuid)}, slug)


@_kind
def acts(house: House) -> Made:
    """The act of what the owner signed."""
    signature = Signature.objects.get(organisation__slug=house.owner)
    jobs.prepare_act.call(signature=str(signature.uuid))
    signature.refresh_from_db()
    path = {"document": str(signature.act.uuid)}
    yield "act", Thing("an act", path, house.owner, frozenset({"csirt"}))


@_kind
def issued_acts(house: House) -> Made:
    """An act that the owner's director asked for, to sign it outside."""
    made = IssuedAct.objects.create(
        organisation=house.town.organisations[house.owner],
        agreement=AgreementVersion.objects.get(), clauses=[4], signer="Ana",
        person=house.town.people[f"{house.owner} director"],
        document=keep_document(b"%PDF-1.7 an act"),
    )  # fmt: skip
    yield "issued act", Thing("an issued act", {"issued": str(made.uuid)}, house.owner)


@_kind
def ceremonies(house: House) -> Made:
    """Ceremonies to which Beta is called: planned, open, and closed with their act."""
    for name in ("ceremony", "open ceremony", "closed ceremony"):
        draft = membership.NewCeremony(name.capitalize(), world.now())
        made = membership.convene(draft, by=house.town.operator)
        beta = house.town.organisations["beta"]
        membership.invite_to_ceremony(made.uuid, beta, by=house.town.operator)
        if name != "ceremony":
            membership.open_ceremony(made.uuid, by=house.town.operator)
        if name == "closed ceremony":
            membership.close_ceremony(made.uuid, by=house.town.operator)
            jobs.prepare_ceremony_act.call(ceremony=str(made.uuid))
        yield name, Thing(name, {"ceremony": str(made.uuid)}, "csirt", frozenset({"beta"}))


@_kind
def providers(house: House) -> Made:
    """The identity provider of the owner."""
    at = f"https://login.{house.owner}.example"
    made = IdentityProvider.objects.create(
        organisation=house.town.organisations[house.owner], issuer=at, client_id="minga",
        authorization_endpoint=f"{at}/authorize", token_endpoint=f"{at}/token",
        keys_endpoint=f"{at}/keys",
    )  # fmt: skip
    yield "provider", Thing("the owner's provider", {"provider": str(made.uuid)}, house.owner)


@_kind
def words(_house: House) -> Made:
    """What an address names that is nobody's."""
    yield "observable", Thing("a domain", {"kind": "domain", "value": "malo-1.example"})
    yield "clause", Thing("an optional clause", {"number": "12"})
    yield "version", Thing("a version of the agreement", {"number": "1"})
    path = {"token": "no-such-token", "file": "statement.pdf"}
    yield "link", Thing("a link that never was", path)


def indicator_of(contribution: Contribution) -> str:
    """The id of the first indicator that a contribution carries."""
    carried = contribution.carried.filter(version__type="indicator").order_by("version__stix_id")
    return carried.values_list("version__stix_id", flat=True)[0]
