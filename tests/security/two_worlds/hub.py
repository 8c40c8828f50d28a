"""The two worlds: each a hub in a process of its own, with its own database.

It is told steps and probes and answers with everything its prober could see: status, headers and
bytes. The prober is Mirador, a member; Alfa and Beta share a circle that Mirador is not in.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection
from typing import Any, NoReturn

STEPS_OF_A_PROOF = 60
"""Ten minutes of the worlds' time: pages that ask for a fresh proof stay open to the prober."""


@dataclass
class Known:
    """Ids that steps may draw from. `seen` is equal in both worlds; `hidden` is world one's."""

    contributions: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    hidden_contributions: list[str] = field(default_factory=list)
    hidden_indicators: list[str] = field(default_factory=list)
    hidden_submissions: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    hidden_documents: list[str] = field(default_factory=list)
    ceremonies: list[str] = field(default_factory=list)
    hidden_ceremonies: list[str] = field(default_factory=list)


class Hub:
    """A hub with its people, driven step by step."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.core.management import call_command

        from minga.store import world
        from tests.security.two_worlds import chance
        from tests.security.two_worlds.seeded import SeededWorld

        self.world = SeededWorld()
        world.replace(self.world)
        call_command("migrate", verbosity=0)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        settings.ALLOWED_HOSTS = ["testserver"]
        chance.fix(self.world)
        self.known = Known()
        self.signatures: list[Any] = []
        self._people()

    def _people(self) -> None:
        from django.test import Client

        from minga.features.membership import services as membership
        from minga.store.people.actors import Actor
        from tests import factories
        from tests.signing_in import enter

        hub = membership.found_hub(membership.NewOrganisation("CSIRT", slug="csirt"))
        self.operator = Actor(organisation=hub)
        membership.load_shipped_agreement("model", by=self.operator)
        membership.put_in_force(1, by=self.operator)
        self.actors, self.directors, secrets = {}, {}, {}
        for name in ("alfa", "beta", "delta", "mirador"):
            organisation = membership.create_organisation(
                membership.NewOrganisation(name.capitalize(), slug=name), by=self.operator
            )
            signature = membership.record_paper(
                organisation, None, by=self.operator, reference="paper"
            )
            self.signatures.append(signature)
            role = "counterpart" if name == "mirador" else "analyst"  # who sees most of his own
            self.actors[name] = factories.member(
                organisation, role=role, email=f"{name}@example.com"
            )
            self.directors[name] = factories.member(
                organisation, role="director", email=f"director@{name}.example", name="Directora"
            )
            _, secrets[name] = factories.key_of(organisation)
        self.known.ceremonies.append(self.ceremony_of("alfa", "mirador"))
        for slug, names in {"oculto": ("alfa", "beta"), "comun": ("alfa", "mirador")}.items():
            membership.create_circle(slug.capitalize(), by=self.operator, slug=slug)
            for name in names:
                membership.admit_to_circle(
                    slug, by=self.operator, organisation=self.actors[name].organisation
                )
        self.clients = {name: Client() for name in (*self.actors, "anybody")}
        for name, actor in self.actors.items():
            enter(self.clients[name], actor.person)
            assert self.clients[name].get("/me/").status_code == 200, f"{name} is not signed in"
        self.secrets = secrets

    def ceremony_of(self, *names: str) -> str:
        """An open ceremony to which these are called; its id."""
        from minga.features.membership import services as membership

        draft = membership.NewCeremony("Firma", self.world.now(), link="https://video.example/a")
        made = membership.convene(draft, by=self.operator)
        for name in names:
            organisation = self.actors[name].organisation
            membership.invite_to_ceremony(made.uuid, organisation, by=self.operator, signer=name)
        membership.open_ceremony(made.uuid, by=self.operator)
        return str(made.uuid)

    def settle(self) -> None:
        """Make what could not be made before the fork: a typesetter works in threads of its own."""
        self.world.at_step("settling", 0)
        self.known.documents += [self.act_of(each) for each in self.signatures]

    def act_of(self, signature: Any) -> str:
        """Make the act of a signature, as a job does soon after; its id."""
        from minga.features.membership import jobs

        jobs.prepare_act.call(signature=str(signature.uuid))
        signature.refresh_from_db()
        return str(signature.act.uuid)

    def step(self, name: str, number: int) -> object:
        """Do one thing. What the prober himself is answered comes back to be compared."""
        from tests.security.two_worlds.alphabet_of_houses import STEPS

        self.world.at_step(name, number)
        return STEPS[name].act(self, random.Random(number))

    def vouch(self, who: str, number: int) -> None:
        """This member shares something, or says it better, and the hub vouches for it."""
        from tests.security.two_worlds import alphabet_of_houses

        self.world.at_step("vouch", number)
        alphabet_of_houses.share_vouched(self, who, random.Random(number))

    def probe(self, name: str, number: int) -> object:
        """Ask one thing as the prober."""
        from tests.security.two_worlds import probes

        self.world.at_probe(number)
        return probes.ask(self, name, random.Random(number))

    def probe_all(self, asked: list[tuple[str, int]]) -> list[object]:
        """Ask many things, one after the other; now and then the prober proves anew who he is."""
        from tests.signing_in import enter

        step = asked[0][1] // 100
        if step % STEPS_OF_A_PROOF == 0:
            self.world.at_step("prove", step)
            enter(self.clients["mirador"], self.actors["mirador"].person)
        return [self.probe(name, number) for name, number in asked]

    def hidden(self) -> tuple[dict[str, list[str]]]:
        """Ids that only world one has; both worlds are asked for them."""
        return ({k: v for k, v in vars(self.known).items() if k.startswith("hidden_")},)

    def learn(self, hidden: dict[str, list[str]]) -> None:
        """Take note of the other world's hidden ids."""
        vars(self.known).update(hidden)

    def routes(self) -> list[str]:
        """Every address of the hub that can be read, as it stands in the table."""
        from tests.security.two_worlds import probes

        return probes.routes()

    def coverage(self) -> tuple[set[str], set[str]]:
        """The addresses that probes have asked so far, and those that showed something."""
        from tests.security.two_worlds import probes

        return set(probes.ASKED), set(probes.ANSWERED)


def raise_worlds(pipe: Connection, environment: dict[str, str]) -> None:
    """The life of the process that worlds come from: one hub, set up once, forked for each.

    It is told where a world's state is and which database is the world's, both copies of its own,
    and answers with the process that lives there. Worlds that begin so begin alike.
    """
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    import django

    django.setup()
    from django.db import connections

    hub = Hub()
    connections.close_all()
    getattr(connections["default"], "close_pool", bool)()  # its threads would not survive a fork
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for worlds that end
    pipe.send("ready")
    with contextlib.suppress(EOFError):
        while True:
            home, database, mutant, address = pipe.recv()
            if not (born := os.fork()):
                pipe.close()
                _live(hub, home, database, mutant, address)
            pipe.send(born)


def _live(hub: Hub, home: str, database: str, mutant: str, address: str) -> NoReturn:
    """The life of a world: answer calls until the other end is closed."""
    from django.conf import settings
    from django.db import connections

    from tests.security.two_worlds import mutants_at_doors

    settings.HOME = home
    connections.settings["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    if mutant:
        mutants_at_doors.plant(mutant)
    hub.settle()
    with contextlib.suppress(EOFError, ConnectionError), Client(address) as pipe:
        while True:
            call, arguments = pipe.recv()
            pipe.send(getattr(hub, call)(*arguments))
    os._exit(0)
