"""What happens in the worlds. Seen steps happen in both; hidden ones in world one alone.

A hidden step leaves nothing that the prober may see. Values come from tiny pools, so that what is
hidden and what is seen collide often: that is where leaks are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from tests.security.two_worlds.hub import Hub

VALUES = ("198.51.100.7", "malo.example", "https://malo.example/a", "a" * 64, "CVE-2026-99001")
WORDS = ("phishing", "ransomware", "fraude", "campaña")
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
TAXII_TYPE = "application/taxii+json;version=2.1"


@dataclass(frozen=True)
class Step:
    act: Callable[[Hub, Random], object]
    is_hidden: bool


STEPS: dict[str, Step] = {}


def step(*, hidden: bool) -> Callable[[Callable[[Hub, Random], object]], None]:
    def note(act: Callable[[Hub, Random], object]) -> None:
        STEPS[act.__name__] = Step(act, hidden)

    return note


def stix_id(pool: str, number: int) -> str:
    return f"indicator--00000000-0000-4000-8000-{pool:>04}{number:08d}"


def indicator(random: Random, pool: str, **fields: Any) -> dict[str, Any]:
    number, value = random.randrange(4), random.choice(VALUES[:2])
    path = "ipv4-addr:value" if value[0].isdigit() else "domain-name:value"
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": stix_id(pool, number),
        "created": "2026-01-01T00:00:00.000Z",
        "modified": f"2026-01-0{random.randrange(1, 4)}T00:00:00.000Z",
        "name": random.choice(WORDS),
        "pattern": f"[{path} = '{value}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    } | fields


def share(hub: Hub, who: str, random: Random, **audience: Any) -> tuple[str, list[str]]:
    from minga.core import policy
    from minga.core.observables import recognise
    from minga.core.policy import Tlp
    from minga.features.exchange import queries, services
    from minga.store.objects.models import Contribution

    attribution = audience.pop("attribution", None)
    tlp = audience.pop("tlp", random.choice([Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT]))
    draft = services.Draft(
        title=random.choice(WORDS),
        text=" ".join(random.sample(WORDS, 2)),
        kind=random.choice(list(Contribution.Kind)),
        audience=policy.Audience(tlp, **audience),
        observables=tuple(recognise(v) for v in random.sample(VALUES, 2)),
        attribution=attribution or random.choice(list(Contribution.Attribution)),
    )
    actor = hub.actors[who]
    made = services.share(draft, by=actor, door=Contribution.Door.PAGE)
    objects = queries.objects_in(made, reader=actor.reader).filter(type="indicator")
    return str(made.uuid), [each.stix_id for each in objects]


def circle(slug: str) -> frozenset[int]:
    from minga.store.audiences.models import Circle

    return frozenset({Circle.objects.get(slug=slug).pk})


def organisation(hub: Hub, who: str) -> frozenset[int]:
    return frozenset({hub.actors[who].organisation.pk})


def post(hub: Hub, who: str, collection: str, *objects: dict[str, Any]) -> Any:
    from tests.security.two_worlds.probes import seen_of

    return seen_of(
        hub.clients["anybody"].post(
            f"/taxii2/hub/collections/{collection}/objects/",
            json.dumps({"objects": objects}),
            content_type=TAXII_TYPE,
            headers={"authorization": f"Bearer {hub.secrets[who]}", "accept": TAXII_TYPE},
        )
    )


def quietly(act: Callable[[], object]) -> None:
    """Do it; that a rule refuses is one of the things that may happen."""
    from minga.core.problems import Problem

    try:
        act()
    except Problem:
        return


# ---- seen by the prober, in both worlds


@step(hidden=False)
def alfa_shares_with_everybody(hub: Hub, random: Random) -> None:
    uuid, indicators = share(hub, "alfa", random, everyone=True)
    hub.known.contributions.append(uuid)
    hub.known.indicators += indicators


@step(hidden=False)
def alfa_shares_with_the_common_circle(hub: Hub, random: Random) -> None:
    uuid, indicators = share(hub, "alfa", random, circles=circle("comun"))
    hub.known.contributions.append(uuid)
    hub.known.indicators += indicators


@step(hidden=False)
def mirador_shares_by_machine_what_others_may_have(hub: Hub, random: Random) -> object:
    return post(hub, "mirador", "inbox", indicator(random, "a"), indicator(random, "b"))


@step(hidden=False)
def delta_posts_ids_that_are_hidden_elsewhere(hub: Hub, random: Random) -> None:
    post(hub, "delta", "inbox", indicator(random, "d"))


@step(hidden=False)
def mirador_refers_to_what_may_be_hidden(hub: Hub, random: Random) -> object:
    note = {
        "type": "note",
        "spec_version": "2.1",
        "id": f"note--00000000-0000-4000-8000-{random.randrange(10**9):012d}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "content": "nota",
        "object_refs": [stix_id("a", random.randrange(4))],
    }
    return post(hub, "mirador", "inbox", note)


@step(hidden=False)
def mirador_deletes_what_may_be_hidden(hub: Hub, random: Random) -> object:
    from tests.security.two_worlds.probes import seen_of

    target = stix_id(random.choice("ab"), random.randrange(4))
    return seen_of(
        hub.clients["anybody"].delete(
            f"/taxii2/hub/collections/circle-comun/objects/{target}/",
            headers={"authorization": f"Bearer {hub.secrets['mirador']}", "accept": TAXII_TYPE},
        )
    )


@step(hidden=False)
def delta_saw_what_everybody_reads(hub: Hub, random: Random) -> None:
    from minga.features.exchange import services

    if hub.known.indicators:
        now = hub.world.now()
        target = random.choice(hub.known.indicators)
        quietly(
            lambda: services.report_sighting(
                target, by=hub.actors["delta"], count=1, first_seen_at=now, last_seen_at=now,
                is_named=random.random() < 0.5,
            )
        )  # fmt: skip


@step(hidden=False)
def alfa_revokes(hub: Hub, random: Random) -> None:
    from minga.features.exchange import services

    if hub.known.indicators:
        target = random.choice(hub.known.indicators)
        quietly(lambda: services.revoke(target, by=hub.actors["alfa"]))


@step(hidden=False)
def mirador_leaves_and_rejoins_the_common_circle(hub: Hub, _random: Random) -> None:
    from minga.features.membership import jobs
    from minga.features.membership import services as membership
    from minga.store.audiences import seats

    who = hub.actors["mirador"].organisation
    membership.expel_from_circle("comun", by=hub.operator, organisation=who)
    from minga.store.audiences.models import Circle

    for door in seats.seat_in_circle(Circle.objects.get(slug="comun"), who):
        jobs.bring_older.call(origin=door.origin, audience=door.audience, before_us=door.before_us)


def sign_anew(hub: Hub, who: str) -> str:
    """The organisation takes the clause on publicity back and signs it again; the act's id."""
    from minga.features.membership import services as membership

    by = hub.directors[who]
    membership.withdraw_clause(12, by=by)
    return hub.act_of(membership.sign({12}, by=by, factor="passkey"))


