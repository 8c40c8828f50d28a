"""Signing in at another's: what OpenID Connect Core 1.0 asks of a client, and no more.

Authorization code with PKCE (RFC 7636), a state and a nonce of one use, and a token that is
verified against the keys which the issuer publishes at that moment. Whoever answers is known by
issuer and subject alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import jwt
import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from minga.core.problems import Problem
from minga.store import outbound, world

SUITES = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
LEEWAY_SECONDS = 60
LONGEST_TOKEN = 20_000
LONGEST_SUBJECT = 255
LONGEST_ENDPOINT = 500
WELL_KNOWN = "/.well-known/openid-configuration"
MULTIPLE_FACTORS = "mfa"


class Unproven(Problem):
    """An identity provider did not prove who somebody is."""

    code = "unproven"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where an issuer is asked for what; all https."""

    authorization: str
    token: str
    keys: str


class Client(Protocol):
    """What an issuer knows of us, and where it is asked; `IdentityProvider` is one."""

    issuer: str
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    keys_endpoint: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of an issuer, to be compared with what comes back; each holds once.

    `is_anew` asks that somebody shows there once more who he is, and when he did.
    """

    state: str
    nonce: str
    verifier: str
    is_anew: bool = False

    @classmethod
    def fresh(cls, *, is_anew: bool = False) -> Question:
        """A question nobody can guess: 256 bits in each part."""
        state, nonce, verifier = (_text(world.random_bytes(32)) for _part in range(3))
        return cls(state, nonce, verifier, is_anew)

    @property
    def max_age(self) -> int:
        """How many seconds ago, at most, somebody may have shown at the issuer who he is."""
        seconds: int = settings.PROOF_SECONDS if self.is_anew else settings.SESSION_SECONDS
        return seconds

    def as_dict(self) -> dict[str, Any]:
        """Its parts, to be kept until the answer comes."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody is at an issuer, and whether he showed more than one factor there.

    `shown_at` is when he did, or None when the issuer does not say.
    """

    issuer: str
    subject: str
    has_two_factors: bool
    shown_at: datetime | None = None


class _Configuration(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[str] = msgspec.field(default_factory=lambda: ["code"])
    id_token_signing_alg_values_supported: list[str] = msgspec.field(default_factory=list)


class _Tokens(msgspec.Struct):
    id_token: str


def discover(issuer: str) -> Endpoints:
    """Where this issuer wants to be asked.

    Source: OpenID Connect Discovery 1.0, section 4; the issuer it names must be this one to the
    letter. Raises Unproven when it says something else, outbound.Unreachable when it says nothing.
    """
    answer = outbound.get(issuer.rstrip("/") + WELL_KNOWN)
    found = _decode(answer, _Configuration, of="configuration")
    if found.issuer != issuer:
        raise Unproven(
            f"The issuer calls itself {found.issuer[:100]!r}; expected {issuer!r}, to the letter.",
            field="issuer",
        )
    if "code" not in found.response_types_supported:
        raise Unproven("The issuer gives no authorization codes.", field="issuer")
    offered = found.id_token_signing_alg_values_supported
    if offered and not set(offered) & set(SUITES):
        raise Unproven(f"The issuer signs with none of {', '.join(SUITES)}.", field="issuer")
    for endpoint in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
        if len(endpoint) > LONGEST_ENDPOINT:
            raise Unproven(f"An endpoint has over {LONGEST_ENDPOINT} characters.", field="issuer")
        outbound.refuse_address(endpoint)
    return Endpoints(found.authorization_endpoint, found.token_endpoint, found.jwks_uri)


def asking_url(client: Client, question: Question, *, redirect_uri: str, language: str) -> str:
    """The address at the issuer to which a browser carries this question."""
    challenge = _text(hashlib.sha256(question.verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "ui_locales": language,
        "max_age": str(question.max_age),
    }
    if question.is_anew:
        asked["prompt"] = "login"
    joint = "&" if urlsplit(client.authorization_endpoint).query else "?"
    return client.authorization_endpoint + joint + urlencode(asked, quote_via=quote)


def proof_of(
    client: Client, secret: str, question: Question, *, code: str, redirect_uri: str
) -> Proof:
    """Who the issuer says that somebody is, for a code that it gave to this question.

    Raises Unproven when a signature, a claim or the nonce is not what it must be, also when he
    showed it longer ago than was asked, and outbound.Unreachable.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": question.verifier,
    }
    answer = outbound.post_form(
        client.token_endpoint, fields, headers={"Authorization": _basic(client.client_id, secret)}
    )
    token = _decode(answer, _Tokens, of="token").id_token
    claims = _verified(token, client)
    if not hmac.compare_digest(str(claims.get("nonce", "")), question.nonce):
        raise Unproven("The token answers another question.")
    methods = claims.get("amr")
    return Proof(
        issuer=client.issuer,
        subject=_subject(claims),
        has_two_factors=isinstance(methods, list) and MULTIPLE_FACTORS in methods,  # RFC 8176
        shown_at=_shown_at(claims, question),
    )


