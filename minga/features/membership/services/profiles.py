"""What an organisation says of itself, and what the hub says of it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import transaction

from minga.core.problems import Invalid
from minga.core.sectors import REGIONS
from minga.features.membership import queries
from minga.features.membership.services import seating
from minga.features.membership.services.people import require_administration_of
from minga.store import world
from minga.store.journal import services as journal
from minga.store.objects import identities
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

LONGEST_SECTOR = 40
LONGEST_WEB = 200
# E.164 with the blanks and dashes that people write between the groups.
_PHONE = re.compile(r"(?=.{8,20}\Z)\+[1-9](?:[ -]?\d){6,14}", re.ASCII)
_WEB = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation says of itself.

    The contact is that for security at any hour; `shows_contact` is "hub" or "members". `phone`
    begins with + and the country. Whatever is empty is not said.
    """

    sector: str = ""
    region: str = ""
    size: str = ""
    security_email: str = ""
    security_phone: str = ""
    security_web: str = ""
    shows_contact: str = Organisation.Contact.HUB


@transaction.atomic
def describe_organisation(slug: str, profile: Profile, *, by: Actor) -> Organisation:
    """Say anew what an organisation is and how it is reached; what is left out is taken away.

    Another sector makes a new version of the STIX identity of a member that signed. Raises
    NotFound, Forbidden unless `by` administers the organisation or the hub, and Invalid for what
    cannot be.
    """
    organisation = queries.organisation(slug, reader=by.reader)
    require_administration_of(organisation, by=by)
    said = {name: value.strip() for name, value in asdict(profile).items()}
    _refuse_profile(Profile(**said))
    changed = [name for name, value in said.items() if getattr(organisation, name) != value]
    if not changed:
        return organisation
    for name in changed:
        setattr(organisation, name, said[name])
    organisation.save(update_fields=changed)
    if "sector" in changed and organisation.signatures.exists():
        identities.publish_identity(organisation, changed_at=world.now())
    journal.record(
        "organisation-described",
        by=by,
        subject=organisation.stix_id,
        concerns=organisation,
        fields=sorted(changed),
    )
    seating.follow_rules(organisation, by=by)
    return organisation


@transaction.atomic
def classify_organisation(
    slug: str, *, by: Actor, is_essential: bool, is_vital: bool
) -> Organisation:
    """Say whether an organisation gives an essential service or is an operator of vital importance.

    Source: Ley 21.663 art. 4 and 5; by art. 6 an operator may be vital without giving an essential
    service. Raises Forbidden unless `by` administers the hub, and NotFound.
    """
    by.require(Power.ADMINISTER_HUB)
    organisation = queries.organisation(slug, reader=by.reader)
    organisation.is_essential, organisation.is_vital = is_essential, is_vital
    organisation.save(update_fields=["is_essential", "is_vital"])
    journal.record(
        "organisation-classified", by=by, subject=organisation.stix_id, concerns=organisation,
        is_essential=is_essential, is_vital=is_vital,
    )  # fmt: skip
    seating.follow_rules(organisation, by=by)
    return organisation


def refuse_place(*, sector: str, region: str) -> None:
    """Raise Invalid for a region that is not one of Chile's or a sector over 40 characters.

    A sector of no table is accepted: hubs have words of their own.
    """
    if region and region not in REGIONS:
        raise Invalid(
            f"Region is {region!r}; expected one of {', '.join(REGIONS)}.", field="region"
        )
    if len(sector) > LONGEST_SECTOR or not sector.isprintable():
        raise Invalid(
            f"Sector has {len(sector)} characters; expected {LONGEST_SECTOR} at most, all visible.",
            field="sector",
        )


def read_phone(text: str, *, field: str) -> str:
    """A telephone that begins with + and the country. Raises Invalid for any other."""
    phone = text.strip()
    if not _PHONE.fullmatch(phone):
        raise Invalid(
            f"The telephone is {phone[:40]!r}; expected one such as +56 2 2345 6789.", field=field
        )
    return phone


def _refuse_profile(profile: Profile) -> None:
    refuse_place(sector=profile.sector, region=profile.region)
    if profile.size and profile.size not in Organisation.Size.values:
        known = ", ".join(Organisation.Size.values)
        raise Invalid(f"Size is {profile.size!r}; expected one of {known}.", field="size")
    if profile.shows_contact not in Organisation.Contact.values:
        raise Invalid(
            f"shows_contact is {profile.shows_contact!r}; expected hub or members.",
            field="shows_contact",
        )
    if profile.security_phone:
        read_phone(profile.security_phone, field="security_phone")
    _refuse_reach(profile)


def _refuse_reach(profile: Profile) -> None:
    try:
        if profile.security_email:
            EmailValidator()(profile.security_email)
    except ValidationError:
        raise Invalid(
            f"The e-mail address is {profile.security_email[:80]!r}; expected one such as "
            "csirt@example.cl.",
            field="security_email",
        ) from None
    try:
        if profile.security_web:
            _WEB(profile.security_web)
    except ValidationError:
        raise Invalid(
            "The web address cannot be read; expected one such as https://example.cl/security.",
            field="security_web",
        ) from None
    if len(profile.security_web) > LONGEST_WEB:
        raise Invalid(
            f"The web address has {len(profile.security_web)} characters; expected "
            f"{LONGEST_WEB} at most.",
            field="security_web",
        )
