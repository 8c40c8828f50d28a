"""T-DOM: nobody changes the account of somebody who may more than he, or of another house.

Rights are said here a second time, apart from the program, by what each role may do.
"""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from minga.store.people.models import Key, Person
from tests import factories
from tests.security.doors.asking import IN, ask, became_of, filled
from tests.security.doors.bodies import BODIES, body_of
from tests.security.doors.rows import changed_by
from tests.security.doors.table import OF_ROLE, lines
from tests.security.doors.things import Thing

pytestmark = pytest.mark.django_db
ROLES = {
    "alfa": ("counterpart", "analyst", "reader", "director", "manager"),
    "csirt": ("counterpart", "analyst", "reader", "director", "manager", "administrator"),
}
ON_PEOPLE = [
    pytest.param(line, method, id=f"{method} {line.route}")
    for line in lines()
    for method in line.methods
    if line.thing == "person" and method != "GET"
]
CHANGED_BY = {
    "id": "nobody", "uuid": "nobody", "created_at": "nobody", "organisation": "nobody",
    "email": "nobody", "name": "nobody", "language": "himself",
    "password": "himself", "last_login": "himself",
    "role": "/people/<uuid:person>/", "is_active": "/people/<uuid:person>/close",
    "phone": "its keepers, among the contacts", "expected_since": "nobody",
    "moved_to": "/people/<uuid:person>/transfer",
    "times_shut_out": "/people/<uuid:person>/close",
}  # fmt: skip
"""Every field of an account, and who changes it: nobody at all, himself, or one of the addresses
that this test walks. A new field says here by which."""


def rights(organisation: str, role: str) -> set[str]:
    """What somebody may do, by his role; administering the hub is the hub's alone."""
    has = {power.value for power, roles in OF_ROLE.items() if role in roles}
    return has if organisation == "csirt" else has - {"administer-hub"}


def dominates(caller, organisation: str, role: str) -> bool:
    """Whether he may touch the account: as administrator of the hub, or of his own house."""
    own, theirs = rights(caller.organisation, caller.role), rights(organisation, role)
    in_charge = "administer-hub" in own or (
        caller.organisation == organisation and "administer-own" in own
    )
    return in_charge and theirs <= own


@pytest.fixture(scope="module")
def targets(town):
    """Somebody of every role, at Alfa and at the hub; not those who ask."""
    return [
        (organisation, role, factories.person(town.organisations[organisation], role=role))
        for organisation, roles in ROLES.items()
        for role in roles
    ]


@pytest.fixture(scope="module")
def before(targets, before):
    from tests.security.doors.rows import everything

    return everything()


def test_every_field_of_an_account_says_who_changes_it():
    walked = {each.values[0].route for each in ON_PEOPLE}

    assert {field.name for field in Person._meta.fields} == set(CHANGED_BY), (
        "a field of Person is new or gone: say in CHANGED_BY who changes it"
    )
    assert {each for each in CHANGED_BY.values() if each.startswith("/")} <= walked


@pytest.mark.parametrize(("line", "method"), ON_PEOPLE)
def test_who_has_fewer_rights_changes_nothing_of_an_account(line, method, town, targets, before):
    for (organisation, role, person), caller in itertools.product(targets, town.callers):
        if not line.lets_in(caller):
            continue
        path = filled(line.route, {"person": str(person.uuid)})
        body = body_of(method, line.route, Thing("", {}))
        answer, changed = changed_by(partial(ask, caller, method, path, body), before)
        may = dominates(caller, organisation, role)
        assert may or became_of(answer) != IN, f"{caller.name} on {role} of {organisation}"
        assert may or not changed, f"{caller.name} on {role} of {organisation}: {changed}"
        assert may or "/sign-in/" not in answer.content.decode().replace("/sign-in/?", "")


@pytest.mark.parametrize("role", ROLES["csirt"])
def test_nobody_gives_a_role_that_may_more_than_he(role, town, targets, before):
    """By an invitation, or to somebody who is there."""
    reader = next(p for o, r, p in targets if (o, r) == ("alfa", "reader"))
    of_hub = next(p for o, r, p in targets if (o, r) == ("csirt", "reader"))
    invited = BODIES["POST /people/invite"] | {"role": role}
    for caller in town.callers:
        if not caller.is_person or not caller.is_alive:
            continue
        own, wanted = rights(caller.organisation, caller.role), rights(caller.organisation, role)
        member_has_no_such = role == "administrator" and caller.organisation != "csirt"
        may = "administer-own" in own and wanted <= own and not member_has_no_such
        answer, changed = changed_by(
            partial(ask, caller, "POST", "/people/invite", invited), before
        )
        assert (became_of(answer) == IN) == may, caller.name
        assert may or not changed, caller.name
        for person in (reader, of_hub):
            answer, changed = changed_by(
                partial(ask, caller, "POST", f"/people/{person.uuid}/", {"role": role}), before
            )
            gained = {t for t, pk in changed if t == "people_person"} and not rights(
                person.organisation.slug, role
            ) <= own
            assert not gained, f"{caller.name} made {role} of {person}"


def test_a_key_never_reaches_further_than_who_makes_it(town, before):
    """Who may not share makes no key that shares."""
    body = BODIES["POST /keys/new"] | {"can_share": "on"}
    for name in ("epsilon counterpart", "alfa counterpart"):
        caller = next(each for each in town.callers if each.name == name)
        _, changed = changed_by(partial(_made_key, caller, body), before)
        assert changed
    assert not _made_key(next(c for c in town.callers if c.name == "epsilon counterpart"), body)
    assert _made_key(next(c for c in town.callers if c.name == "alfa counterpart"), body)


def _made_key(caller, body) -> bool:
    assert ask(caller, "POST", "/keys/new", body).status_code == 200
    return Key.objects.latest("pk").can_share
