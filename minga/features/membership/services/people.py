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
from minga.store import locks
from minga.store.audiences.models import Seat
from minga.store.journal import services as journal
from minga.store.people import credentials
from minga.store.people.actors import Actor, Power
from minga.store.people.models import CodeApp, Identity, Organisation, Person
from minga.web import sessions

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
    that the organisation uses already, and, to the hub alone, for one that another uses: a member
    must not learn of that, so he gets an account beside the other.
    """
    require_administration_of(organisation, by=by)
    _refuse_role(draft.role, organisation)
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
    _refuse_used(person, by=by)
    person.set_unusable_password()
    person.save()
    journal.record(
        "person-created",
        by=by,
        subject=str(person.uuid),
        concerns=person.organisation,
        role=person.role,
    )
    return person


@transaction.atomic
def invite_person(draft: NewPerson, *, by: Actor, organisation: Organisation) -> tuple[Person, str]:
    """A new person and the token of the link that lets him in, which is never shown again.

    Raises what `create_person` raises.
    """
    person = create_person(draft, by=by, organisation=organisation)
    return person, create_sign_in_link(str(person.uuid), by=by)


@transaction.atomic
def change_role(named: str, role: str, *, by: Actor) -> Person:
    """Give a person another role; his sessions and one-time links end at once.

    No session keeps the old powers, and who made a link for the old role enters by it with
    none of the new. The role he has already changes nothing. Raises NotFound, Forbidden when
    `by` may not administer his organisation or lacks a power of either role, and Invalid for a
    role that cannot be or when nobody would be left to administer.
    """
    person = queries.person(named, reader=by.reader)
    require_dominance(person, by=by)
    _refuse_role(role, person.organisation)
    before = person.role
    if role == before:
        return person
    person.role = role
    _require_no_more_power(person, by=by)
    if not _administers(role, person.organisation):
        keep_somebody_besides(person, by=by)
    person.save(update_fields=["role"])
    sessions.end_all_of(person)
    person.links.filter(may_be_reused=False).delete()  # made by who need not have the new powers
    journal.record(
        "role-changed",
        by=by,
        subject=str(person.uuid),
        concerns=person.organisation,
        before=before,
        after=role,
    )
    return person


@transaction.atomic
def deactivate_person(named: str, *, by: Actor) -> Person:
    """Close the hub to a person, at once. What he shared stays his organisation's.

    Raises NotFound, Forbidden when `by` may not administer his organisation or has fewer powers
    than he, and Invalid when nobody would be left to administer. Of a member, the hub may close
    out even the last: it can invite another.
    """
    person = queries.person(named, reader=by.reader)
    require_dominance(person, by=by)
    keep_somebody_besides(person, by=by)
    end_access(person)
    journal.record(
        "person-deactivated", by=by, subject=str(person.uuid), concerns=person.organisation
    )
    return person


@transaction.atomic
def create_sign_in_link(
    named: str, *, by: Actor, lasts: timedelta = credentials.LINK_LASTS, may_be_reused: bool = False
) -> str:
    """The token of a link that signs this person in, once unless it may be reused.

    It lasts 24 hours unless told otherwise, and only its hash is kept. Raises NotFound, and
    Forbidden as `deactivate_person` does: who makes a link could use it.
    """
    person = queries.person(named, reader=by.reader)
    require_dominance(person, by=by)
    token = credentials.create_link(person, may_be_reused=may_be_reused, lasts=lasts)
    journal.record(
        "sign-in-link-created", by=by, subject=str(person.uuid), concerns=person.organisation
    )
    return token


@transaction.atomic
def reset_factors(named: str, *, by: Actor) -> tuple[Person, str]:
    """Take a person's passkeys, app, recovery codes and password away, for who has lost them all.

    His connection with an identity provider, his sessions and links end at once; he gets a new
    link, which leads to setting up others, and its token is returned. Raises NotFound, Forbidden as
    `create_sign_in_link` does, and Invalid for oneself: what one has still, one changes in one's
    own account.
    """
    person = queries.person(named, reader=by.reader)
    require_dominance(person, by=by)
    if person == by.person:
        raise Invalid("These are your own factors; change them in your account.", field="person")
    take_factors(person)
    person.save(update_fields=["password"])
    sessions.end_all_of(person)
    journal.record("factors-reset", by=by, subject=str(person.uuid), concerns=person.organisation)
    return person, create_sign_in_link(named, by=by)


def end_access(person: Person) -> None:
    """Close the hub to a person; the caller has decided that it may, and says why."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all_of(person)
    person.links.all().delete()
    Seat.objects.filter(organisation=person.organisation, person=person.pk).delete()


