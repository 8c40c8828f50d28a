"""One request of one caller, and what became of it in one word."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.faces.taxii.conversation import TAXII
from tests.security.doors.town import Caller

MACHINES = ("/api/v1/", "/taxii2/")
NAMES = re.compile(r"<(?:\w+:)?(\w+)>")
IN, CLOSED, HIDDEN, SIGN_IN, UNKNOWN = "in", "closed", "hidden", "sign in", "unknown"
GONE, NO_SUCH_METHOD = "gone", "no such method"
_BY_STATUS = {401: UNKNOWN, 403: CLOSED, 404: HIDDEN, 405: NO_SUCH_METHOD, 410: GONE}


def filled(route: str, values: dict[str, str]) -> str:
    """A path in which each name of the route stands for a value."""
    return NAMES.sub(lambda name: values[name[1]], route).replace("…", "nothing-here")


def ask(caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
    """What the hub answers. A dictionary is a form at pages and JSON at doors of machines."""
    client = _client()
    client.cookies.clear()
    if caller.session:
        client.cookies[settings.SESSION_COOKIE_NAME] = caller.session
    sent = caller.headers | headers
    if path.startswith("/taxii2/"):
        sent = {"accept": TAXII} | sent
    if method == "GET":
        return client.get(path, body, headers=sent)
    if path.startswith(MACHINES):
        kind = TAXII if path.startswith("/taxii2/") else "application/json"
        kind = sent.pop("content-type", kind)
        return client.generic(method, path, as_json(body), content_type=kind, headers=sent)
    if method == "POST" and "content-type" not in sent:
        return client.post(path, body or {}, headers=sent)
    return client.generic(method, path, headers=sent)


@cache
def _client() -> Client:
    """One for all, because each loads the whole middleware; what it is given to keep is dropped."""
    return Client()


def as_json(body: Any) -> bytes:
    """A body as a machine sends it; bytes and nothing stay as they are."""
    return body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""


def became_of(response: HttpResponse) -> str:
    """In one word; a conflict too is told only to who may.

    `in`, `closed`, `hidden`, `sign in`, `unknown`, or the status when it is another.
    """
    status = response.status_code
    elsewhere = response.get("Location") or response.get("HX-Redirect") or ""
    if elsewhere.startswith("/sign-in/"):
        return SIGN_IN
    if status < 400 or status == 409:
        return IN
    return _BY_STATUS.get(status, str(status))


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
