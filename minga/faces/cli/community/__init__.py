"""The demo community: invented organisations, their people, and six weeks of what they shared.

Names, addresses, products and incidents are invented; addresses are those reserved for
documentation (RFC 2606, 5737, 3849 and 5398). Everything goes through the services, like in
life; only the clock and chance are set, so that the same seed tells the same story.
"""

from minga.faces.cli.community.loading import is_loaded, load

__all__ = ["is_loaded", "load"]
