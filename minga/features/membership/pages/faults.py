"""What is said of a file that was kept aside."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from minga.features.membership.documents.verification import Fault

FAULTS: dict[str, str | Promise] = {
    Fault.NO_PDF: gettext_lazy("It is no PDF."),
    Fault.OTHER: gettext_lazy("It is not the act that was issued, to the last byte."),
    Fault.UNREADABLE: gettext_lazy("It cannot be read as a PDF."),
    Fault.UNSIGNED: gettext_lazy("Nobody signed it."),
    Fault.SEVERAL: gettext_lazy("It has several signatures; expected one."),
    Fault.CHANGED_AFTER: gettext_lazy("It was changed after it was signed."),
    Fault.CHANGED_BEFORE: gettext_lazy("Something but a signature was added to the act."),
    Fault.BROKEN: gettext_lazy("The signature does not match the document."),
    Fault.UNTRUSTED: gettext_lazy("No authority that this hub trusts vouches for the certificate."),
    Fault.EXPIRED: gettext_lazy("The certificate was not valid when the file came."),
    Fault.REVOKED: gettext_lazy("The certificate was revoked."),
    Fault.UNFIT: gettext_lazy("The certificate is not made for signing documents."),
    Fault.OUTDATED: gettext_lazy("The clauses were signed otherwise, or replaced, meanwhile."),
}


def why(fault: str) -> str:
    """Why a file was kept aside, in the reader's language."""
    return str(FAULTS.get(fault, fault))
