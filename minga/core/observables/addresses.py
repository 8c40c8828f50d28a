"""Addresses and ranges of the Internet Protocol: one spelling for each."""

from __future__ import annotations

import re
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from minga.core.problems import Invalid

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
DOTTED_QUAD = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_DOTTED_QUAD = re.compile(DOTTED_QUAD)
_PREFIX_LENGTH = re.compile(r"0|[1-9][0-9]{0,2}")


def canonical_ipv4(text: str) -> str:
    """Four decimal numbers and three dots.

    Other spellings are refused, because readers of them disagree: `010.0.0.1` is 10.0.0.1 to some
    programs and 8.0.0.1 to others, and a bare `2130706433` is an address only inside a URL (where
    `canonical_url` reads it as browsers do).
    """
    address = text.strip()
    if not _DOTTED_QUAD.fullmatch(address):
        raise Invalid(
            f"{text[:80]!r} is not an IPv4 address; expected four numbers from 0 to 255 without "
            "leading zeros, such as 192.0.2.7."
        )
    return address


def canonical_ipv6(text: str) -> str:
    """RFC 5952: lower case, zeros compressed. A zone (`%eth0`) is dropped: it names an interface
    of the machine that saw the address and means nothing elsewhere.

    An IPv4-mapped address (`::ffff:192.0.2.7`) is an IPv4 address and is refused here;
    `recognise` answers it as one.
    """
    address = _ipv6(text)
    if address.ipv4_mapped is not None:
        raise Invalid(
            f"{text[:80]!r} is the IPv4 address {address.ipv4_mapped} written as IPv6; "
            "expected it as kind ipv4."
        )
    return str(address)


def canonical_address(text: str) -> str:
    """Either family; an IPv4-mapped IPv6 address becomes IPv4."""
    if ":" not in text:
        return canonical_ipv4(text)
    address = _ipv6(text)
    return str(address.ipv4_mapped or address)


def _ipv6(text: str) -> IPv6Address:
    written = text.strip().removeprefix("[").removesuffix("]")
    try:
        address = IPv6Address(written)
    except AddressValueError as error:
        raise Invalid(
            f"{text[:80]!r} is not an IPv6 address; expected up to eight groups of hexadecimal "
            "digits, such as 2001:db8::7."
        ) from error
    return IPv6Address(int(address)) if address.scope_id else address


def canonical_cidr(text: str) -> str:
    """The network's own address, a slash and the prefix length; host bits are cleared.

    `192.0.2.77/24` and `192.0.2.0/24` are one range. A mask written as an address is refused.
    A range of one address stays a range here; `recognise` answers it as the address.
    """
    address, _, length = text.strip().partition("/")
    if not _PREFIX_LENGTH.fullmatch(length):
        raise _not_a_range(text)
    try:
        spelled = spelled_ipv6(address) if ":" in address else canonical_ipv4(address)
        return str(ip_network(f"{spelled}/{length}", strict=False))
    except ValueError as error:
        raise _not_a_range(text) from error


def spelled_ipv6(text: str) -> str:
    """RFC 5952 of an address with or without square brackets; an IPv4-mapped one stays IPv6."""
    return str(_ipv6(text))


def _not_a_range(text: str) -> Invalid:
    return Invalid(
        f"{text[:80]!r} is not a range of addresses; expected an address, a slash and a prefix "
        "length, such as 192.0.2.0/24 or 2001:db8::/32."
    )


def is_single(cidr: str) -> bool:
    """Whether a canonical range holds exactly one address."""
    return cidr.endswith("/128" if ":" in cidr else "/32")


def contains(cidr: str, address: str) -> bool:
    """Whether a range holds an address, or the whole of another range.

    An IPv4-mapped IPv6 address is the IPv4 address; the families never hold each other otherwise.

    Raises Invalid if either is not what it should be.

        >>> contains("192.0.2.0/24", "192.0.2.7"), contains("192.0.2.0/24", "192.0.0.0/16")
        (True, False)
    """
    outer = ip_network(canonical_cidr(cidr))
    if "/" in address:
        return _covers(outer, ip_network(canonical_cidr(address)))
    return ip_address(canonical_address(address)) in outer


def _covers(outer: IPv4Network | IPv6Network, inner: IPv4Network | IPv6Network) -> bool:
    if isinstance(outer, IPv4Network) and isinstance(inner, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, IPv6Network) and isinstance(inner, IPv6Network):
        return inner.subnet_of(outer)
    return False


def browser_ipv4(host: str) -> str | None:
    """The IPv4 address that a browser reads in a URL's host, or None if it is a name.

    Hexadecimal (`0x7f.1`), octal (`0177.0.0.1`) and shortened forms count: they are used to slip
    past filters. Raises Invalid when the last label is a number but the whole is no address.

    Source: WHATWG URL, 3.5 "ends in a number" and the IPv4 parser.
    """
    parts = host.removesuffix(".").split(".")
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", parts[-1]):
        return None
    numbers = [_browser_number(part) for part in parts] if len(parts) <= 4 else [None]
    whole = [number for number in numbers if number is not None]
    fits = (
        len(whole) == len(parts)
        and all(number <= 255 for number in whole[:-1])
        and whole[-1] < 256 ** (5 - len(whole))
    )
    if not fits:
        raise Invalid(f"{host[:80]!r} ends in a number but is not an IPv4 address.")
    value = whole[-1] + sum(n * 256 ** (3 - place) for place, n in enumerate(whole[:-1]))
    return str(IPv4Address(value))


def _browser_number(part: str) -> int | None:
    if not re.fullmatch(r"[0-9]{1,24}|0x[0-9a-f]{0,24}", part):
        return None
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    try:
        return int(part, 8) if part.startswith("0") else int(part)
    except ValueError:
        return None
