"""Observables as STIX: a pattern that finds one, and the cyber-observable object that is one."""

from __future__ import annotations

from typing import Any

from minga.core.observables.kinds import Kind, Observable

HASH_NAMES = {
    Kind.MD5: "MD5",
    Kind.SHA1: "SHA-1",
    Kind.SHA256: "SHA-256",
    Kind.SHA512: "SHA-512",
    Kind.SSDEEP: "SSDEEP",
}
_PATHS = {
    Kind.IPV4: "ipv4-addr:value",
    Kind.IPV6: "ipv6-addr:value",
    Kind.DOMAIN: "domain-name:value",
    Kind.URL: "url:value",
    Kind.EMAIL: "email-addr:value",
    Kind.MAC: "mac-addr:value",
    Kind.CVE: "vulnerability:name",
    Kind.TECHNIQUE: "attack-pattern:external_references[*].external_id",
    Kind.FILE_NAME: "file:name",
    Kind.REGISTRY_KEY: "windows-registry-key:key",
    Kind.MUTEX: "mutex:name",
    Kind.PROCESS_NAME: "process:name",
    Kind.COMMAND_LINE: "process:command_line",
    Kind.USER_AGENT: ("network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"),
    Kind.EMAIL_SUBJECT: "email-message:subject",
    Kind.BITCOIN: "cryptocurrency-wallet:value",
}

_SCO_PROPERTIES = {
    Kind.IPV4: ("ipv4-addr", "value"),
    Kind.IPV6: ("ipv6-addr", "value"),
    Kind.DOMAIN: ("domain-name", "value"),
    Kind.URL: ("url", "value"),
    Kind.EMAIL: ("email-addr", "value"),
    Kind.MAC: ("mac-addr", "value"),
    Kind.FILE_NAME: ("file", "name"),
    Kind.REGISTRY_KEY: ("windows-registry-key", "key"),
    Kind.MUTEX: ("mutex", "name"),
    Kind.COMMAND_LINE: ("process", "command_line"),
}


def to_pattern(observable: Observable) -> str:
    """A STIX 2.1 pattern that finds this observable and nothing else.

    A range is matched by what lies in it (ISSUBSET), a path by its folder and name together. Three
    kinds have no cyber-observable of their own and use what others write: a CVE
    `vulnerability:name`, a technique the external id of an `attack-pattern`, a Bitcoin address
    `cryptocurrency-wallet:value`; and `process:name` is STIX 2.0's, still in wide use.

        >>> print(to_pattern(Observable(Kind.FILE_NAME, "it's.exe")))
        [file:name = 'it\\'s.exe']
    """
    kind, value = observable.kind, observable.value
    if kind is Kind.CIDR:
        return f"[{_family(value)}:value ISSUBSET {_quoted(value)}]"
    if kind is Kind.ASN:
        return f"[autonomous-system:number = {value.removeprefix('AS')}]"
    if kind is Kind.FILE_PATH:
        return _path_pattern(value)
    if kind in HASH_NAMES:
        name = HASH_NAMES[kind]
        return f"[file:hashes.{_quoted(name) if '-' in name else name} = {_quoted(value)}]"
    return f"[{_PATHS[kind]} = {_quoted(value)}]"


def to_sco(observable: Observable) -> dict[str, Any] | None:
    """The properties of the STIX 2.1 cyber-observable object, `type` included and `id` left out.

    None for what STIX has no such object for, or only together with other objects: paths, CVE,
    techniques, process names, user agents, Bitcoin addresses.
    """
    kind, value = observable.kind, observable.value
    if kind is Kind.CIDR:
        return {"type": _family(value), "value": value}
    if kind is Kind.ASN:
        return {"type": "autonomous-system", "number": int(value.removeprefix("AS"))}
    if kind in HASH_NAMES:
        return {"type": "file", "hashes": {HASH_NAMES[kind]: value}}
    if kind is Kind.EMAIL_SUBJECT:
        return {"type": "email-message", "is_multipart": False, "subject": value}
    if kind in _SCO_PROPERTIES:
        type_, name = _SCO_PROPERTIES[kind]
        return {"type": type_, name: value}
    return None


def _family(address: str) -> str:
    return "ipv6-addr" if ":" in address else "ipv4-addr"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _path_pattern(path: str) -> str:
    folder, name = split_path(path)
    if not (folder and name and join_path(folder, name) == path):
        return f"[directory:path = {_quoted(path)}]"
    return f"[file:name = {_quoted(name)} AND file:parent_directory_ref.path = {_quoted(folder)}]"


def split_path(path: str) -> tuple[str, str]:
    """Folder and name of a path of Windows or Unix; either may be empty."""
    end = max(path.rfind("/"), path.rfind("\\"))
    return path[:end], path[end + 1 :]


def join_path(folder: str, name: str) -> str:
    """The path of a name in a folder, with the slash that the folder uses."""
    slash = "\\" if "\\" in folder or folder[1:2] == ":" else "/"
    return f"{folder.rstrip(slash)}{slash}{name}"
