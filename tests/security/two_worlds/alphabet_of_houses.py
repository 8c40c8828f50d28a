"""More of what happens in the worlds: houses that come and go, and what the hub vouches for."""

from __future__ import annotations

from random import Random

from tests.security.two_worlds.alphabet import STEPS, VALUES, WORDS, quietly, share, step
from tests.security.two_worlds.hub import Hub

__all__ = ["STEPS"]  # with those of this file among them


def share_vouched(hub: Hub, who: str, random: Random) -> None:
    """For every member, in the hub's name; by the service that pages use, or by the API."""
    if random.random() < 0.5:
        uuid, indicators = share(hub, who, random, everyone=True, attribution="hub")
    else:
        made = hub.clients["anybody"].post(
            "/api/v1/contributions",
            {"title": random.choice(WORDS), "kind": "alert", "vouched": True,
             "observables": random.sample(VALUES, 2),
             "audience": {"tlp": "TLP:GREEN", "everyone": True}},
            content_type="application/json",
            headers={"authorization": f"Bearer {hub.secrets[who]}"},
        )  # fmt: skip
        uuid, indicators = made.json()["id"], []
    hub.known.contributions.append(uuid)
    hub.known.indicators += indicators


@step(hidden=True)
def the_hub_invites_somebody_who_signs_nothing(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    slug = f"invitada-{random.randrange(4)}"
    draft = membership.NewOrganisation(slug.capitalize(), slug=slug)
    quietly(lambda: membership.create_organisation(draft, by=hub.operator))


@step(hidden=True)
def who_signs_nothing_names_somebody_whom_the_prober_may_invite(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership
    from minga.store.people.models import Organisation

    slug = f"invitada-{random.randrange(4)}"
    draft = membership.NewPerson("Persona", f"persona{random.randrange(9)}@mirador.example")
    for home in Organisation.objects.filter(slug=slug):
        quietly(lambda home=home: membership.create_person(
            draft, by=hub.operator, organisation=home
        ))  # fmt: skip


@step(hidden=False)
def the_prober_invites_somebody(hub: Hub, random: Random) -> dict[str, object]:
    draft = {"name": "Persona", "email": f"persona{random.randrange(9)}@mirador.example",
             "role": "reader", "language": "es"}  # fmt: skip
    answer = hub.clients["mirador"].post("/people/invite", draft)
    return {"asked": "invite", "status": answer.status_code, "body": answer.content.decode()}


@step(hidden=True)
def beta_gets_a_key_and_loses_one(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    beta = hub.actors["beta"].organisation
    key, _ = membership.create_key(beta, by=hub.operator, name=random.choice(WORDS))
    if random.random() < 0.5:
        membership.revoke_key(key.locator, by=hub.operator)


@step(hidden=True)
def beta_enters_and_leaves_the_hidden_circle(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    beta = hub.actors["beta"].organisation
    change = random.choice([membership.admit_to_circle, membership.expel_from_circle])
    quietly(lambda: change("oculto", by=hub.operator, organisation=beta))


@step(hidden=True)
def somebody_of_delta_gets_another_role(hub: Hub, random: Random) -> None:
    from minga.features.membership import services as membership

    role = random.choice(["reader", "analyst"])
    quietly(lambda: membership.change_role("delta@example.com", role, by=hub.operator))
