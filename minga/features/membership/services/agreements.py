"""Versions of the agreement come, come into force and end."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from minga.core import agreement as core
from minga.core.problems import Conflict, NotFound
from minga.features.membership.models import AgreementVersion
from minga.features.membership.services import adherence
from minga.store import locks, world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power

SHIPPED = Path(__file__).parents[1] / "agreements"
VERSIONS = "versions of the agreement"
State = AgreementVersion.State


@transaction.atomic
def load_agreement(source: str, *, by: Actor) -> AgreementVersion:
    """A new version, proposed: everybody can read it, nobody is bound by it yet.

    Loading the same text again changes nothing. Raises Forbidden unless `by` administers the
    hub, Malformed or Invalid for a text that is no agreement, Conflict unless its version is the
    one after the newest.
    """
    by.require(Power.ADMINISTER_HUB)
    locks.hold(VERSIONS)
    agreement = core.read(source)
    digest = hashlib.sha256(source.encode()).digest()
    newest = AgreementVersion.objects.order_by("-version").first()
    if newest is not None and bytes(newest.digest) == digest:
        return newest
    due = newest.version + 1 if newest else 1
    if agreement.version != due:
        raise Conflict(
            f"The text says that it is version {agreement.version}; expected {due}, the one after "
            "the newest here.",
            field="version",
        )
    loaded = AgreementVersion.objects.create(version=due, source=source, digest=digest)
    journal.record("agreement-proposed", by=by, subject=str(loaded.version))
    return loaded


def load_shipped_agreement(name: str, *, by: Actor) -> AgreementVersion:
    """The same with a text that comes with Minga. Raises NotFound besides."""
    texts = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if name not in texts:
        names = ", ".join(sorted(texts))
        raise NotFound(f"No agreement {name!r} comes with Minga; expected {names}, or a file.")
    return load_agreement(texts[name].read_text("utf-8"), by=by)


@transaction.atomic
def put_in_force(version: int, *, by: Actor) -> AgreementVersion:
    """From now on this version is the one to sign.

    Who signed the version before keeps what it grants until the objection period of the new one
    is over; then it ends. Raises Forbidden unless `by` administers the hub, NotFound, and
    Conflict for a version that is in force or replaced.
    """
    by.require(Power.ADMINISTER_HUB)
    locks.hold(VERSIONS)
    coming = AgreementVersion.objects.filter(version=version).first()
    if coming is None:
        raise NotFound(f"There is no version {version} of the agreement; load it first.")
    if coming.state != State.PROPOSED:
        raise Conflict(f"Version {version} is {coming.state} already.")
    now = world.now()
    days = next(
        (
            clause.effects.objection_days
            for clause in coming.agreement.clauses
            if clause.effects.objection_days is not None
        ),
        0,
    )
    AgreementVersion.objects.filter(state=State.IN_FORCE).update(
        state=State.REPLACED, ends_at=now + timedelta(days=days)
    )
    coming.state, coming.in_force_at = State.IN_FORCE, now
    coming.save(update_fields=["state", "in_force_at"])
    journal.record("agreement-in-force", by=by, subject=str(version))
    return coming


def end_replaced_versions() -> int:
    """End what was signed of versions whose time is over; how many signatures."""
    over = AgreementVersion.objects.filter(state=State.REPLACED, ends_at__lte=world.now())
    return sum(adherence.end_signatures_of(version) for version in over)
