"""Giving back: I saw it too, and what became of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.problems import Invalid
from minga.core.stix import read_envelope
from minga.features.exchange.services import drafts, placing
from minga.features.exchange.services.drafts import Author
from minga.features.exchange.services.incoming import prepare
from minga.features.exchange.services.placing import Shown
from minga.store import world
from minga.store.audiences import seats
from minga.store.journal import services as journal
from minga.store.objects import queries
from minga.store.objects.keeping import Fate, hold, keep
from minga.store.objects.models import Contribution, Feedback, Sighting, Version
from minga.store.people.actors import Actor, Power

MAX_COUNT = 999_999_999
NOTE_LENGTH = 2_000


@transaction.atomic
def report_sighting(
    stix_id: str,
    *,
    by: Actor,
    count: int,
    first_seen_at: datetime,
    last_seen_at: datetime,
    is_named: bool = False,
) -> Sighting:
    """Record that the actor's organisation saw an object at work, as a STIX sighting.

    `count` is events, from 1 to 999,999,999; times are aware, the last inclusive and not in the
    future. By default only the own organisation reads who saw it, and others one more in a
    count; `is_named` shows it to everybody who reads the object. The same times and count again
    are the same sighting.

    Raises NotFound if the object is out of sight, and Invalid if count or times break a rule.
    Source: STIX 2.1, section 5.2; a count of 0 is legal there and refused here, because it
    would count as activity.
    """
    by.require(Power.SHARE)
    hold(by.organisation)
    seen = queries.newest(stix_id, reader=by.reader)
    _check(count, first_seen_at, last_seen_at)
    same = _said_before(stix_id, count, first_seen_at, last_seen_at, by=by)
    if same is not None:
        return same
    rule = _audience(seen, by=by, is_named=is_named)
    identity = by.organisation.stix_id
    made = Author(identity, world.now(), rule.tlp).sdo(
        "sighting",
        sighting_of_ref=stix_id,
        first_seen=world.stix_time(first_seen_at),
        last_seen=world.stix_time(last_seen_at),
        count=count,
        where_sighted_refs=[identity],
    )
    version = _publish(made, rule, seen, by=by)
    journal.record("sighting-reported", by=by, subject=stix_id, count=count)
    return Sighting.objects.get(version=version)


@transaction.atomic
def give_feedback(
    stix_id: str, *, by: Actor, verdict: Feedback.Verdict, note: str = ""
) -> Feedback:
    """Tell an object's producer what became of it: false positive, expired, mitigated…

    The producer reads who says so and the note; others only that somebody did. Saying it again
    replaces the note. Raises NotFound if the object is out of sight, and Invalid for a note over
    2,000 characters.
    """
    by.require(Power.SHARE)
    queries.newest(stix_id, reader=by.reader)
    if len(note) > NOTE_LENGTH or "\x00" in note:
        raise Invalid(f"The note has {len(note)} characters; at most {NOTE_LENGTH}.", field="note")
    if verdict not in Feedback.Verdict.values:
        known = ", ".join(Feedback.Verdict.values)
        raise Invalid(f"The verdict is {verdict!r}; expected one of {known}.", field="verdict")
    feedback, _ = Feedback.objects.update_or_create(
        stix_id=stix_id,
        said_by=by.organisation,
        verdict=verdict,
        defaults={"note": note, "at": world.now()},
    )
    journal.record("feedback-given", by=by, subject=stix_id, verdict=str(verdict))
    return feedback


def _check(count: int, first_seen_at: datetime, last_seen_at: datetime) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise Invalid(f"count is {count}; expected 1 to {MAX_COUNT} events.", field="count")
    if last_seen_at < first_seen_at:
        raise Invalid("last_seen_at is before first_seen_at; swap them?", field="last_seen_at")
    if last_seen_at > world.now():
        raise Invalid(
            "last_seen_at is in the future; expected now or earlier.", field="last_seen_at"
        )


def _said_before(
    stix_id: str, count: int, first_seen_at: datetime, last_seen_at: datetime, *, by: Actor
) -> Sighting | None:
    return Sighting.objects.filter(
        stix_id=stix_id,
        seen_by=by.organisation,
        count=count,
        first_seen_us=world.to_us(first_seen_at),
        last_seen_us=world.to_us(last_seen_at),
    ).first()


def _audience(seen: Version, *, by: Actor, is_named: bool) -> policy.Audience:
    """The sender alone; or, when he gives his name, who reads what he saw."""
    if not is_named:
        return policy.Audience(Tlp(max(seen.tlp, Tlp.AMBER_STRICT))).naming(by.organisation.pk)
    audience = queries.audiences_showing(seen, reader=by.reader)[0]
    return seats.rule_of(audience).naming(by.organisation.pk)


def _publish(
    made: drafts.Properties, rule: policy.Audience, seen: Version, *, by: Actor
) -> Version:
    incoming, _ = prepare(
        read_envelope(drafts.encode([made])).documents, by=by, address=lambda _: rule
    )
    audience = seats.intern(rule).pk
    kept = keep([each.version for each in incoming], producer=by.organisation)[0]
    version = Version.objects.get(pk=kept.pk)
    carriers = queries.contributions(reader=by.reader).filter(carried__version=seen)
    carrier = carriers.first() or Contribution(kind=Contribution.Kind.INDICATORS)
    shown = Shown(incoming[0], version.pk, kept.fate is Fate.NEW)
    placing.place([(carrier, shown, audience)], producer=by.organisation)
    return version
