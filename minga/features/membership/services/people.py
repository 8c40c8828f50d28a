"""People come, go, and get the link that lets them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from minga.core.problems import Conflict, Forbidden, Invalid
from minga.features.membership import queries
from minga.features.membership.services.names import read_name
from minga.store.audiences.models import Seat
from minga.store.journal import services as journal
from minga.store.people import credentials
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation, Person

LANGUAGES = ("es", "en")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who is to act for an organisation."""

    name: str
    email: str
    role: str = Person.Role.ANALYST
    language: str = "es"


@transaction.atomic
def create_person(draft: NewPerson, *, by: Actor, organisation: Organisation) -> Person:
    """A new person of this organisation. He signs in by a link; there is no password yet.

    Raises Forbidden when `by` may not administer the organisation or the role has powers he
    lacks, Invalid for a name, address, role or language that cannot be, Conflict for an address
    that is in use.
    """
    require_administration_of(organisation, by=by)
    if draft.role not in Person.Role.values:
        raise Invalid(
            f"Role is {draft.role!r}; expected one of {', '.join(Person.Role.values)}.",
            field="role",
        )
    if draft.language not in LANGUAGES:
        raise Invalid(f"Language is {draft.language!r}; expected es or en.", field="language")
    person = Person(
        organisation=organisation,
        name=read_name(draft.name, field="name"),
        email=_read_email(draft.email),
        role=draft.role,
        language=draft.language,
    )
    _require_no_more_power(person, by=by)
    person.set_unusable_password()
    person.save()
    journal.record("person-created", by=by, subject=str(person.uuid), role=person.role)
    return person


@transaction.atomic
def deactivate_person(email: str, *, by: Actor) -> Person:
    """Close the hub to a person, at once. What he shared stays his organisation's.

    Raises NotFound, Forbidden when `by` may not administer his organisation or has fewer powers
    than he, and Invalid when nobody would be left to administer the hub.
    """
    person = queries.person(email, reader=by.reader)
    require_administration_of(person.organisation, by=by)
    _require_no_more_power(person, by=by)
    if _is_last_administrator(person):
        raise Invalid(f"{person.email} is the hub's last administrator; create another first.")
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.links.all().delete()
    Seat.objects.filter(organisation=person.organisation, person=person.pk).delete()
    journal.record("person-deactivated", by=by, subject=str(person.uuid))
    return person


@transaction.atomic
def create_sign_in_link(
    email: str, *, by: Actor, lasts: timedelta = credentials.LINK_LASTS, may_be_reused: bool = False
) -> str:
    """The token of a link that signs this person in, once unless it may be reused.

    It lasts 24 hours unless told otherwise, and only its hash is kept. Raises NotFound, and
    Forbidden as `deactivate_person` does: who makes a link could use it.
    """
    person = queries.person(email, reader=by.reader)
    require_administration_of(person.organisation, by=by)
    _require_no_more_power(person, by=by)
    token = credentials.create_link(person, may_be_reused=may_be_reused, lasts=lasts)
    journal.record("sign-in-link-created", by=by, subject=str(person.uuid))
    return token


def require_administration_of(organisation: Organisation, *, by: Actor) -> None:
    """Raise Forbidden unless `by` may administer the people and keys of this organisation."""
    if Power.ADMINISTER_HUB in by.powers:
        return
    by.require(Power.ADMINISTER_OWN if organisation == by.organisation else Power.ADMINISTER_HUB)


def _require_no_more_power(person: Person, *, by: Actor) -> None:
    excess = Actor(organisation=person.organisation, person=person).powers - by.powers
    if excess:
        raise Forbidden(
            f"As {person.role}, {person.email} has powers that you lack "
            f"({', '.join(sorted(excess))}); ask an administrator of the hub.",
            field="role",
        )


def _read_email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(
            f"The e-mail address is {text!r}; expected one such as ana@example.cl.", field="email"
        ) from None
    if Person.objects.filter(email=email).exists():
        raise Conflict(f"The address {email} is in use; choose another.", field="email")
    return email


def _is_last_administrator(person: Person) -> bool:
    administrators = Person.objects.filter(
        organisation__role=Organisation.Role.HUB,
        role=Person.Role.ADMINISTRATOR,
        is_active=True,
    )
    return set(administrators) == {person}
