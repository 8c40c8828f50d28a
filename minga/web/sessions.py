"""Who is signed in, and how that begins, is proved anew and ends.

A session is begun by `arrive`, which is told by which ways somebody showed who he is. When they are
not enough it is a *half session*: `actor_of` knows nobody in it, so every door stays closed but
those of `Entrance.ARRIVING`, where the second factor is asked for or set up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from minga.store import world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Person, Session
from minga.web import browsers, proofs
from minga.web.proofs import Standing, Way
from minga.web.session_store import ABOUT, SessionStore, row_of
from minga.web.sources import address_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
STANDS_FOR, WAYS, PROVED_AT, ARRIVING = "stands_for", "ways", "proved_at", "arriving"
PROVED_BY = "proved_by"
HALF_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody in a half session: who, by which ways so far, and where he wants to go."""

    person: Person
    ways: frozenset[Way]
    following: str

    @property
    def standing(self) -> Standing:
        """What he may do now: show his second factor, or set one up."""
        return proofs.standing(self.person, self.ways)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions, as a page shows it."""

    row: Session
    ways: list[str]
    is_here: bool


@transaction.atomic
def arrive(
    request: HttpRequest,
    person: Person,
    *,
    ways: Collection[Way],
    following: str = "/",
    shown_at: datetime | None = None,
) -> Standing:
    """Begin a session of this person by these ways and those met before in his half session.

    Full when `proofs.standing` says so, else half. `following` is the path he asked for, and
    `shown_at` when a provider asked him who he is, if it says so. The key of the session is always
    new, so that who planted one holds nothing.
    """
    before = arrival_of(request)
    met = frozenset(ways)
    if before is not None and before.person == person:
        met, following = met | before.ways, before.following
    reached = proofs.standing(person, met)
    request.session.flush()
    if reached == Standing.FULL:
        _sign_in(request, person, met, shown_at)
    else:
        request.session[ARRIVING] = {
            "person": person.pk, "stands_for": _stands_for(person), "ways": sorted(met),
            "following": following,
        }  # fmt: skip
        request.session.set_expiry(world.now() + HALF_LASTS)
        rotate_token(request)
    _forget_who_it_was(request)
    return reached


def sign_out(request: HttpRequest) -> None:
    """End the session at the server; its cookie is worth nothing from here on."""
    auth.logout(request)
    _forget_who_it_was(request)


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, or None; looked up once a request. A half session is nobody.

    A session is over at once when its person is switched off or shut out, changes organisation or
    role, or when the organisation leaves. Django itself ends it when the password changes.
    """
    if "_actor" not in request.__dict__:
        request.__dict__["_actor"] = _look_up(request)
    found: Actor | None = request.__dict__["_actor"]
    return found


def arrival_of(request: HttpRequest) -> Arrival | None:
    """Who is arriving in a half session, or None; looked up once a request."""
    if "_arrival" not in request.__dict__:
        request.__dict__["_arrival"] = _look_up_arrival(request)
    found: Arrival | None = request.__dict__["_arrival"]
    return found


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in proved who he is within the last 15 minutes.

    A session of a demo link is as good as fresh while its person has no factor of his own: there
    is nothing he could prove it by. That, and `proofs.standing`, is all that a demo spares.
    """
    actor = actor_of(request)
    if actor is None or actor.person is None:
        return False
    if Way.DEMO_LINK in request.session.get(WAYS, ()):
        return not proofs.factors_of(actor.person).is_any or _was_just_proved(request)
    return _was_just_proved(request)


def factor_of(request: HttpRequest) -> str:
    """The second factor by which whoever is signed in last proved who he is; empty for none."""
    session = request.session
    met = {session[PROVED_BY]} if PROVED_BY in session else set(session.get(WAYS, ()))
    return next((str(way) for way in proofs.SECOND_FACTORS if way in met), "")


@transaction.atomic
def prove(request: HttpRequest, *, by: Actor, way: Way) -> None:
    """Note that whoever is signed in has just proved who he is; the session gets a new key."""
    request.session[PROVED_AT] = world.now().timestamp()
    request.session[PROVED_BY] = way
    request.session.cycle_key()
    journal.record("identity-confirmed", by=by, subject=_id_of(by), way=way)


@transaction.atomic
def end_others(request: HttpRequest, *, by: Actor) -> None:
    """End every other session of the actor's, those half begun too; this one gets a new key."""
    person = _person_of(by)
    end_all_of(person)
    request.session[STANDS_FOR] = _stands_for(person)
    request.session.cycle_key()
    request.session.save()


@transaction.atomic
def end_all(request: HttpRequest, *, by: Actor) -> None:
    """End every session of the actor's, this one too."""
    end_all_of(_person_of(by))
    journal.record("sessions-closed", by=by, subject=_id_of(by), which="all")
    sign_out(request)


