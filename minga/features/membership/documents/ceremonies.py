"""What the act of a ceremony says."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from minga.core.agreement.prose import Block, in_groups, without_marks
from minga.features.membership.documents.acts import (
    LEVELS,
    hub_name,
    moments,
    seal_explained,
    section,
)
from minga.features.membership.documents.sealing import seal
from minga.features.membership.documents.typesetting import typeset
from minga.features.membership.models import Ceremony, Signature
from minga.features.membership.queries.ceremonies import RollLine


def act_of(ceremony: Ceremony, roll: Sequence[RollLine]) -> bytes:
    """The sealed act of a closed ceremony, in the language of the hub."""
    with translation.override(settings.LANGUAGE_CODE):
        return seal(typeset("plain", _values(ceremony, roll)))


def _values(ceremony: Ceremony, roll: Sequence[RollLine]) -> dict[str, object]:
    signed = [line for line in roll if line.signatures]
    otherwise = [line for line in roll if line.signed_outside and not line.signatures]
    absent = [line for line in roll if not line.has_signed]
    sections = [
        section(_("Who signed in the ceremony"), [_as_signed(line) for line in signed]),
        section(_("Who had signed before"), [_named(line) for line in otherwise]),
        section(_("Who has not signed"), [_named(line) for line in absent]),
    ]
    return {
        "title": _("Act of ceremony"),
        "hub": hub_name(),
        "language": settings.LANGUAGE_CODE,
        "foot": _("Ceremony %(uuid)s") % {"uuid": ceremony.uuid},
        "lede": ceremony.title,
        "facts": [[str(name), str(said)] for name, said in _facts(ceremony) if said],
        "sections": [*(each for each in sections if each["blocks"]), seal_explained()],
    }


def _facts(ceremony: Ceremony) -> list[tuple[str, object]]:
    version = ceremony.agreement
    title = without_marks(version.agreement.title.in_(settings.LANGUAGE_CODE))
    return [
        (_("Convened by"), _joined(ceremony.convener.name, ceremony.convened_by)),
        (_("Held"), moments(ceremony.held_at)),
        (_("Video link"), ceremony.link),
        (_("Opened"), moments(ceremony.opened_at) if ceremony.opened_at else ""),
        (_("Closed"), moments(ceremony.closed_at) if ceremony.closed_at else ""),
        (_("Agreement"), title),
        (_("Version"), version.version),
        (_("SHA-256 of its text"), in_groups(bytes(version.digest).hex())),
    ]


def _as_signed(line: RollLine) -> Block:
    told = "; ".join(_signature(each) for each in line.signatures)
    return _paragraph((True, f"{line.organisation.name}. "), (False, f"{told}."))


def _signature(signature: Signature) -> str:
    return _("%(who)s. Clauses %(clauses)s. %(level)s. %(instant)s. Signature %(uuid)s") % {
        "who": _joined(signature.signer, signature.capacity, signature.reference),
        "clauses": ", ".join(map(str, signature.clauses)),
        "level": LEVELS[Signature.Level(signature.level)],
        "instant": moments(signature.signed_at),
        "uuid": signature.uuid,
    }


def _named(line: RollLine) -> Block:
    return _paragraph((False, _joined(line.organisation.name, line.signer, line.capacity)))


def _paragraph(*runs: tuple[bool, str]) -> Block:
    return Block(is_list=False, lines=(runs,))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
