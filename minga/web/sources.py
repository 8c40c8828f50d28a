"""Where a request comes from: the one place that believes a proxy, and only one we know."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from minga.core import networks


def address_of(request: HttpRequest) -> str:
    """The network address of who sent the request; empty where there is none.

    The one that connects, unless it is a proxy of `MINGA_TRUSTED_PROXIES`: then the last address
    of X-Forwarded-For that is no such proxy. What stands before it the client may have written
    himself, and what is no address ends the search at the proxy that sent it.
    """
    meta: dict[str, Any] = request.META
    nearest = str(meta.get("REMOTE_ADDR", ""))
    hops = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while hops and networks.is_from(nearest, settings.TRUSTED_PROXIES):
        said = _address(hops.pop())
        if not said:
            break
        nearest = said
    return nearest


def network_of(address: str) -> str:
    """Whom tries are counted for: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))


def _address(text: str) -> str:
    """An address as proxies write it, some with a port; empty when it is none."""
    candidate = text.strip()
    host, colon, port = candidate.rpartition(":")
    if candidate.startswith("[") or (colon and "." in host and port.isdecimal()):
        candidate = (host if host.endswith("]") or "." in host else candidate).strip("[]")
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""
