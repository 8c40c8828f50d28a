"""Who belongs, and what was signed, as far as the reader may know."""

from minga.features.membership.queries.agreements import (
    Adherence,
    adherence_of,
    agreement_in_force,
    signatories,
    versions,
    who_can_sign,
)
from minga.features.membership.queries.members import (
    circle,
    circles,
    key,
    keys,
    keys_of,
    members_of,
    organisation,
    organisations,
    people,
    person,
)

__all__ = [
    "Adherence",
    "adherence_of",
    "agreement_in_force",
    "circle",
    "circles",
    "key",
    "keys",
    "keys_of",
    "members_of",
    "organisation",
    "organisations",
    "people",
    "person",
    "signatories",
    "versions",
    "who_can_sign",
]
