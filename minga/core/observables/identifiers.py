"""Everything observable that is neither an address, a name nor a URL, in its canonical form."""

from __future__ import annotations

import re

from minga.core.observables.kinds import Kind
from minga.core.observables.names import canonical_domain
from minga.core.problems import Invalid

LONGEST_TEXT = 8192
HEX_LENGTH = {Kind.MD5: 32, Kind.SHA1: 40, Kind.SHA256: 64, Kind.SHA512: 128}
_LOCAL_PART = re.compile(r'[^\s@"(),:;<>\[\]\\\x00-\x1f\x7f\ud800-\udfff]{1,64}')
_PAIRS = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2})+")
_SSDEEP = re.compile(r"[0-9]{1,12}:[A-Za-z0-9/+]{1,64}:[A-Za-z0-9/+]{1,64}")
_ASN = re.compile(r"(?:as[n ]?[ ]?)?([0-9]{1,10})(?:\.([0-9]{1,5}))?", re.IGNORECASE)
_CVE = re.compile(r"CVE-((?:19|20)[0-9]{2})-([0-9]{4,19})")
_TECHNIQUE = re.compile(r"T[0-9]{4}(?:\.[0-9]{3})?")
_DASHES = str.maketrans("‐‑‒–—−", "------")
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\r\x85\u2028\u2029]+")
_HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_HIVE_NAMES = frozenset(_HIVES.values()) | {"HKEY_PERFORMANCE_DATA", "HKEY_DYN_DATA"}


def canonical_email(text: str) -> str:
    """Local part as written, domain in canonical form, no `mailto:`.

    Whether the local part's case counts is its host's affair (RFC 5321, 2.4); in practice none
    lets it count, so `Observable.key` folds it. Quoted local parts are refused.
    """
    address = text.strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local):
        raise Invalid(
            f"{text[:80]!r} is not an e-mail address; expected a name, @ and a domain, such as "
            "ana@example.cl."
        )
    return f"{local}@{canonical_domain(domain)}"


def canonical_hash(kind: Kind, text: str) -> str:
    """Lower-case hexadecimal of the kind's length; colons between pairs are dropped."""
    written = text.strip().lower()
    if _PAIRS.fullmatch(written):
        written = written.replace(":", "").replace("-", "")
    length = HEX_LENGTH[kind]
    if len(written) != length or not re.fullmatch("[0-9a-f]+", written):
        raise Invalid(
            f"{text[:80]!r} is not {kind.value}; found {len(written)} characters, expected "
            f"{length} hexadecimal digits."
        )
    return written


def canonical_ssdeep(text: str) -> str:
    """Block size and two base64 signatures, as written; a file name after them is dropped."""
    written = text.strip().partition(",")[0]
    if not _SSDEEP.fullmatch(written):
        raise Invalid(
            f"{text[:80]!r} is not an ssdeep hash; expected a number and two signatures joined by "
            "colons, such as 3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C."
        )
    return written


def canonical_asn(text: str) -> str:
    """`AS` and a number from 0 to 4,294,967,295; `1.10` is read as RFC 5396 says (65546)."""
    found = _ASN.fullmatch(text.strip())
    high, low = (found[1], found[2]) if found else ("", None)
    number = _asdot(int(high), int(low)) if low is not None else int(high or 2**32)
    if number >= 2**32:
        raise Invalid(
            f"{text[:80]!r} is not an autonomous system number; expected such as AS64496."
        )
    return f"AS{number}"


def _asdot(high: int, low: int) -> int:
    return high * 2**16 + low if max(high, low) < 2**16 else 2**32


def canonical_mac(text: str) -> str:
    """Six pairs in lower case joined by colons, as STIX wants them (2.1, 6.9)."""
    digits = re.sub(r"[:.-]", "", text.strip().lower())
    if not re.fullmatch("[0-9a-f]{12}", digits) or len(text.strip()) > 17:
        raise Invalid(
            f"{text[:80]!r} is not a MAC address; expected six pairs of hexadecimal digits, such "
            "as 00:00:5e:00:53:01."
        )
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def canonical_cve(text: str) -> str:
    """`CVE`, a year and at least four digits, in upper case, whatever dashes a PDF made of it."""
    written = text.strip().translate(_DASHES).upper()
    if not _CVE.fullmatch(written):
        raise Invalid(f"{text[:80]!r} is not a CVE identifier; expected such as CVE-2026-0001.")
    return written


def canonical_technique(text: str) -> str:
    """An ATT&CK technique or sub-technique: `T1566`, `T1566.001`."""
    written = text.strip().upper()
    if not _TECHNIQUE.fullmatch(written):
        raise Invalid(
            f"{text[:80]!r} is not an ATT&CK technique; expected such as T1566 or T1566.001."
        )
    return written


def canonical_registry_key(text: str) -> str:
    """The hive's full name in upper case, then the key as written, without a final backslash.

    `HKLM\\Software\\Run` becomes `HKEY_LOCAL_MACHINE\\Software\\Run`. Windows ignores the case and
    so does `Observable.key`. Source: STIX 2.1, 6.17: hive expanded, case preserved.
    """
    hive, backslash, rest = _one_line(Kind.REGISTRY_KEY, text).partition("\\")
    hive = _HIVES.get(hive.upper().removesuffix(":"), hive.upper().removesuffix(":"))
    if hive not in _HIVE_NAMES:
        raise Invalid(
            f"{text[:80]!r} is not a registry key; expected it to begin with a hive, such as "
            "HKEY_LOCAL_MACHINE\\Software."
        )
    return (hive + backslash + rest).rstrip("\\ ")


def canonical_file_name(text: str) -> str:
    """The last part of a path, as written. Whoever has a path should say `file-path`.

    Marks that reverse the reading order are kept: `factura\\u202efdp.exe` is how it was disguised.
    """
    written = _one_line(Kind.FILE_NAME, text).strip("\"' ")
    if not written or "/" in written or "\\" in written or len(written) > 255:
        raise Invalid(
            f"{text[:80]!r} is not a file name; expected 1 to 255 characters without slashes. For "
            "a folder and a name together use file-path."
        )
    return written


def canonical_file_path(text: str) -> str:
    """As written, without quotation marks around it; must hold a slash or a backslash."""
    written = _one_line(Kind.FILE_PATH, text).strip("\"' ")
    if "/" not in written and "\\" not in written:
        raise Invalid(
            f"{text[:80]!r} is not a path; expected folders divided by slashes or backslashes, "
            "such as C:\\Windows\\Temp\\a.exe. For a name alone use file-name."
        )
    return written


def canonical_text(kind: Kind, text: str) -> str:
    """Mutexes, subjects, command lines, user agents: as written, on one line."""
    return _one_line(kind, text)


def _one_line(kind: Kind, text: str) -> str:
    if _UNSHOWN.search(text):
        raise Invalid(
            f"This {kind.value} holds control characters or half characters; expected text."
        )
    written = _BREAKS.sub(" ", text).strip()
    if not 0 < len(written) <= LONGEST_TEXT:
        raise Invalid(
            f"This {kind.value} has {len(written):,} characters; expected 1 to {LONGEST_TEXT:,}."
        )
    return written
