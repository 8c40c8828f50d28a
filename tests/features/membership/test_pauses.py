"""Who was not let into a circle comes up again only after its pause."""

from datetime import timedelta

import pytest

from minga.core.problems import Invalid
from minga.features.membership import services
from minga.features.membership.models import Admission
from minga.features.membership.services import Joining
from minga.features.membership.services.admissions import TooSoon
from minga.store import world
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords
from tests.features.membership.test_admissions import again, circle_of, counterpart, operator

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db


def test_who_was_objected_to_is_proposed_again_only_after_the_pause():
    steward, member, candidate = counterpart(), counterpart(), counterpart()
    circle = circle_of(steward, member, way="sponsor", is_listed=True)
    named = {"by": again(member), "organisation": candidate.organisation}
    case = services.propose_to_circle(circle.slug, **named)
    services.object_to_admission(case.uuid, by=again(steward))

    with pytest.raises(TooSoon, match="lately; it may come up again from") as refused:
        services.propose_to_circle(circle.slug, **named)
    asked = services.ask_to_join(circle.slug, by=candidate)  # it knows of no refusal
    with pytest.raises(TooSoon):
        services.sponsor_admission(asked.uuid, by=again(member))
    case.refresh_from_db()
    assert refused.value.until - case.decided_at == timedelta(days=30)

    Admission.objects.filter(pk=case.pk).update(decided_at=world.now() - timedelta(days=30))
    assert services.sponsor_admission(asked.uuid, by=again(member)).decides_at


def test_each_circle_says_how_long_its_pause_is():
    one, candidate = counterpart(), counterpart()
    circle = circle_of(one, counterpart(), way="vote", is_listed=True)
    first = services.ask_to_join(circle.slug, by=candidate)
    services.vote(first.uuid, by=again(one), in_favour=False)
    with pytest.raises(TooSoon):
        services.ask_to_join(circle.slug, by=candidate)

    joining = Joining(admission="vote", is_listed=True, pause_days=0)
    services.change_joining(circle.slug, joining, by=operator())

    assert services.ask_to_join(circle.slug, by=candidate).state == "open"
    for days in (-1, 366):
        with pytest.raises(Invalid, match=f"pause is {days} days"):
            Joining(admission="vote", pause_days=days).check()


def test_who_was_declined_because_the_way_changed_comes_up_again_at_once():
    candidate = counterpart()
    circle = circle_of(counterpart(), counterpart(), way="vote", is_listed=True)
    services.ask_to_join(circle.slug, by=candidate)
    services.change_joining(
        circle.slug, Joining(admission="sponsor", is_listed=True), by=operator()
    )

    assert services.ask_to_join(circle.slug, by=candidate).state == "open"


def test_pages_say_from_when_on():
    steward, member, candidate = counterpart(), counterpart(), counterpart()
    circle = circle_of(steward, member, way="sponsor", is_listed=True)
    case = services.propose_to_circle(
        circle.slug, by=again(member), organisation=candidate.organisation
    )
    services.object_to_admission(case.uuid, by=again(steward))
    name = candidate.organisation.name

    for language, said in (("en", "was not let in lately"), ("es", "no fue admitida hace poco")):
        answer = signed_in(again(member), language).post(
            f"/circles/{circle.slug}/propose", {"organisation": candidate.organisation.slug},
            follow=True,
        )  # fmt: skip
        assert f"{name} {said}" in words(answer)
    assert Admission.objects.count() == 1
