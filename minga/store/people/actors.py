"""Who acts, for whom and with which powers. Every service takes one as `by`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connection

from minga.core.policy import OF_CLAUSES, Power, Reader, Tlp
from minga.core.problems import Forbidden
from minga.store.people.models import Key, Organisation, Person

__all__ = ["Actor", "Power"]

_OF_ROLE: dict[str, frozenset[Power]] = {
    Person.Role.COUNTERPART: frozenset({Power.SHARE, Power.SIGN, Power.ADMINISTER_OWN}),
    Person.Role.ANALYST: frozenset({Power.SHARE}),
    Person.Role.READER: frozenset(),
    Person.Role.DIRECTOR: frozenset({Power.SIGN}),
    Person.Role.MANAGER: frozenset({Power.SHARE, Power.ADMINISTER_OWN}),
    Person.Role.ADMINISTRATOR: frozenset({Power.SHARE, Power.SIGN, Power.ADMINISTER_OWN}),
}


_CIRCLES = "SELECT circle_id FROM audiences_circleseat WHERE organisation_id = %s"


@dataclass(frozen=True)
class Actor:
    """A person or a key acting for an organisation, or the operator at the console.

    The operator at the console of the hub's own machine acts for an organisation without being
    one of its people: `person` and `key` are both None.
    """

    organisation: Organisation
    person: Person | None = None
    key: Key | None = None

    @cached_property
    def reader(self) -> Reader:
        """The same, as the rule of reading sees him."""
        with connection.cursor() as cursor:  # every request of a machine asks; the ORM takes 0.2 ms
            cursor.execute(_CIRCLES, [self.organisation.pk])
            circles = [circle for (circle,) in cursor.fetchall()]
        return Reader(
            organisation=self.organisation.pk,
            person=self.person.pk if self.person else None,
            circles=frozenset(circles),
            is_hub=self.organisation.is_hub,
            reads_up_to=self.organisation.reads_up_to,
            ceiling=Tlp.RED if self.key is None else self.key.ceiling,
        )

    @property
    def whole_reader(self) -> Reader:
        """The reader without the ceiling of his key: for guards, never for what is answered.

        Whether something is another's, or would reach more readers than its parts, depends on
        what his organisation knows. A key with a ceiling must not launder what others share.
        """
        return replace(self.reader, ceiling=Tlp.RED)

    @cached_property
    def powers(self) -> frozenset[Power]:
        """What he may do now: by his role or key, and by the clauses his organisation signed."""
        return self._own_powers() - self._unsigned()

    def require(self, power: Power) -> None:
        """Raise Forbidden, naming what is missing, unless the actor has this power."""
        if power in self.powers:
            return
        if power in self._unsigned():
            raise Forbidden(
                f"{self.organisation} has not signed the clause that grants the power "
                f"{power.value!r}; the page of the agreement shows its words and who can sign."
            )
        who = "This key" if self.key else "Your role"
        raise Forbidden(
            f"{who} lacks the power {power.value!r}; ask the counterpart of your organisation."
        )

    def _own_powers(self) -> frozenset[Power]:
        if self.key is not None:
            return frozenset({Power.SHARE}) if self.key.can_share else frozenset()
        if self.person is None:
            return frozenset(Power) if self.organisation.is_hub else frozenset({Power.SHARE})
        powers = _OF_ROLE[self.person.role]
        if self.organisation.is_hub and self.person.role == Person.Role.ADMINISTRATOR:
            powers |= {Power.ADMINISTER_HUB}
        return powers

    def _unsigned(self) -> frozenset[Power]:
        """Powers that wait for a signature of the organisation; the hub needs none."""
        if self.organisation.is_hub:
            return frozenset()
        return OF_CLAUSES.difference(self.organisation.granted.split())
