"""Bitcoin addresses: what ransom notes and sextortion mails carry. Checksums keep out the rest."""

from __future__ import annotations

import hashlib
import re

from minga.core.problems import Invalid

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_LEGACY = re.compile(rf"[13][{_BASE58}]{{25,34}}")
_SEGWIT = re.compile(rf"bc1([{_BECH32}]{{11,87}})")
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKS = (1, 0x2BC830A3)  # bech32 (BIP 173), bech32m (BIP 350)


def canonical_bitcoin(text: str) -> str:
    """A mainnet address: legacy as written (its case counts), segwit in lower case.

    Raises Invalid when the checksum fails, which is how a mistyped address shows.
    """
    address = text.strip()
    if _LEGACY.fullmatch(address) and _legacy_checksum_holds(address):
        return address
    segwit = _SEGWIT.fullmatch(address.lower())
    single_case = address in (address.lower(), address.upper())
    if segwit and single_case and _segwit_checksum_holds(segwit[1]):
        return address.lower()
    raise Invalid(
        f"{text[:80]!r} is not a Bitcoin address with a right checksum; copy it again from where "
        "it was seen."
    )


def _legacy_checksum_holds(address: str) -> bool:
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    if number >= 256**25:
        return False
    payload = number.to_bytes(25, "big")
    digest = hashlib.sha256(hashlib.sha256(payload[:21]).digest()).digest()
    return payload[0] in (0, 5) and digest[:4] == payload[21:]


def _segwit_checksum_holds(data: str) -> bool:
    check = 1
    for value in (3, 3, 0, 2, 3, *(_BECH32.index(character) for character in data)):  # "bc" first
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in _CHECKS
