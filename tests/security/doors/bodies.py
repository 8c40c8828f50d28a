"""What is sent where something must be: a body that is taken when its sender may do the thing.

By method and address. A new address that takes a body gets one here; without one nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minga.features.exchange.pages.findings import fingerprint
from tests.faces.taxii.conversation import encoded, envelope, indicator
from tests.security.doors.things import Thing

Body = Callable[[Thing], Any]
AT = "2026-01-01T00:00:00Z"
BUNDLE = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001"}
AUDIENCE = {"tlp": "TLP:GREEN", "everyone": True}
TEXT = "Texto"
WORDS = {"title": "Aviso", "text": TEXT, "of_text": fingerprint(TEXT), "kind": "1", "pap": "1",
         "step": "publish"}  # fmt: skip
CHOSEN = {"tlp": "green", "everyone": "on"}
ANSWER = {"verdict": "mitigated"}
OBSERVABLE = {"kind": "domain", "value": "malo-3.example"}
SEEN = {"first_seen_at": AT, "last_seen_at": AT}


def _of_object(body: dict[str, Any], name: str = "object") -> Body:
    return lambda thing: body | {name: thing.path["stix_id"]}


BODIES: dict[str, Any] = {
    "POST /taxii2/hub/collections/<collection>/objects/": encoded(envelope(indicator("b.example"))),
    "POST /api/v1/contributions": {"title": "Aviso", "kind": "alert", "audience": AUDIENCE},
    "PUT /api/v1/contributions/<uuidstr:uuid>": {"title": "Aviso", "kind": "alert"},
    "POST /api/v1/contributions/<uuidstr:uuid>/widen": {"audience": AUDIENCE},
    "POST /api/v1/lookup": {"values": ["malo-3.example"]},
    "POST /api/v1/sightings": _of_object(SEEN, "object_id"),
    "POST /api/v1/feedback": _of_object(ANSWER, "object_id"),
    "POST /api/v1/bundles": BUNDLE | {"objects": [indicator("c.example")]},
    "GET /api/v1/search": {"q": "malo"},
    "GET /api/v1/search.csv": {"q": "malo"},
    "GET /api/v1/lookup": {"q": "malo-3.example"},
    "GET /api/v1/lookup.csv": {"q": "malo-3.example"},
    "GET /api/v1/observables/<kind>": {"value": "malo-3.example"},
    "POST /share": WORDS | CHOSEN,
    "POST /alerts/<uuid:uuid>/revise": WORDS,
    "POST /alerts/<uuid:uuid>/audience": CHOSEN | {"step": "publish"},
    "POST /alerts/<uuid:uuid>/sightings": _of_object({}),
    "POST /alerts/<uuid:uuid>/feedback": _of_object(ANSWER),
    "POST /lookup": {"q": "malo-3.example"},
    "POST /lookup/sightings": _of_object(OBSERVABLE),
    "POST /lookup/feedback": _of_object(OBSERVABLE | ANSWER),
    "POST /agreement/sign": {"capacity": "Directora", "agrees": "on"},
    "POST /ceremonies/new": {"title": "Firma", "held_at": "2026-12-01T15:00"},
    "POST /ceremonies/<uuid:ceremony>/signatories": {"organisation": "delta"},
    "POST /organisation/": {"shows_contact": "hub"},
    "POST /organisation/logo": {"allowed": "no"},
    "POST /organisation/identity-provider": {
        "issuer": "https://127.0.0.1", "client_id": "minga", "secret": "a secret",
    },
    "POST /people/invite": {
        "name": "Ana", "email": "ana@alfa.example", "role": "reader", "language": "es",
    },
    "POST /members/<slug:slug>/invite": {
        "name": "Ana", "email": "ana@alfa.example", "role": "reader", "language": "es",
    },
    "POST /people/<uuid:person>/": {"role": "reader"},
    "POST /keys/new": {"name": "SIEM", "doors": ["api"], "ceiling": "4", "days": "30"},
    "POST /circles/<slug:slug>/": {"organisation": "delta"},
    "POST /people/<uuid:person>/transfer": {"organisation": "delta", "role": "reader"},
    "POST /circles/new": {"name": "Nuevo", "steward": "alfa", "way": "steward"},
    "POST /circles/<slug:slug>/joining": {"way": "steward"},
    "POST /circles/<slug:slug>/propose": {"organisation": "delta"},
    "POST /admissions/<uuid:admission>/vote": {"in_favour": "yes"},
    "POST /members/new": {
        "organisation": "Nueva", "name": "Ana", "email": "ana@nueva.example",
        "role": "counterpart", "language": "es",
    },
    "POST /departures/<uuid:departure>/": {
        "outcome": "destroyed", "signer": "Ana", "reference": "Of. 9",
    },
    "POST /me/password": {"new": "una frase muy larga", "again": "una frase muy larga"},
}  # fmt: skip


def body_of(method: str, route: str, thing: Thing) -> Any:
    """What is sent with this method to this address about this thing; None is nothing."""
    body = BODIES.get(f"{method} {route}")
    return body(thing) if callable(body) else body
