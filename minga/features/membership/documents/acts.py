"""What the act of a signature says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.core.agreement import Clause
from minga.core.agreement.prose import Block, blocks, in_groups, without_marks
from minga.features.membership.documents.pades import with_field
from minga.features.membership.documents.sealing import present_seal, seal
from minga.features.membership.documents.typesetting import typeset
from minga.features.membership.models import AgreementVersion, IssuedAct, Signature
from minga.store.people.models import Organisation

LEVELS = {
    Signature.Level.SIMPLE: gettext_lazy("Simple electronic signature (Ley 19.799, art. 2 f)"),
    Signature.Level.ADVANCED: gettext_lazy("Advanced electronic signature (Ley 19.799, art. 2 g)"),
    Signature.Level.PAPER: gettext_lazy("On paper, recorded by the hub"),
}
_FIELD = "Firma"
FACTORS = {
    "passkey": gettext_lazy("Passkey"),
    "code": gettext_lazy("Code of an authenticator application"),
    "recovery-code": gettext_lazy("Recovery code"),
    "provider-mfa": gettext_lazy("Second factor of the organisation's identity provider"),
}


def act_of(signature: Signature) -> bytes:
    """The sealed act of a signature, in the language of the hub."""
    with translation.override(settings.LANGUAGE_CODE):
        return seal(typeset("plain", _values(signature)))


def to_be_signed(issued: IssuedAct) -> bytes:
    """The act that somebody signs outside: no seal, and an empty field for his signature."""
    with translation.override(settings.LANGUAGE_CODE):
        pdf = typeset("plain", _values_to_sign(issued))
    return with_field(pdf, field=_FIELD)


def hub_name() -> str:
    """Who seals: the hub by its own name."""
    hub = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    return hub.name if hub else str(settings.HUB_NAME)


def moments(instant: datetime) -> str:
    """An instant as the hub's clocks show it and in UTC, to the second."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = formats.date_format(instant.astimezone(zone), "DATETIME_FORMAT")
    return f"{local} ({settings.TIME_ZONE}) · {instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def seal_explained() -> dict[str, object]:
    """The section on what the hub's seal proves, and how to look."""
    words = [
        _(
            "This document carries the seal of %(hub)s: a PAdES signature under the hub's own "
            "certificate. It proves that the hub made the document and that nothing in it changed "
            "since. It is not itself an advanced electronic signature."
        )
        % {"hub": hub_name()},
        _(
            "Any reader of signed PDFs shows the seal. Compare the SHA-256 of the certificate "
            "with the one that the hub gives you by another way:"
        ),
        in_groups(present_seal().public.fingerprint),
    ]
    return section(_("What the seal proves"), [block for each in words for block in blocks(each)])


def section(title: str, parts: list[Block]) -> dict[str, object]:
    """A section as the layouts take it."""
    return {"title": title, "blocks": [_block(each) for each in parts]}


def _values(signature: Signature) -> dict[str, object]:
    return {
        "title": _("Act of signature"),
        "hub": hub_name(),
        "language": settings.LANGUAGE_CODE,
        "foot": _("Signature %(uuid)s") % {"uuid": signature.uuid},
        "lede": _("%(name)s signed the agreement in the words below.")
        % {"name": _legal_name(signature.organisation)},
        "facts": [[str(name), str(said)] for name, said in _facts(signature) if said],
        "sections": [*_sections(signature.agreement, signature.clauses), seal_explained()],
    }


def _values_to_sign(issued: IssuedAct) -> dict[str, object]:
    language, name = settings.LANGUAGE_CODE, _legal_name(issued.organisation)
    facts = [
        *_parties(issued.organisation, issued.agreement, issued.clauses),
        (_("Signed by"), issued.signer),
        (_("In the capacity of"), issued.capacity),
        (_("Issued"), moments(issued.issued_at)),
    ]
    lede = _(
        "Whoever signs this document with an advanced electronic signature signs the clauses "
        "below for %(name)s."
    )
    return {
        "title": _("Act to be signed"),
        "hub": hub_name(),
        "language": language,
        "foot": _("Act to be signed %(uuid)s") % {"uuid": issued.uuid},
        "lede": lede % {"name": name},
        "facts": [[str(name), str(said)] for name, said in facts if said],
        "sections": _sections(issued.agreement, issued.clauses),
    }


def _legal_name(organisation: Organisation) -> str:
    return organisation.legal_name or organisation.name


def _sections(version: AgreementVersion, numbers: Collection[int]) -> list[dict[str, object]]:
    clauses = [c for c in version.agreement.clauses if c.number in numbers]
    return [_clause(each, settings.LANGUAGE_CODE) for each in clauses]


def _parties(
    organisation: Organisation, version: AgreementVersion, clauses: list[int]
) -> list[tuple[str, object]]:
    return [
        (_("Organisation"), _legal_name(organisation)),
        ("RUT", organisation.rut),
        (_("Agreement"), without_marks(version.agreement.title.in_(settings.LANGUAGE_CODE))),
        (_("Version"), version.version),
        (_("SHA-256 of its text"), in_groups(bytes(version.digest).hex())),
        (_("Clauses"), ", ".join(str(number) for number in clauses)),
    ]


def _facts(signature: Signature) -> list[tuple[str, object]]:
    document = signature.signed_document
    digest = in_groups(bytes(document.digest).hex()) if document else ""
    return [
        *_parties(signature.organisation, signature.agreement, signature.clauses),
        (_("Signed by"), signature.signer),
        (_("In the capacity of"), signature.capacity),
        (_("Level"), LEVELS[Signature.Level(signature.level)]),
        (_("Certificate"), signature.certificate),
        (_("SHA-256 of the signed document"), digest),
        (_("Second factor"), FACTORS.get(signature.factor, signature.factor)),
        (_("Paper"), signature.reference),
        (_("Ceremony"), signature.ceremony.title if signature.ceremony else ""),
        (_("Instant"), moments(signature.signed_at)),
    ]


def _clause(clause: Clause, language: str) -> dict[str, object]:
    title = f"{clause.number}. {without_marks(clause.title.in_(language))}"
    return section(title, blocks(clause.text.in_(language)))


def _block(block: Block) -> dict[str, object]:
    if block.is_list:
        return {"kind": "list", "items": block.lines}
    return {"kind": "p", "runs": block.lines[0]}
