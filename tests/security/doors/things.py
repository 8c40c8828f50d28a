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
CIRCLE = "del-gremio"


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


Things: TypeAlias = dict[str, list[Thing]]
_KINDS: list[Callable[[Town], Iterator[tuple[str, Thing]]]] = []


def things_of(town: Town) -> Things:
    """Every kind of thing of this town, by its name in the table."""
    made: Things = {"": [Thing("nothing", {})]}
    for kind in _KINDS:
        for name, thing in kind(town):
            made.setdefault(name, []).append(thing)
    return made


def _kind(make: Callable[[Town], Iterator[tuple[str, Thing]]]) -> None:
    _KINDS.append(make)


@_kind
def circles(town: Town) -> Iterator[tuple[str, Thing]]:
    """A circle of Alfa and Gamma, whose steward is Alfa, and Gamma's seat in it."""
    alfa, gamma = town.organisations["alfa"], town.organisations["gamma"]
    membership.create_circle("Del gremio", by=town.operator, slug=CIRCLE, steward=alfa)
    membership.admit_to_circle(CIRCLE, by=town.operator, organisation=gamma)
    known = frozenset({"gamma", "csirt"})
    yield "circle", Thing("a circle", {"slug": CIRCLE}, "alfa", known)
    yield "seat", Thing("a seat", {"slug": CIRCLE, "member": "gamma"}, "alfa", known)


@_kind
def contributions(town: Town) -> Iterator[tuple[str, Thing]]:
    """What Alfa shared with each kind of audience, and the objects that each carries."""
    alfa = town.actor("alfa analyst")
    beta = frozenset({town.organisations["beta"].pk})
    circle = frozenset({Circle.objects.get(slug=CIRCLE).pk})
    own = frozenset({alfa.organisation.pk})
    shared = {
        "kept": (policy.Audience(Tlp.RED, organisations=own), frozenset()),
        "named": (policy.Audience(Tlp.AMBER_STRICT, organisations=beta), frozenset({"beta"})),
        "circled": (policy.Audience(Tlp.AMBER, circles=circle), frozenset({"gamma"})),
        "for every member": (
            policy.Audience(Tlp.GREEN, everyone=True),
            EVERYBODY - {"epsilon", "zeta"},
        ),
        "for the hub": (policy.Audience(Tlp.AMBER, hub=True), frozenset({"csirt"})),
    }
    for number, (name, (audience, readers)) in enumerate(shared.items()):
        text = f"Llama a hxxp://malo-{number}[.]example/a"
        made = share(alfa, title=name, text=text, audience=audience)
        path = {"uuid": str(made.uuid), "stix_id": indicator_of(made), "collection": "everything"}
        yield "contribution", Thing(name, path, "alfa", readers)
        yield "object", Thing(f"an indicator {name}", path, "alfa", readers)
        if name == "circled":
            placed = path | {"collection": f"circle-{CIRCLE}"}
            yield "placed object", Thing("an indicator in a circle", placed, "alfa", readers)


@_kind
def submissions(town: Town) -> Iterator[tuple[str, Thing]]:
    """What Alfa's machine handed in: its receipt is Alfa's alone, not even the hub's."""
    machine = factories.key_of(town.organisations["alfa"])[0]
    body = encoded(envelope(indicator("entregado.example")))
    receipt = exchange.submit(body, by=machine, door=Contribution.Door.TAXII)
    yield "receipt", Thing("a receipt", {"uuid": str(receipt.uuid)}, "alfa")


@_kind
def collections(_town: Town) -> Iterator[tuple[str, Thing]]:
    """One that everybody reads, one of a circle, and the one that is only written."""
    yield "collection", Thing("everything", {"collection": "everything"}, "", EVERYBODY)
    path = {"collection": f"circle-{CIRCLE}"}
    yield "collection", Thing("of a circle", path, "", frozenset({"alfa", "gamma"}))
    yield "inbox", Thing("the inbox", {"collection": "inbox"}, "", EVERYBODY)
    yield "inbox", Thing("inbox of a circle", path, "", frozenset({"alfa", "gamma"}))


@_kind
def belonging(town: Town) -> Iterator[tuple[str, Thing]]:
    """People and keys of Alfa and of the hub, and Alfa itself."""
    for owner in ("alfa", "csirt"):
        person = factories.person(town.organisations[owner], role="analyst", name="Inés")
        path = {"person": str(person.uuid)}
        yield "person", Thing(f"somebody of {owner}", path, owner, frozenset({"csirt"}))
        closed = factories.person(town.organisations[owner], name="Ida", is_active=False)
        path = {"person": str(closed.uuid)}
        yield "closed person", Thing(f"who left {owner}", path, owner, frozenset({"csirt"}))
        locator = town.keys[f"{owner} sharing key"].locator
        yield "key", Thing(f"a key of {owner}", {"locator": locator}, owner, frozenset({"csirt"}))
    passkey = Passkey.objects.create(
        person=factories.person(town.organisations["alfa"]),
        credential_id=b"1",
        credential=b"1",
        name="Laptop",
    )
    yield "passkey", Thing("a passkey of another's", {"passkey": str(passkey.uuid)})
    yield "session", Thing("a session that is none", {"session": str(world.random_uuid())})
    yield "organisation", Thing("Alfa", {"slug": "alfa"}, "alfa", EVERYBODY - {"epsilon"})


