"""The demo's guest book: how to enter as each organisation and person."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction

from minga.faces.cli import acting
from minga.faces.cli.sign_in import demo_url
from minga.features.membership import queries, services
from minga.features.membership.services import MOST_DAYS
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, Person

Access: TypeAlias = dict[str, Any]


def path() -> Path:
    """Where the guest book lies."""
    return Path(settings.HOME) / "access.json"


def read() -> Access | None:
    """The guest book, with the hub's present address in its links; None before it is written."""
    if not path().exists():
        return None
    text = path().read_text("utf-8")
    access: Access = json.loads(text)
    if access["url"] != settings.URL:
        access = json.loads(text.replace(access["url"], settings.URL))
        _write(access)
    return access


@transaction.atomic
def open_doors() -> Access:
    """Give every organisation a key and every person a link that may be used again; write both."""
    by = acting.hub()
    access = {
        "url": settings.URL,
        "organisations": [_of(each, by=by) for each in queries.organisations(reader=by.reader)],
    }
    _write(access)
    return access


def one_of_each_role(access: Access) -> Iterator[tuple[str, str, str, str]]:
    """(role, person, organisation, link) of one person of each role, the hub's first."""
    seen: set[tuple[str, str]] = set()
    for organisation in access["organisations"]:
        for person in organisation["people"]:
            role = (organisation["role"], person["role"])
            if role not in seen:
                seen.add(role)
                yield (
                    f"{organisation['role']}, {person['role']}",
                    person["name"],
                    organisation["name"],
                    person["sign_in_url"],
                )


def _of(organisation: Organisation, *, by: Actor) -> Access:
    _, secret = services.create_key(
        organisation, by=by, name="demo", scope=services.Scope(can_share=True), days=MOST_DAYS
    )
    people = queries.people(reader=by.reader).filter(organisation=organisation)
    return {
        "name": organisation.name,
        "slug": organisation.slug,
        "role": organisation.role,
        "key": secret,
        "people": [_person(each, by=by) for each in people],
    }


def _person(person: Person, *, by: Actor) -> Access:
    token = services.create_sign_in_link(
        str(person.uuid), by=by, lasts=timedelta(days=MOST_DAYS), may_be_reused=True
    )
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "sign_in_url": demo_url(token),
    }


def _write(access: Access) -> None:
    """Whole or not at all, and for the hub's user alone: it holds every key of the demo."""
    partial = path().with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(access, file, ensure_ascii=False, indent=2)
    partial.replace(path())
