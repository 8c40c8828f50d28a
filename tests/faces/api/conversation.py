"""A client of the API, and what tests share through it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.test import Client

ROOT = "/api/v1/"
JSON = "application/json"
EVERYONE = {"tlp": "TLP:AMBER", "everyone": True}


class Caller:
    """Speaks to the API with one key, or with none."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.headers = {"authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, headers=None, **query):
        address = f"{ROOT}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        return self.client.get(address, headers=self.headers | (headers or {}))

    def post(self, path: str, body=None, headers=None, *, media_type="application/json"):
        return self.send("post", path, body, headers, media_type=media_type)

    def send(
        self, method: str, path: str, body=None, headers=None, *, media_type="application/json"
    ):
        data = body if isinstance(body, bytes) else b"" if body is None else _encoded(body)
        return getattr(self.client, method)(
            f"{ROOT}{path}",
            data,
            content_type=media_type,
            headers=self.headers | (headers or {}),
        )

    def share(self, headers=None, **fields):
        """Share something and return the contribution as it is answered."""
        response = self.post("contributions", draft(**fields), headers)
        assert response.status_code == 201, response.content
        return response.json()

    def every(self, path: str, **query) -> list:
        """The items of all the pages of a list."""
        items, cursor = [], ""
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items


def draft(**fields) -> dict:
    return {
        "title": "Phishing contra clientes",
        "text": "Correo con enlace falso.",
        "kind": "alert",
        "audience": EVERYONE,
        "observables": ["hxxps://acceso[.]example/login"],
    } | fields


def _encoded(body) -> bytes:
    return json.dumps(body).encode()