@transaction.atomic
def end_one(session: UUID, *, by: Actor) -> bool:
    """End one session of the actor's; false when he has none of this id."""
    ended, _ = Session.objects.filter(person=_person_of(by), uuid=session).delete()
    if ended:
        journal.record("sessions-closed", by=by, subject=_id_of(by), which="one")
    return bool(ended)


def note_closing(*, by: Actor, which: str) -> None:
    """Write down that the actor closed sessions of his."""
    journal.record("sessions-closed", by=by, subject=_id_of(by), which=which)


def end_all_of(person: Person) -> None:
    """End every session of a person, those half begun too."""
    Person.objects.filter(pk=person.pk).update(times_shut_out=F("times_shut_out") + 1)
    person.refresh_from_db(fields=["times_shut_out"])
    Session.objects.filter(person=person).delete()


def open_sessions(request: HttpRequest, *, by: Actor) -> list[OpenSession]:
    """The actor's own sessions that are not over, this one first, then the last seen."""
    now = world.now()
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    rows = Session.objects.filter(
        person=_person_of(by), expire_date__gt=now, seen_at__gt=idle_since
    ).order_by("-seen_at")
    here = row_of(request.session.session_key or "")
    listed = [OpenSession(row, row.way.split(), is_here=row.pk == here) for row in rows]
    return sorted(listed, key=lambda each: not each.is_here)


def _sign_in(
    request: HttpRequest, person: Person, ways: frozenset[Way], shown_at: datetime | None
) -> None:
    now = world.now()
    auth.login(request, person, backend=BACKEND)
    request.session.update(
        {
            STANDS_FOR: _stands_for(person),
            WAYS: sorted(ways),
            PROVED_AT: _proved_at(person, ways, shown_at),
            ABOUT: _about(request, person, ways),
        }
    )
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_SECONDS))
    by = Actor(organisation=person.organisation, person=person)
    journal.record("signed-in", by=by, subject=str(person.uuid), way=" ".join(sorted(ways)))


def _proved_at(person: Person, ways: frozenset[Way], shown_at: datetime | None) -> float:
    """When he showed it as what reaches far asks, in seconds since 1970; 0 is never.

    To the hub itself, or else to his provider when he has no factor here. A provider may send
    somebody back without asking him anything: whoever finds an open browser signs out and in again
    by it. So its word holds from when it says that it asked, and one that does not say is none.
    """
    if not ways.isdisjoint({Way.PASSKEY, Way.CODE, Way.RECOVERY, Way.DEMO_LINK}):
        return world.now().timestamp()
    if shown_at is None or proofs.factors_of(person).is_any:
        return 0
    return shown_at.timestamp()


def _about(request: HttpRequest, person: Person, ways: frozenset[Way]) -> dict[str, Any]:
    return {
        "uuid": str(world.random_uuid()),
        "person_id": person.pk,
        "begun_at": world.now().isoformat(),
        "way": " ".join(sorted(ways)),
        "browser": browsers.named(request.headers.get("User-Agent", "")),
        "address": address_of(request)[:64],
    }


def _look_up(request: HttpRequest) -> Actor | None:
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or request.session.get(STANDS_FOR) != _stands_for(person):
        return None
    if person.organisation.left_at is not None:
        return None
    if isinstance(request.session, SessionStore):
        request.session.note_seen()
    return Actor(organisation=person.organisation, person=person)


def _look_up_arrival(request: HttpRequest) -> Arrival | None:
    session = getattr(request, "session", None)
    kept = session.get(ARRIVING) if session is not None else None
    if kept is None:
        return None
    found = Person.objects.select_related("organisation").filter(
        pk=kept["person"], is_active=True, organisation__left_at=None
    )
    person = found.first()
    if person is None or kept["stands_for"] != _stands_for(person):
        return None
    return Arrival(person, frozenset(map(Way, kept["ways"])), kept["following"])


def _was_just_proved(request: HttpRequest) -> bool:
    ago = world.now().timestamp() - request.session.get(PROVED_AT, 0)
    return bool(0 <= ago < settings.PROOF_SECONDS)


def _forget_who_it_was(request: HttpRequest) -> None:
    for name in ("_actor", "_arrival"):
        request.__dict__.pop(name, None)


def _person_of(by: Actor) -> Person:
    if by.person is None:
        raise TypeError("A key has no session.")
    return by.person


def _id_of(by: Actor) -> str:
    return str(_person_of(by).uuid)


def _stands_for(person: Person) -> str:
    return f"{person.organisation_id} {person.role} {person.times_shut_out}"
