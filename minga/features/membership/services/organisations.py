"""Organisations come and go."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from minga.core import policy
from minga.core.foreign_ids import read_foreign_id
from minga.core.problems import Conflict
from minga.core.rut import read_rut
from minga.features.membership.documents import present_seal
from minga.features.membership.services.names import read_name, read_slug
from minga.features.membership.services.people import NewPerson, invite_person
from minga.features.membership.services.profiles import refuse_place
from minga.store import locks
from minga.store.audiences import seats
from minga.store.journal import services as journal
from minga.store.objects import identities
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation, Person

FOUNDING = "founding of the hub"


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What is known of an organisation when it joins. Only the name is needed.

    `slug` is its short name in addresses and commands, made of the name when empty. `region` is
    the two letters of ISO 3166-2:CL. Who has no RUT has a `foreign_id`: a scheme and a number.
    """

    name: str
    slug: str = ""
    legal_name: str = ""
    rut: str = ""
    foreign_id: str = ""
    sector: str = ""
    region: str = ""


@transaction.atomic
def found_hub(draft: NewOrganisation) -> Organisation:
    """The first act: the hub comes to be, with its identity, its seal and the markings of labels.

    Nobody is there to act yet, so it takes no `by`: the journal says that the hub founded
    itself. Raises Conflict when there is a hub.
    """
    locks.hold(FOUNDING)
    present = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    if present is not None:
        raise Conflict(f"The hub is {present} already; a hub is founded once.")
    hub = _create(draft, role=Organisation.Role.HUB)
    journal.record("hub-founded", by=Actor(organisation=hub), subject=hub.stix_id)
    identities.publish_markings(hub)
    present_seal()
    return hub


@transaction.atomic
def create_organisation(draft: NewOrganisation, *, by: Actor) -> Organisation:
    """A new member. It may do nothing, and no other member learns of it, until it signs.

    Raises Forbidden unless `by` administers the hub, Invalid for a name, short name, identifier or
    region that cannot be, Conflict for a short name or identifier that another organisation has.
    """
    by.require(Power.ADMINISTER_HUB)
    member = _create(draft, role=Organisation.Role.MEMBER)
    journal.record(
        "organisation-created", by=by, subject=member.stix_id, concerns=member, name=member.name
    )
    return member


def _create(draft: NewOrganisation, *, role: Organisation.Role) -> Organisation:
    name = read_name(draft.name, field="name")
    slug = read_slug(draft.slug, name=name)
    rut = read_rut(draft.rut) if draft.rut else ""
    foreign_id = read_foreign_id(draft.foreign_id) if draft.foreign_id else ""
    refuse_place(sector=draft.sector, region=draft.region)
    _refuse_doubles(slug=slug, rut=rut, foreign_id=foreign_id)
    is_hub = role == Organisation.Role.HUB
    organisation = Organisation.objects.create(
        name=name, slug=slug, legal_name=draft.legal_name.strip()[:200], rut=rut,
        foreign_id=foreign_id, sector=draft.sector, region=draft.region, role=role,
        reads_up_to=policy.Tlp.RED if is_hub else policy.NOTHING,
    )  # fmt: skip
    seats.welcome(organisation)
    if is_hub:  # a member's is shown once it belongs: see `adherence`
        identities.publish_identity(organisation)
    return organisation


def _refuse_doubles(*, slug: str, rut: str, foreign_id: str) -> None:
    if Organisation.objects.filter(slug=slug).exists():
        raise Conflict(
            f"The short name {slug!r} is taken; choose another, or look at `minga org list`.",
            field="slug",
        )
    if rut and Organisation.objects.filter(rut=rut, left_at=None).exists():
        raise Conflict(f"RUT {rut} belongs already; is this the same organisation?", field="rut")
    if foreign_id and Organisation.objects.filter(foreign_id=foreign_id, left_at=None).exists():
        raise Conflict(
            f"{foreign_id} belongs already; is this the same organisation?", field="foreign_id"
        )


@transaction.atomic
def invite_organisation(
    draft: NewOrganisation, first: NewPerson, *, by: Actor
) -> tuple[Organisation, Person, str]:
    """A new member with the first of its people, and the token of the link that lets him in.

    Raises what `create_organisation` and `invite_person` raise; then nothing is left of either.
    """
    member = create_organisation(draft, by=by)
    person, token = invite_person(first, by=by, organisation=member)
    return member, person, token
