"""Networks that a key may be used from: read as people write them, and asked in one form."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TypeAlias

from minga.core.problems import Invalid

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST = 50
# ::ffff:0:0/96, the IPv4 addresses as IPv6 spells them: RFC 4291, section 2.5.5.2.
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def read_networks(text: str) -> tuple[Network, ...]:
    """The networks in a text, separated by blanks or commas, each once; one address is a network.

    Raises Invalid for one that cannot be read, that names an address inside its network (such as
    192.0.2.7/24), and for more than 50.
    """
    found = tuple(dict.fromkeys(_network(each) for each in text.replace(",", " ").split()))
    if len(found) > MOST:
        raise Invalid(f"There are {len(found)} networks; at most {MOST}.", field="addresses")
    return found


def is_from(address: str, networks: str) -> bool:
    """Whether an address lies in one of these networks, written as `read_networks` reads them.

    An IPv4 address is the same in its own form and mapped into IPv6. What is no address lies
    nowhere.
    """
    try:
        called_from = _canonical_address(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return any(called_from in network for network in _known(networks))


@lru_cache(maxsize=1024)
def _known(text: str) -> tuple[Network, ...]:
    """Every request asks; what stands in a row was read before it was stored."""
    return read_networks(text)


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise Invalid(
            f"The network is {text[:50]!r}; expected an address or a network without host bits, "
            "such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.",
            field="addresses",
        ) from None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(MAPPED):
        inside = int(network.network_address) & 0xFFFFFFFF
        return ipaddress.IPv4Network((inside, network.prefixlen - MAPPED.prefixlen))
    return network


def _canonical_address(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