@step(hidden=False)
def mirador_signs_a_clause_anew(hub: Hub, _random: Random) -> None:
    hub.known.documents.append(sign_anew(hub, "mirador"))


# ---- hidden from the prober, in world one alone


@step(hidden=True)
def beta_signs_a_clause_anew(hub: Hub, _random: Random) -> None:
    hub.known.hidden_documents.append(sign_anew(hub, "beta"))


@step(hidden=True)
def alfa_shares_with_the_hidden_circle(hub: Hub, random: Random) -> None:
    uuid, indicators = share(hub, "alfa", random, circles=circle("oculto"))
    hub.known.hidden_contributions.append(uuid)
    hub.known.hidden_indicators += indicators


@step(hidden=True)
def beta_tells_alfa_in_red(hub: Hub, random: Random) -> None:
    from minga.core.policy import Tlp

    uuid, indicators = share(
        hub, "beta", random, tlp=Tlp.RED, organisations=organisation(hub, "alfa")
    )
    hub.known.hidden_contributions.append(uuid)
    hub.known.hidden_indicators += indicators


@step(hidden=True)
def alfa_posts_to_the_hidden_circle(hub: Hub, random: Random) -> None:
    answer = post(hub, "alfa", "circle-oculto", indicator(random, "a"), indicator(random, "d"))
    hub.known.hidden_submissions.append(json.loads(answer["body"])["id"])


