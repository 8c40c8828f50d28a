"""Trying what somebody shows for who he is: counted first, then looked at, noted if wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from minga.web import codes, passkeys, proofs, throttle
from minga.web.proofs import Way
from minga.web.sources import address_of

FIELDS = {
    "proof_passkey": Way.PASSKEY,
    "proof_code": Way.CODE,
    "proof_recovery": Way.RECOVERY,
}
LONGEST = 100
_WRONG: dict[Way, Promise] = {
    Way.PASSKEY: gettext_lazy("That passkey did not prove it. Try again."),
    Way.CODE: gettext_lazy("That is not the code your app shows now, or it was used already."),
    Way.RECOVERY: gettext_lazy("That is not one of your unused recovery codes."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try: the way that proved it, or the status and the words of the refusal."""

    way: Way | None = None
    status: int = 200
    says: str = ""


def is_tried(request: HttpRequest) -> bool:
    """Whether a proof came with this form."""
    return request.method == "POST" and bool(FIELDS.keys() & request.POST.keys())


def ways_of(person: Person) -> frozenset[Way]:
    """By which of his own factors this person can show who he is."""
    factors = proofs.factors_of(person)
    found = {Way.PASSKEY} if factors.has_passkey else set()
    if factors.has_app:
        found.add(Way.CODE)
    if codes.recovery_codes_left(person):
        found.add(Way.RECOVERY)
    return frozenset(found)


def try_proof(
    request: HttpRequest, person: Person, *, ways: Collection[Way], is_inside: bool
) -> Outcome:
    """Try what came with the form against one of these ways of this person.

    `is_inside`: he is signed in and shows it once more; else he is arriving.
    """
    field = next((name for name in FIELDS if request.POST.get(name, "").strip()), "")
    way = FIELDS.get(field)
    if way is None or way not in ways:
        return Outcome(status=422, says=_("Use your passkey, or write a code."))
    if not _is_let_try(person, way, source=address_of(request)):
        says = _("Too many tries. Wait %(minutes)d minutes, or use another way.")
        return Outcome(status=429, says=says % {"minutes": throttle.WAIT_MINUTES})
    wrong = _look_at(request, person, way, request.POST[field])
    if wrong:
        _note_failure(person, is_inside=is_inside, way=way, reason=wrong)
        return Outcome(status=422, says=str(_WRONG[way]))
    return Outcome(way)


def _note_failure(person: Person, *, is_inside: bool, way: Way, reason: str) -> None:
    """Write it down for his organisation. Nobody acted: whoever it was, he did not show it."""
    by, subject = Actor(organisation=person.organisation), str(person.uuid)
    if is_inside:
        journal.record("confirmation-failed", by=by, subject=subject, way=way, reason=reason)
    else:
        journal.record("sign-in-failed", by=by, subject=subject, way=way, reason=reason)


def _is_let_try(person: Person, way: Way, *, source: str) -> bool:
    if way is Way.PASSKEY:
        return throttle.take_a_passkey(source=source)
    return throttle.take_a_code(person, kind=way, source=source)


def _look_at(request: HttpRequest, person: Person, way: Way, typed: str) -> str:
    """Nothing when it is right, else what was wrong with it."""
    if way is Way.PASSKEY:
        return _look_at_passkey(request, person, typed)
    take = codes.take if way is Way.CODE else codes.take_recovery_code
    if not take(person, code=typed[:LONGEST]):
        return "wrong"
    throttle.forgive_codes(person, kind=way)
    return ""


def _look_at_passkey(request: HttpRequest, person: Person, answer: str) -> str:
    try:
        passkey = passkeys.whose(request, answer=answer)
    except passkeys.Refused as refusal:
        return str(refusal)[:LONGEST]
    return "" if passkey.person_id == person.pk else "The passkey is another person's."
