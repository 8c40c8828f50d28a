"""What happens later when somebody joins, and what is swept away."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django_tasks import task

from minga.store import world
from minga.store.objects import late_doors
from minga.store.people.models import Session, SignInLink
from minga.web import throttle


@task()
def bring_older(*, origin: int, audience: int, before_us: int) -> int:
    """Bring to a late door what its origin was shown before; the number of things brought."""
    return late_doors.bring_older(origin=origin, audience=audience, before_us=before_us)


@task()
def prepare_act(*, signature: str) -> bool:
    """Make the act of a signature; whether that was still to be done."""
    from minga.features.membership.services import acts

    return acts.prepare_act(UUID(signature))


@task()
def prepare_ceremony_act(*, ceremony: str) -> bool:
    """Make the act of a closed ceremony; whether that was still to be done."""
    from minga.features.membership.services import ceremonies

    return ceremonies.prepare_ceremony_act(UUID(ceremony))


@task()
def sweep_links() -> int:
    """Forget sign-in links, sessions and counts of tries that are over; how many."""
    now = world.now()
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    links, _ = SignInLink.objects.filter(expires_at__lt=now).delete()
    over = Q(expire_date__lt=now) | Q(seen_at__lt=idle_since)
    sessions, _ = Session.objects.filter(over).delete()
    return links + sessions + throttle.forget_old()


@task()
def end_announced_memberships() -> int:
    """End the memberships whose notice is over; how many."""
    from minga.features.membership.services import leaving

    return leaving.end_announced()


@task()
def end_replaced_versions() -> int:
    """End what was signed of versions of the agreement whose time is over; how many signatures."""
    from minga.features.membership.services import agreements

    return agreements.end_replaced_versions()


@task()
def keep_statement(departure: str) -> bool:
    """State what an organisation that left could read; False when that was done before."""
    from minga.features.membership.services import returning

    return returning.keep_statement(departure)


@task()
def decide_admissions() -> int:
    """Decide on candidates of circles whose time is over; how many."""
    from minga.features.membership.services import admissions

    return admissions.decide_due()


@task()
def close_dormant_accounts() -> int:
    """Close out who has not signed in for half a year; how many."""
    from minga.features.membership.services import returns

    return returns.close_dormant()