@step(hidden=True)
def beta_posts_red(hub: Hub, random: Random) -> None:
    pool = random.choice("bd")
    post(hub, "beta", "inbox", indicator(random, pool, object_marking_refs=[RED]))


@step(hidden=True)
def beta_saw_what_is_hidden(hub: Hub, random: Random) -> None:
    from minga.features.exchange import services

    if hub.known.hidden_indicators:
        now = hub.world.now()
        target = random.choice(hub.known.hidden_indicators)
        quietly(
            lambda: services.report_sighting(
                target, by=hub.actors["beta"], count=2, first_seen_at=now, last_seen_at=now
            )
        )


@step(hidden=True)
def beta_judges_what_is_hidden(hub: Hub, random: Random) -> None:
    from minga.features.exchange import services
    from minga.store.objects.models import Feedback

    if hub.known.hidden_indicators:
        target = random.choice(hub.known.hidden_indicators)
        verdict = random.choice(list(Feedback.Verdict))
        quietly(lambda: services.give_feedback(target, by=hub.actors["beta"], verdict=verdict))


@step(hidden=True)
def alfa_revokes_what_is_hidden(hub: Hub, random: Random) -> None:
    from minga.features.exchange import services

    if hub.known.hidden_indicators:
        target = random.choice(hub.known.hidden_indicators)
        quietly(lambda: services.revoke(target, by=hub.actors["alfa"]))


@step(hidden=True)
def alfa_widens_to_the_hidden_circle(hub: Hub, random: Random) -> None:
    from minga.core import policy
    from minga.core.policy import Tlp
    from minga.features.exchange import services

    if hub.known.hidden_contributions:
        wider = policy.Audience(Tlp.AMBER, circles=circle("oculto"))
        target = random.choice(hub.known.hidden_contributions)
        quietly(lambda: services.widen(target, by=hub.actors["alfa"], audience=wider))


@step(hidden=True)
def a_new_circle_without_the_prober(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    slug = f"secreto-{random.randrange(3)}"
    quietly(lambda: membership.create_circle(slug.capitalize(), by=hub.operator, slug=slug))


@step(hidden=False)  # how many people a thing reaches is told with the thing
def alfa_invites_somebody(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    number = random.randrange(4)
    draft = membership.NewPerson(f"Persona {number}", f"persona{number}@alfa.example")
    alfa = hub.actors["alfa"].organisation
    quietly(lambda: membership.invite_person(draft, by=hub.operator, organisation=alfa))


@step(hidden=True)
def somebody_of_alfa_gets_another_role(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    email, role = f"persona{random.randrange(4)}@alfa.example", random.choice(["reader", "analyst"])
    quietly(lambda: membership.change_role(email, role, by=hub.operator))


@step(hidden=True)
def delta_tells_the_hub_alone_how_to_reach_it(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    said = membership.Profile(
        size=random.choice(["small", "large"]),
        security_email=f"csirt{random.randrange(9)}@delta.example",
    )
    quietly(lambda: membership.describe_organisation("delta", said, by=hub.operator))


@step(hidden=False)
def beta_shows_every_member_how_to_reach_it(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    said = membership.Profile(
        sector=random.choice(["energy", "water"]), region="RM",
        security_email="csirt@beta.example", shows_contact="members",
    )  # fmt: skip
    quietly(lambda: membership.describe_organisation("beta", said, by=hub.operator))


@step(hidden=True)
def beta_looks_up(hub: Hub, random: Random) -> None:
    hub.clients["beta"].get("/lookup", {"q": "\n".join(random.sample(VALUES, 2))})


@step(hidden=True)
def somebody_fails_to_sign_in_as_beta(hub: Hub, _random: Random) -> None:
    from django.test import Client

    Client().post("/sign-in/", {"email": "beta@example.com", "password": "equivocada" * 3})


@step(hidden=True)
def a_ceremony_without_the_prober(hub: Hub, _random: Random) -> None:
    from minga.features.membership import jobs
    from minga.features.membership import services as membership

    if hub.known.hidden_ceremonies:
        last = UUID(hub.known.hidden_ceremonies[-1])
        quietly(lambda: membership.close_ceremony(last, by=hub.operator))
        jobs.prepare_ceremony_act.call(ceremony=str(last))
    hub.known.hidden_ceremonies.append(hub.ceremony_of("alfa", "beta"))