@_kind
def admissions(town: Town) -> Iterator[tuple[str, Thing]]:
    """Circles of Alfa and Gamma that admit by vote and by a sponsor, and Beta waiting for each."""
    known = frozenset({"gamma", "csirt"})
    for way in ("vote", "sponsor"):
        joining = membership.Joining(admission=way, is_listed=True)
        steward = town.organisations["alfa"]
        circle = membership.create_circle(
            f"Por {way}", by=town.operator, steward=steward, joining=joining
        )
        seats.seat_in_circle(circle, town.organisations["gamma"])
        asking = factories.member(town.organisations["beta"], role="counterpart")
        case = membership.ask_to_join(circle.slug, by=asking)
        path = {"slug": circle.slug, "admission": str(case.uuid)}
        yield f"admission by {way}", Thing(f"Beta by {way}", path, "alfa", known)
        if way == "vote":
            yield "voting circle", Thing("one by vote", path, "alfa", known)
    joining = membership.Joining(admission="vote", is_listed=True)
    circle = membership.create_circle(
        "Abierto", by=town.operator, steward=town.organisations["alfa"], joining=joining
    )
    path = {"slug": circle.slug}
    yield "listed circle", Thing("a listed circle", path, "alfa", frozenset({"csirt"}))


@_kind
def pgp_keys(town: Town) -> Iterator[tuple[str, Thing]]:
    """A PGP key of Alfa, which shows its contact to the hub alone."""
    PgpKey.objects.create(
        organisation=town.organisations["alfa"], fingerprint="AB" * 20, armoured="a key"
    )
    path = {"slug": "alfa", "fingerprint": "AB" * 20}
    yield "pgp key", Thing("a PGP key", path, "alfa", frozenset({"csirt"}))


@_kind
def departures(town: Town) -> Iterator[tuple[str, Thing]]:
    """Zeta's, and one of somebody who has certified."""
    zeta = Departure.objects.get(organisation__slug="zeta")
    yield "departure", Thing("Zeta's departure", {"departure": str(zeta.uuid)})
    membership.create_organisation(membership.NewOrganisation("Eta"), by=town.operator)
    eta = membership.leave_organisation("eta", by=town.operator).departures.get()
    paper = membership.Declaration("destroyed", "Ana", reference="a paper")
    membership.record_certificate("eta", paper, by=town.operator)
    yield "certified departure", Thing("Eta's departure", {"departure": str(eta.uuid)})


@_kind
def acts(_town: Town) -> Iterator[tuple[str, Thing]]:
    """The act of what Alfa signed."""
    signature = Signature.objects.get(organisation__slug="alfa")
    jobs.prepare_act.call(signature=str(signature.uuid))
    signature.refresh_from_db()
    path = {"document": str(signature.act.uuid)}
    yield "act", Thing("an act", path, "alfa", frozenset({"csirt"}))


@_kind
def issued_acts(town: Town) -> Iterator[tuple[str, Thing]]:
    """An act that Alfa's director asked for, to sign it outside."""
    alfa = town.organisations["alfa"]
    made = IssuedAct.objects.create(
        organisation=alfa, agreement=AgreementVersion.objects.get(), clauses=[4], signer="Ana",
        person=town.people["alfa director"], document=keep_document(b"%PDF-1.7 an act"),
    )  # fmt: skip
    yield "issued act", Thing("an issued act", {"issued": str(made.uuid)}, "alfa")


@_kind
def ceremonies(town: Town) -> Iterator[tuple[str, Thing]]:
    """Ceremonies to which Beta is called: planned, open, and closed with their act."""
    for name in ("ceremony", "open ceremony", "closed ceremony"):
        made = membership.convene(
            membership.NewCeremony(name.capitalize(), world.now()), by=town.operator
        )
        beta = town.organisations["beta"]
        membership.invite_to_ceremony(made.uuid, beta, by=town.operator)
        if name != "ceremony":
            membership.open_ceremony(made.uuid, by=town.operator)
        if name == "closed ceremony":
            membership.close_ceremony(made.uuid, by=town.operator)
            jobs.prepare_ceremony_act.call(ceremony=str(made.uuid))
        yield name, Thing(name, {"ceremony": str(made.uuid)}, "csirt", frozenset({"beta"}))


@_kind
def providers(town: Town) -> Iterator[tuple[str, Thing]]:
    """The identity provider of Alfa."""
    at = "https://login.alfa.example"
    made = IdentityProvider.objects.create(
        organisation=town.organisations["alfa"], issuer=at, client_id="minga",
        authorization_endpoint=f"{at}/authorize", token_endpoint=f"{at}/token",
        keys_endpoint=f"{at}/keys",
    )  # fmt: skip
    yield "provider", Thing("Alfa's provider", {"provider": str(made.uuid)}, "alfa")


@_kind
def words(_town: Town) -> Iterator[tuple[str, Thing]]:
    """What an address names that is nobody's."""
    yield "observable", Thing("a domain", {"kind": "domain", "value": "malo-1.example"})
    yield "clause", Thing("an optional clause", {"number": "12"})
    yield (
        "link",
        Thing("a link that never was", {"token": "no-such-token", "file": "statement.pdf"}),
    )


def indicator_of(contribution: Contribution) -> str:
    """The id of the first indicator that a contribution carries."""
    carried = contribution.carried.filter(version__type="indicator").order_by("version__stix_id")
    return carried.values_list("version__stix_id", flat=True)[0]
