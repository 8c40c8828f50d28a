"""What membership sweeps away."""

from datetime import timedelta

import pytest

from minga.features.membership import jobs
from minga.store import world
from minga.store.people import credentials
from minga.store.people.models import Session, SignInLink
from tests import factories

pytestmark = pytest.mark.django_db


def test_links_and_sessions_that_are_over_are_forgotten_and_no_others():
    person = factories.person()
    credentials.create_link(person)
    credentials.create_link(person, lasts=timedelta(seconds=-1))
    for hours in (-1, 1):
        expires = world.now() + timedelta(hours=hours)
        Session.objects.create(session_key=f"k{hours}", session_data="", expire_date=expires)

    assert jobs.sweep_links.call() == 2
    assert SignInLink.objects.count() == Session.objects.count() == 1
