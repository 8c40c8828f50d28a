"""What each action in the journal is called. Every action that is recorded stands here."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "signed-in": _("Signed in"),
    "sign-in-failed": _("A sign-in failed"),
    "identity-confirmed": _("Showed again who it is"),
    "confirmation-failed": _("Showing again who it is failed"),
    "password-chosen": _("Chose a password"),
    "passkey-added": _("Made a passkey"),
    "passkey-removed": _("Removed a passkey"),
    "app-added": _("Set up an app that shows codes"),
    "app-removed": _("Removed the app that shows codes"),
    "recovery-codes-made": _("Got new recovery codes"),
    "sessions-closed": _("Closed sessions"),
    "factors-reset": _("Took a person's factors away"),
    "identity-connected": _("Connected with the organisation's identity provider"),
    "identity-disconnected": _("Disconnected from the organisation's identity provider"),
    "identity-provider-set": _("Set the organisation's identity provider"),
    "identity-provider-ended": _("Ended the organisation's identity provider"),
    "contribution-shared": _("Shared a contribution"),
    "contribution-revised": _("Revised a contribution"),
    "contribution-widened": _("Widened the audience of a contribution"),
    "bundle-received": _("Sent a bundle"),
    "contribution-withdrawn": _("Took a contribution back on leaving"),
    "contribution-anonymised": _("Took an author's name off a contribution"),
    "object-revoked": _("Withdrew an object"),
    "object-deleted": _("Deleted an object"),
    "sighting-reported": _("Reported a sighting"),
    "feedback-given": _("Gave feedback"),
    "agreement-signed": _("Signed the agreement"),
    "clause-withdrawn": _("Took a clause back"),
    "leaving-announced": _("Announced that it leaves"),
    "leaving-taken-back": _("Took back that it leaves"),
    "departure-settled": _("Settled what an organisation that left had shared"),
    "certificate-signed": _("Certified that what was received is returned or destroyed"),
    "return-link-created": _("Made a link for an organisation that left"),
    "agreement-proposed": _("Proposed a version of the agreement"),
    "agreement-in-force": _("Put a version of the agreement in force"),
    "ceremony-convened": _("Convened a ceremony"),
    "ceremony-invited": _("Called an organisation to a ceremony"),
    "ceremony-opened": _("Opened a ceremony"),
    "ceremony-closed": _("Closed a ceremony"),
    "person-created": _("Added a person"),
    "role-changed": _("Changed a person's role"),
    "person-deactivated": _("Closed a person's account"),
    "sign-in-link-created": _("Made a sign-in link"),
    "key-created": _("Created a key"),
    "key-revoked": _("Revoked a key"),
    "circle-created": _("Created a circle"),
    "circle-joining-changed": _("Changed how a circle admits"),
    "circle-asked": _("Asked to join a circle"),
    "circle-proposed": _("Proposed an organisation for a circle"),
    "circle-sponsored": _("Answered for a candidate of a circle"),
    "circle-voted": _("Voted on a candidate of a circle"),
    "circle-declined": _("Declined a candidate of a circle"),
    "circle-admitted": _("Admitted an organisation to a circle"),
    "circle-expelled": _("Expelled an organisation from a circle"),
    "organisation-created": _("Added an organisation"),
    "organisation-classified": _("Classified an organisation"),
    "organisation-described": _("Described the organisation"),
    "organisation-left": _("Ended an organisation's membership"),
    "hub-founded": _("Founded the hub"),
    "demo-loaded": _("Loaded the demo community"),
}


def words(action: str) -> str:
    """What an action is called in the reader's language."""
    return str(ACTIONS.get(action, action))
