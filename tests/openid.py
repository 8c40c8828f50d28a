"""An OpenID provider on loopback: it asks nobody anything and says whoever it is told to say."""

import base64
import hashlib
import json
import time
from contextlib import contextmanager
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests import tls

CLIENT, SECRET = "minga:hub", "a secret/with signs"


class Provider:
    """Knows one client. `claims` and `faults` change what it says of `subject`."""

    def __init__(self):
        self.issuer = ""
        self.subject = "ana-7"
        self.claims = {}
        self.faults = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes = {}

    @contextmanager
    def open(self, authority):
        """Answers, by TLS, until the end."""
        with tls.serving(self.answer, authority.context_for("localhost")) as address:
            self.issuer = address
            yield self

    def answer(self, handler):
        path, _, query = handler.path.partition("?")
        pages = {
            "/.well-known/openid-configuration": self.configuration,
            "/keys": self.keys,
            "/token": self.token,
            "/authorize": lambda handler: self.authorize(handler, query),
        }
        pages.get(path, lambda handler: _say(handler, 404, {}))(handler)

    def configuration(self, handler):
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        _say(handler, 200, found | self.faults.get("configuration", {}))

    def keys(self, handler):
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        published = [public | {"kid": "one", "use": "sig"}]
        _say(handler, 200, {"keys": self.faults.get("keys", published)})

    def authorize(self, handler, query):
        """Somebody came with a browser: he is let in and sent back at once."""
        handler.send_response(302)
        handler.send_header("Location", self.way_back(dict(parse_qsl(query))))
        handler.end_headers()

    def way_back(self, asked):
        """The address to which a browser that asked this is sent."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)}"
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return asked["redirect_uri"] + "?" + urlencode(answer)

    def token(self, handler):
        length = int(handler.headers["Content-Length"])
        said = {
            name: values[0]
            for name, values in parse_qs(handler.rfile.read(length).decode()).items()
        }
        asked = self.codes.pop(said["code"], None)
        if asked is None or not self._is_client(handler) or not _fits(said, asked):
            _say(handler, 400, {"error": "invalid_grant"})
            return
        token = self.faults.get("token") or self.sign(asked)
        _say(handler, 200, {"access_token": "x", "token_type": "Bearer", "id_token": token})

    def sign(self, asked, *, key=None, algorithm="RS256", kid="one"):
        """The token that says who came."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "email": "somebody.else@example.com",
            "amr": ["pwd", "mfa"], "auth_time": now if "max_age" in asked else None,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return _encode(claims, key or self.key, algorithm, kid)

    def _is_client(self, handler):
        kind, _, pair = handler.headers["Authorization"].partition(" ")
        client, _, secret = base64.b64decode(pair).decode().partition(":")
        return (kind, unquote(client), unquote(secret)) == ("Basic", CLIENT, SECRET)


def asked_of(location):
    """What a browser carries to the provider in this address."""
    return dict(parse_qsl(urlsplit(location).query))


def _encode(claims, key, algorithm, kid):
    if algorithm == "none":
        key = None
    headers = {"kid": kid} if kid else {}
    try:
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)
    except (TypeError, jwt.InvalidKeyError):  # PyJWT would not make what must be refused
        head = {"alg": algorithm, **headers}
        text = b".".join(_text(json.dumps(part).encode()) for part in (head, claims))
        signer = jwt.get_algorithm_by_name(algorithm)
        return (text + b"." + _text(signer.sign(text, key))).decode()


def _fits(said, asked):
    challenge = _text(hashlib.sha256(said["code_verifier"].encode()).digest()).decode()
    return challenge == asked["code_challenge"] and said["redirect_uri"] == asked["redirect_uri"]


def _text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _say(handler, status, found):
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.wfile.write(json.dumps(found).encode())
