"""Who may know of whom."""

import pytest

from minga.core.policy import PUBLIC
from minga.core.problems import NotFound
from minga.features.membership import queries
from minga.store.people.actors import Actor
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    """The hub, two members with a person and a key each, and a circle of the first."""
    hub, one, two = factories.hub(), factories.organisation(), factories.organisation()
    for organisation in (hub, one, two):
        factories.person(organisation)
        factories.key_of(organisation)
    return hub, one, two, factories.circle(one)


def seen_by(organisation):
    reader = Actor(organisation=organisation).reader
    return {
        "people": {p.organisation for p in queries.people(reader=reader)},
        "keys": {k.organisation for k in queries.keys(reader=reader)},
        "circles": list(queries.circles(reader=reader)),
    }


def test_the_hub_knows_everybody(community):
    hub, one, two, circle = community

    assert seen_by(hub) == {"people": {hub, one, two}, "keys": {hub, one, two}, "circles": [circle]}


def test_a_member_knows_his_own_people_keys_and_circles(community):
    _, one, two, circle = community

    assert seen_by(one) == {"people": {one}, "keys": {one}, "circles": [circle]}
    assert seen_by(two) == {"people": {two}, "keys": {two}, "circles": []}


def test_members_know_each_others_names(community):
    hub, one, two, _ = community

    assert list(queries.organisations(reader=Actor(organisation=two).reader)) == [hub, one, two]


def test_the_public_knows_nobody(community):
    for query in (queries.organisations, queries.people, queries.keys, queries.circles):
        assert not query(reader=PUBLIC).exists()


def test_what_is_out_of_sight_reads_like_what_does_not_exist(community):
    _, one, two, circle = community
    reader = Actor(organisation=two).reader
    hidden = [
        (queries.person, one.people.get().email),
        (queries.key, one.keys.get().locator),
        (queries.circle, circle.slug),
    ]

    for query, name in hidden:
        with pytest.raises(NotFound) as unseen:
            query(name, reader=reader)
        with pytest.raises(NotFound) as unknown:
            query("unknown", reader=reader)
        assert unseen.value.message.replace(name, "unknown") == unknown.value.message


def test_a_circles_members_are_unknown_outside(community):
    _, one, two, circle = community

    assert not queries.members_of(circle, reader=Actor(organisation=two).reader).exists()
    assert list(queries.members_of(circle, reader=Actor(organisation=one).reader)) == [one]
