"""A community known by name: its agreement, and those who are invited to sign it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.db import transaction

from minga.core.problems import NotFound
from minga.features.membership.models import AgreementVersion, Ceremony
from minga.features.membership.services import agreements
from minga.features.membership.services.ceremonies import (
    NewCeremony,
    convene,
    invite_to_ceremony,
    open_ceremony,
)
from minga.features.membership.services.organisations import NewOrganisation, create_organisation
from minga.store import world
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

SHIPPED = Path(__file__).parents[1] / "communities"
COMMUNITIES = tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))
"""The names of the communities that come with Minga."""


class _Invited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    slug: str


class _Community(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    agreement: str
    ceremony: str
    hub: str
    organisations: tuple[_Invited, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came to be: who operates the hub by its own words, and who is newly invited."""

    hub: str
    version: AgreementVersion
    ceremony: Ceremony
    invited: tuple[Organisation, ...]


@transaction.atomic
def prepare_community(name: str, *, by: Actor) -> Prepared:
    """Bring the agreement of a community into force and invite its organisations, by name only.

    A ceremony is open for them, held now. Nobody has signed anything by it. Doing it again invites
    only who is not there yet. Raises Forbidden unless `by` administers the hub, NotFound for a
    community that does not come along.
    """
    by.require(Power.ADMINISTER_HUB)
    if name not in COMMUNITIES:
        known = ", ".join(COMMUNITIES)
        raise NotFound(f"No community {name!r} comes with Minga; expected {known}.")
    source = (SHIPPED / f"{name}.toml").read_text("utf-8")
    community = msgspec.toml.decode(source, type=_Community)
    version = agreements.load_shipped_agreement(community.agreement, by=by)
    if version.state == AgreementVersion.State.PROPOSED:
        version = agreements.put_in_force(version.version, by=by)
    present = set(Organisation.objects.values_list("slug", flat=True))
    invited = tuple(
        create_organisation(NewOrganisation(name=each.name, slug=each.slug), by=by)
        for each in community.organisations
        if each.slug not in present
    )
    return Prepared(community.hub, version, _ceremony_of(community, version, by=by), invited)


def _ceremony_of(community: _Community, version: AgreementVersion, *, by: Actor) -> Ceremony:
    """The open ceremony to which they are all called; the one that is there, the second time."""
    present = Ceremony.objects.filter(title=community.ceremony, agreement=version).first()
    if present is not None:
        return present
    made = convene(NewCeremony(community.ceremony, world.now()), by=by)
    for each in Organisation.objects.filter(slug__in=[o.slug for o in community.organisations]):
        invite_to_ceremony(made.uuid, each, by=by)
    return open_ceremony(made.uuid, by=by)
