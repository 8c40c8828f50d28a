"""Which observables a comparison names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from minga.core.observables import Kind, Observable
from minga.core.observables.recognition import address, at_a_glance, attempt, recognise
from minga.core.observables.stix import HASH_NAMES, join_path
from minga.core.stix.patterns.syntax import Comparison, Observation, Step
from minga.core.stix.patterns.tokens import unescaped

Reader = Callable[[str], Observable | None]
"""From a value to the observable that it is on some path, or None."""

_ON_THE_NETWORK = frozenset(
    {Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.DOMAIN, Kind.URL, Kind.EMAIL, Kind.MAC}
)
_HASH_KINDS = {name.upper().replace("-", ""): kind for kind, name in HASH_NAMES.items()}
_FOLDER = ("parent_directory_ref", "path")
_KINDS: dict[tuple[str, tuple[Step, ...]], Kind] = {
    ("attack-pattern", ("external_references", None, "external_id")): Kind.TECHNIQUE,
    ("autonomous-system", ("number",)): Kind.ASN,
    ("cryptocurrency-wallet", ("value",)): Kind.BITCOIN,
    ("directory", ("path",)): Kind.FILE_PATH,
    ("domain-name", ("value",)): Kind.DOMAIN,
    ("email-addr", ("value",)): Kind.EMAIL,
    ("email-message", ("subject",)): Kind.EMAIL_SUBJECT,
    ("email-message", ("body_multipart", None, "body_raw_ref", "name")): Kind.FILE_NAME,
    ("file", ("name",)): Kind.FILE_NAME,
    ("file", ("path",)): Kind.FILE_PATH,  # not in STIX, but in the feeds of mobile forensics
    ("file", _FOLDER): Kind.FILE_PATH,
    ("mac-addr", ("value",)): Kind.MAC,
    ("mutex", ("name",)): Kind.MUTEX,
    (
        "network-traffic",
        ("extensions", "http-request-ext", "request_header", "User-Agent"),
    ): Kind.USER_AGENT,
    ("process", ("binary_ref", "name")): Kind.FILE_NAME,
    ("process", ("command_line",)): Kind.COMMAND_LINE,
    ("process", ("image_ref", "name")): Kind.FILE_NAME,
    ("process", ("name",)): Kind.PROCESS_NAME,
    ("url", ("value",)): Kind.URL,
    ("vulnerability", ("external_references", None, "external_id")): Kind.CVE,
    ("vulnerability", ("name",)): Kind.CVE,
    ("windows-registry-key", ("key",)): Kind.REGISTRY_KEY,
}


def reader_of(type_: str, steps: tuple[Step, ...]) -> Reader | None:
    """How to read a value on this path, or None when the path names nothing observable."""
    if type_ in ("ipv4-addr", "ipv6-addr") and steps == ("value",):
        return _address
    last = steps[-1]
    if last == "value" and _is_reference(steps):
        return _on_the_network
    kind = _KINDS.get((type_, steps)) or _HASH_KINDS.get(str(last).upper().replace("-", ""))
    return partial(_of_kind, kind) if kind else None


def _is_reference(steps: tuple[Step, ...]) -> bool:
    """Whether the value belongs to another object: `src_ref.value`, `to_refs[*].value`."""
    keys = [step for step in steps[:-1] if isinstance(step, str)]
    return bool(keys) and keys[-1].endswith(("_ref", "_refs"))


def _address(text: str) -> Observable | None:
    quick = at_a_glance(text)
    return quick if quick is not None and quick.kind is Kind.IPV4 else address(text.strip())


def _on_the_network(text: str) -> Observable | None:
    found = recognise(text)
    return found if found is not None and found.kind in _ON_THE_NETWORK else None


def _of_kind(kind: Kind, text: str) -> Observable | None:
    return attempt(kind, text) or _misplaced(kind, text)


def _misplaced(kind: Kind, text: str) -> Observable | None:
    """What feeds put on a wrong path, read for what it is: a host as a URL, a path as a name."""
    if kind in (Kind.URL, Kind.DOMAIN):
        return _on_the_network(text)
    return attempt(Kind.FILE_PATH, text) if kind in (Kind.FILE_NAME, Kind.PROCESS_NAME) else None


def named_by(observations: list[Observation]) -> tuple[Observable, ...]:
    """The observables of all observations, each once, in the order of the pattern."""
    found = dict.fromkeys(
        observable for observation in observations for observable in _named_by(observation)
    )
    return tuple(found)


def _named_by(observation: Observation) -> Iterator[Observable]:
    path = _whole_path(observation)
    if path is not None:
        yield path
        return
    for comparison in observation.comparisons:
        for value in _values(comparison):
            reader = reader_of(comparison.type, comparison.steps)
            observable = reader(value) if reader else None
            if observable is not None:
                yield observable


def _values(comparison: Comparison) -> Iterator[str]:
    """The values that a comparison asks for: with =, with IN, or a range with ISSUBSET."""
    if comparison.negated or comparison.operator not in ("=", "==", "IN", "ISSUBSET"):
        return
    for literal in comparison.literals:
        if literal.kind == "string":
            yield unescaped(literal.text)
        elif literal.kind == "int":
            yield literal.text


def is_half_of_a_path(type_: str, steps: tuple[Step, ...]) -> bool:
    """Whether a comparison on this path may mean more together with its neighbours."""
    return type_ == "file" and steps == _FOLDER


def _whole_path(observation: Observation) -> Observable | None:
    """A file's name and its folder, and nothing else, asked for together: its path."""
    if observation.has_or or len(observation.comparisons) != 2:
        return None
    parts = {
        comparison.steps: next(_values(comparison), "")
        for comparison in observation.comparisons
        if comparison.type == "file" and comparison.operator in ("=", "==")
    }
    name, folder = parts.get(("name",)), parts.get(_FOLDER)
    return attempt(Kind.FILE_PATH, join_path(folder, name)) if name and folder else None