def is_state_of(question: Question, state: str) -> bool:
    """Whether an answer belongs to this question, compared in constant time."""
    return hmac.compare_digest(question.state.encode(), state.encode("utf-8", "replace"))


def _verified(token: str, client: Client) -> dict[str, Any]:
    """The claims of a token. Source: OpenID Connect Core 1.0, section 3.1.3.7."""
    if len(token) > LONGEST_TOKEN:
        raise Unproven(f"The token has over {LONGEST_TOKEN} characters.")
    try:
        key = _key_of(token, client)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=list(SUITES), audience=client.client_id, issuer=client.issuer,
            leeway=LEEWAY_SECONDS, options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Unproven(f"The token of the identity provider does not hold: {error}.") from None
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise Unproven("The token is for several clients and does not say which asked for it.")
    if claims.get("azp", client.client_id) != client.client_id:
        raise Unproven("The token was given to another client.")
    return claims


def _key_of(token: str, client: Client) -> Any:
    """The one published key for signatures that this token names, or the only one there is."""
    answer = outbound.get(client.keys_endpoint)
    published = jwt.PyJWKSet.from_dict(_decode(answer, dict[str, Any], of="key set")).keys
    signing = [key for key in published if key.public_key_use in {None, "sig"}]
    name = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in signing if name is None or key.key_id == name]
    if len(fitting) != 1:
        raise Unproven("The identity provider publishes no single key for its token.")
    return fitting[0].key


def _subject(claims: dict[str, Any]) -> str:
    subject = claims["sub"]
    if (
        not isinstance(subject, str)
        or not subject.strip()
        or not subject.isprintable()
        or len(subject) > LONGEST_SUBJECT
    ):
        raise Unproven(
            f"The token names no subject; expected 1 to {LONGEST_SUBJECT} visible characters."
        )
    return subject


def _shown_at(claims: dict[str, Any], question: Question) -> datetime | None:
    """When somebody showed at the issuer who he is. OpenID Connect Core 1.0, section 3.1.3.7 (13).

    The browser carries the question, so whoever sits there may have taken `max_age` and `prompt`
    out of it; this time is signed. An issuer that does not tell it is believed but for what reaches
    far (ASVS 6.8.4).
    """
    said, now = claims.get("auth_time"), world.now()
    if said is None and not question.is_anew:
        return None
    if said is None:
        raise Unproven(
            _(
                "Your identity provider does not say when you showed there who you are. Ask for a "
                "sign-in link and make a passkey by it: from then on that one is asked for here."
            )
        )
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        raise Unproven("The token does not say in seconds when somebody signed in.")
    ago = now.timestamp() - said
    if not -LEEWAY_SECONDS <= ago <= question.max_age + LEEWAY_SECONDS:
        raise Unproven(
            _("You showed at your identity provider too long ago who you are; sign in there anew.")
        )
    return min(now, datetime.fromtimestamp(said, UTC))


def _decode(answer: outbound.Answer, kind: Any, *, of: str) -> Any:
    if answer.status != 200:
        raise Unproven(f"The identity provider answered {answer.status} instead of its {of}.")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unproven(f"The identity provider's {of} cannot be read.") from None


def _basic(client_id: str, secret: str) -> str:
    """The client's credentials in a header; RFC 6749, section 2.3.1 wants each part quoted."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
