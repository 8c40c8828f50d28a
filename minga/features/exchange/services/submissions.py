"""Bundles handed in by machines: worked off at once when small, soon when large."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from minga.core.problems import Problem, StorageFull
from minga.core.stix import Limits, Reading, read_envelope
from minga.features.exchange.models import Submission
from minga.features.exchange.services.contributing import Loose
from minga.features.exchange.services.outcomes import Outcome, Receipt
from minga.features.exchange.services.receiving import BATCH, receive
from minga.store import locks, world
from minga.store.audiences.models import Circle
from minga.store.files import blobs
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power

AT_ONCE = 2_000
"""How many objects are worked off while the sender waits: about a quarter of a second."""
FILES = "files of submissions"


def submit(
    body: bytes, *, by: Actor, door: Contribution.Door, circle: Circle | None = None
) -> Submission:
    """Take in an envelope or bundle, or keep it to be worked off soon when it is large.

    Either way what is acknowledged is on the disk. Raises Forbidden unless the actor may share,
    and Malformed, Invalid or TooLarge for a body that is no envelope within the limits.
    """
    by.require(Power.SHARE)
    reading = read_envelope(body, limits=limits())
    total = len(reading.documents) + len(reading.refused)
    if total > AT_ONCE:
        return _keep_for_later(body, total, by=by, door=door, circle=circle)
    with transaction.atomic():
        submission = _submission(total, by=by, door=door, circle=circle)
        _finish(submission, receive(reading, by=by, door=door, circle=circle))
    return submission


def work_off(submission: Submission) -> None:
    """Take in what was kept. Doing it again changes nothing."""
    if submission.state == Submission.State.COMPLETE:
        return
    reading = read_envelope(blobs.read(submission.file), limits=limits())
    receipt = Receipt()
    loose: Loose = {}
    for start in range(0, len(reading.documents), BATCH):
        part = Reading(reading.documents[start : start + BATCH], (), {})
        receipt += _receive(part, submission, loose)
    refused = tuple(Outcome(r.id, r.version, r.message) for r in reading.refused)
    file = submission.file
    with transaction.atomic():
        _finish(submission, receipt + Receipt(failures=refused))
    _forget_unless_waited_for(file)


def _receive(part: Reading, submission: Submission, loose: Loose) -> Receipt:
    """What becomes of a part; when its sender has lost a seat or a power meanwhile, it fails."""
    by = Actor(submission.organisation, submission.person, submission.key)
    door = Contribution.Door(submission.door)
    try:
        return receive(part, by=by, door=door, circle=submission.circle, loose=loose)
    except StorageFull:
        raise
    except Problem as problem:
        failed = (Outcome(d.id, d.version, problem.message) for d in part.documents)
        return Receipt(failures=tuple(failed))


def limits() -> Limits:
    """What a body may be, by the operator's settings."""
    return Limits(body=settings.BODY_LIMIT_BYTES)


def _keep_for_later(
    body: bytes, total: int, *, by: Actor, door: Contribution.Door, circle: Circle | None
) -> Submission:
    from minga.features.exchange import jobs

    with transaction.atomic():
        locks.hold(FILES)
        file = blobs.keep(body)
        submission = _submission(total, by=by, door=door, circle=circle, file=file)
        jobs.work_off_submission.enqueue(str(submission.uuid))
    return submission


def _forget_unless_waited_for(file: str) -> None:
    """Delete a body that was taken in; the same bytes may have been handed in again meanwhile."""
    with transaction.atomic():
        locks.hold(FILES)
        if not Submission.objects.filter(file=file).exists():
            blobs.forget(file)


def _submission(
    total: int, *, by: Actor, door: Contribution.Door, circle: Circle | None, file: str = ""
) -> Submission:
    return Submission.objects.create(
        organisation=by.organisation,
        person=by.person,
        key=by.key,
        circle=circle,
        door=door,
        received_at=world.now(),
        total=total,
        file=file,
    )


def _finish(submission: Submission, receipt: Receipt) -> None:
    submission.state = Submission.State.COMPLETE
    submission.successes = [[o.id, o.version, o.message] for o in receipt.successes]
    submission.failures = [[o.id, o.version, o.message] for o in receipt.failures]
    submission.file = ""
    submission.save(update_fields=["state", "successes", "failures", "file"])