def take_factors(person: Person) -> None:
    """Take every factor away, and who he is at a provider: he begins anew when he comes by a link.

    Whoever had got hold of his account may have connected an account of his own with it.
    """
    Identity.objects.filter(person=person).delete()
    person.passkeys.all().delete()
    person.recovery_codes.all().delete()
    CodeApp.objects.filter(person=person).delete()
    person.links.all().delete()
    person.set_unusable_password()


def require_administration_of(organisation: Organisation, *, by: Actor) -> None:
    """Raise Forbidden unless `by` may administer the people and keys of this organisation."""
    if Power.ADMINISTER_HUB in by.powers:
        return
    by.require(Power.ADMINISTER_OWN if organisation == by.organisation else Power.ADMINISTER_HUB)


def require_dominance(person: Person, *, by: Actor) -> None:
    """Raise Forbidden unless `by` administers this person and has every power that he has."""
    require_administration_of(person.organisation, by=by)
    _require_no_more_power(person, by=by)


def roles_to_give(organisation: Organisation, *, by: Actor) -> list[str]:
    """The roles that `by` can give in this organisation: those without a power he lacks."""
    return [
        role
        for role in _roles_of(organisation)
        if Actor(organisation, person=Person(role=role)).powers <= by.powers
    ]


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
    return email


def _refuse_used(person: Person, *, by: Actor) -> None:
    """Refuse an address that is in use, as far as `by` may know that it is."""
    used = Person.objects.filter(email=person.email)
    if Power.ADMINISTER_HUB not in by.powers:
        used = used.filter(organisation=person.organisation)
    if used.exists():
        raise Conflict(f"The address {person.email} is in use; choose another.", field="email")


def _refuse_role(role: str, organisation: Organisation) -> None:
    known = _roles_of(organisation)
    if role not in known:
        raise Invalid(f"Role is {role!r}; expected one of {', '.join(known)}.", field="role")


def _roles_of(organisation: Organisation) -> list[str]:
    """Every role; a member has no administrators, those are the hub's."""
    of_hub = () if organisation.is_hub else (Person.Role.ADMINISTRATOR,)
    return [each.value for each in Person.Role if each not in of_hub]


def keep_somebody_besides(person: Person, *, by: Actor) -> None:
    """Refuse to leave the hub without administrator, or a member, by its own hand, without any."""
    home = person.organisation
    if by.organisation.is_hub and not home.is_hub:
        return
    locks.hold(f"administrators of {home.uuid}")
    keepers = [role for role in Person.Role.values if _administers(role, home)]
    others = home.people.filter(is_active=True, role__in=keepers).exclude(pk=person.pk)
    was_keeper = home.people.filter(pk=person.pk, role__in=keepers).exists()
    if was_keeper and not others.exists():
        raise Invalid(
            f"{person.email} is the last administrator of {home}; create another first.",
            field="role",
        )


def _administers(role: str, organisation: Organisation) -> bool:
    power = Power.ADMINISTER_HUB if organisation.is_hub else Power.ADMINISTER_OWN
    return power in Actor(organisation, person=Person(role=role)).powers
