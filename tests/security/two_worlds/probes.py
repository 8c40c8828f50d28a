"""Everything the prober can ask, generated from the table of addresses.

A parameter that no pool knows is an error: a new address must say what to ask it.
"""

from __future__ import annotations

import itertools
import re
from random import Random
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.addresses import methods_of
from tests.security.two_worlds.alphabet import TAXII_TYPE, VALUES, WORDS, stix_id
from tests.security.two_worlds.hub import Hub

ASKED: set[str] = set()
ANSWERED: set[str] = set()
"""Of those asked, the addresses that showed something at least once."""
UNKNOWN_UUID = "00000000-0000-4000-8000-00000000dead"
UNSEEN = {"/static/"}  # files of the program itself, the same for everybody

QUERIES: dict[str, tuple[str, ...]] = {
    "taxii2": (
        "",
        "?limit=1",
        "?limit=3&match[version]=all",
        "?match[type]=indicator",
        "?match[version]=first",
        "?added_after=2026-03-02T12:05:00Z",
        f"?match[id]={stix_id('a', 1)}",
        f"?match[id]={stix_id('d', 2)}&match[version]=all",
    ),
    "api": ("", "?limit=1", "?q=phishing", "?q=malo.example", "?kind=alert"),
    "journal": ("", "?action=sighting-reported", "?who=mirador", "?who=alfa", "?from=2026-03-02",
                "?until=2026-03-02"),
    "members": ("", "?sector=energy", "?region=RM", "?circle=shared", "?page=2"),
    "pages": ("", "?q=phishing", "?q=malo.example", "?kind=alert", "?tlp=AMBER", "?q=198.51.100.7"),
}  # fmt: skip


def routes() -> list[str]:
    """The addresses that can be read, as patterns. One that answers no GET tells only that."""
    return [
        pattern
        for pattern, address in _patterns(get_resolver())
        if not _is_left_out(pattern) and "GET" in (methods_of(address.callback) or {"GET"})
    ]


def ask(hub: Hub, route: str, random: Random) -> dict[str, Any]:
    """Ask one address, filled in at random, as the prober's key or as the prober in person."""
    ASKED.add(route)
    path = _fill(route, hub, random)
    family = next((name for name in QUERIES if path.startswith(f"/{name}")), "pages")
    query = random.choice(QUERIES[family])
    by_key = family == "taxii2" or (family == "api" and random.random() < 0.7)
    headers = {"accept": TAXII_TYPE} if family == "taxii2" else {}
    if by_key:
        headers["authorization"] = f"Bearer {hub.secrets['mirador']}"
    client = hub.clients["anybody" if by_key else "mirador"]
    answer = seen_of(client.get(path + query, headers=headers))
    if answer["status"] == 200:
        ANSWERED.add(route)
    return {"asked": f"GET {path}{query}", **answer}


def seen_of(response: HttpResponse) -> dict[str, Any]:
    """All that a client sees of an answer."""
    body = b"".join(response) if response.streaming else response.content
    return {
        "status": response.status_code,
        "headers": sorted(response.items()),
        "cookies": sorted(response.cookies.output().splitlines()),
        "body": body,
    }


def _patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for each in resolver.url_patterns:
        text = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += _patterns(each, text)
        else:
            found.append((text, each))
    return found


def _is_left_out(pattern: str) -> bool:
    return any(f"/{pattern}".startswith(path) for path in UNSEEN)


def _fill(route: str, hub: Hub, random: Random) -> str:
    """A path for this pattern, its parameters drawn from what the worlds talk about."""
    text = _without_groups(route)
    text = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: _value(m[1], route, hub, random), text)
    text = text.replace("/?", random.choice(["/", ""]))
    return "/" + re.sub(r"\\Z|[\^$\\]", "", text).lstrip("/")


def _without_groups(route: str) -> str:
    """A regular expression with `<name>` where a named group stood."""
    while (start := route.find("(?P<")) >= 0:
        end, depth = start, 0
        for end in range(start, len(route)):
            depth += {"(": 1, ")": -1}.get(route[end], 0)
            if not depth:
                break
        name = route[start + 4 : route.index(">", start)]
        route = f"{route[:start]}<{name}>{route[end + 1 :]}"
    return route


def _value(name: str, route: str, hub: Hub, random: Random) -> str:
    known = hub.known
    pool_ids = [stix_id(pool, number) for pool, number in itertools.product("abd", range(4))]
    pools: dict[str, list[str]] = {
        "collection": ["everything", "inbox", "alerts", "indicators", "reports",
                       "circle-comun", "circle-oculto", "circle-secreto-1", UNKNOWN_UUID],
        "stix_id": [*known.indicators[-8:], *known.hidden_indicators[-4:], *pool_ids],
        "uuid": [*known.contributions[-8:], *known.hidden_contributions[-4:],
                 *known.hidden_submissions[-4:], UNKNOWN_UUID],
        "ceremony": [*known.ceremonies, *known.hidden_ceremonies[-4:], UNKNOWN_UUID],
        "document": [*known.documents, *known.hidden_documents[-4:], UNKNOWN_UUID],
        "issued": [UNKNOWN_UUID],
        "kind": ["domain", "ipv4", "url", "cve"],
        "value": [*VALUES, "nada.example"],
        "slug": ["alfa", "beta", "delta", "csirt", "mirador", "comun", "oculto", "secreto-1"],
        "member": ["alfa", "beta", "mirador", "nadie"],
        "person": [*(str(actor.person.uuid) for actor in hub.actors.values()), UNKNOWN_UUID],
        "token": ["no-such-token"],
        "passkey": [UNKNOWN_UUID],
        "session": [UNKNOWN_UUID],
        "admission": [UNKNOWN_UUID],
        "fingerprint": ["AB" * 20],
        "departure": [UNKNOWN_UUID],
        "file": ["statement.pdf", "holdings.jsonl", "certificate.pdf"],
        "number": ["1", "4", "15", "99"],
        "locator": [*(secret[6:22] for secret in hub.secrets.values()), "a" * 16],
        "word": list(WORDS),
        "provider": [UNKNOWN_UUID],
        "language": ["es", "en"],
    }  # fmt: skip
    if name not in pools:
        raise LookupError(f"No pool fills {name!r} of {route!r}: say what the prober asks there.")
    return random.choice(pools[name])
