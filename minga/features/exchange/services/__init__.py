"""What can be changed in the exchange, and by whom."""

from minga.features.exchange.services.answering import give_feedback, report_sighting
from minga.features.exchange.services.drafts import Draft, new_request_key
from minga.features.exchange.services.ending import delete, revoke
from minga.features.exchange.services.outcomes import Outcome, Receipt
from minga.features.exchange.services.receiving import import_stream, receive
from minga.features.exchange.services.sharing import revise, share, widen
from minga.features.exchange.services.submissions import submit

__all__ = [
    "Draft",
    "Outcome",
    "Receipt",
    "delete",
    "give_feedback",
    "import_stream",
    "new_request_key",
    "receive",
    "report_sighting",
    "revise",
    "revoke",
    "share",
    "submit",
    "widen",
]
