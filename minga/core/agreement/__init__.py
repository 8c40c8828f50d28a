"""The agreement as code: its text, what each clause grants, and what follows for who signed.

Ley 19.799 art. 3 gives an electronic signature the force of one on paper; which clauses an
organisation signed is therefore all that is needed to say what it may do.
"""

from minga.core.agreement.terms import Terms, terms_of
from minga.core.agreement.text import (
    LANGUAGES,
    Agreement,
    Annex,
    Clause,
    Effects,
    Exit,
    Text,
    read,
)

__all__ = [
    "LANGUAGES",
    "Agreement",
    "Annex",
    "Clause",
    "Effects",
    "Exit",
    "Terms",
    "Text",
    "read",
    "terms_of",
]
