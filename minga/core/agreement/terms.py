"""What follows from the clauses that an organisation signed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from minga.core.agreement.text import Agreement, Attribution, Clause
from minga.core.policy import Power, Tlp


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation may do under an agreement, and by which of its clauses.

    The terms of all clauses tell which clause would open a closed door.
    """

    signed: tuple[Clause, ...]

    @property
    def powers(self) -> frozenset[Power]:
        """All that the signed clauses grant."""
        return frozenset(power for clause in self.signed for power in clause.effects.powers)

    @property
    def reads_up_to(self) -> Tlp | None:
        """The strictest label under which groups may address it; None when no clause opens any."""
        ceilings = [c.effects.ceiling for c in self.signed if c.effects.ceiling is not None]
        return max(ceilings, default=None)

    @property
    def naming(self) -> Clause | None:
        """The signed clause by which it may be named outside."""
        named = (Attribution.MAY, Attribution.MUST)
        return next((c for c in self.signed if c.effects.attribution in named), None)

    def granting(self, power: Power) -> Clause | None:
        """The first signed clause that grants a power."""
        return next((c for c in self.signed if power in c.effects.powers), None)

    def letting_read(self, tlp: Tlp) -> Clause | None:
        """The first signed clause by which it reads what groups share under this label."""
        for clause in self.signed:
            ceiling = clause.effects.ceiling
            if ceiling is not None and ceiling >= tlp:
                return clause
        return None


def terms_of(agreement: Agreement, signed: Collection[int]) -> Terms:
    """The terms of who signed the clauses of these numbers; unknown numbers count for nothing."""
    return Terms(tuple(clause for clause in agreement.clauses if clause.number in signed))
