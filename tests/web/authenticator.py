"""An authenticator in software: it makes passkeys and signs challenges as browsers send them."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

ORIGIN, RP_ID = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """A device with one passkey. What a test changes, it lies about."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: int = PRESENT | VERIFIED
    count: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, client, *, options="/sign-in/enrol/passkey/options") -> str:
        """A new passkey for whoever is in this browser; what the form is to carry."""
        asked = client.post(options).json()["publicKey"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + public
        data = self._data(ATTESTED, attested)
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(made)}
        )

    def sign(self, client, *, challenge="") -> str:
        """The answer to a challenge that this browser asks for, or to another."""
        challenge = challenge or self.challenge(client)
        said, data = self._said("webauthn.get", challenge), self._data(0, b"")
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(said),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.handle) if self.handle else None,
            }
        )

    def challenge(self, client) -> str:
        """A challenge that the hub gives out to this browser."""
        return client.post("/sign-in/passkey/options").json()["publicKey"]["challenge"]

    def _data(self, flags: int, attested: bytes) -> bytes:
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + bytes([self.flags | flags]) + self.count.to_bytes(4, "big") + attested

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response,
                           "clientExtensionResults": {}})  # fmt: skip
