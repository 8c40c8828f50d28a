"""Documents that are kept: typeset from data, sealed by the hub, looked at when they come back.

`typeset` makes a PDF of a layout and values, `seal` signs it with the hub's own key.
"""

from minga.features.membership.documents.sealing import Seal, present_seal, seal
from minga.features.membership.documents.typesetting import typeset

__all__ = ["Seal", "present_seal", "seal", "typeset"]
