"""How the hub keeps itself: secrets, cookies, passwords, headers."""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from minga.config import environment
from minga.config.settings.data import HOME


def _kept_secret(path: Path) -> bytes:
    """The hub's own 32 random bytes, made once and readable by its user alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


def _derive(purpose: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=_MASTER, digest_size=32).digest()


_MASTER = _kept_secret(HOME / "secret.key")
SECRET_KEY = _derive("django").hex()
CURSOR_KEY = _derive("cursor") + _derive("cursor-mac")
SEALING_KEY = _derive("secrets at rest")
NAMING_KEY = _derive("names that are not kept")

URL = environment.URL.value.rstrip("/")
_parts = urlsplit(URL)
IS_LOOPBACK = _parts.hostname in {"127.0.0.1", "localhost", "::1"}
IS_SECURE = _parts.scheme == "https"
OUTBOUND_NETWORKS = environment.network_list(environment.OUTBOUND_NETWORKS)
TRUSTED_PROXIES = environment.network_list(environment.TRUSTED_PROXIES)
DEBUG = False
ALLOWED_HOSTS = [
    _parts.hostname or "",
    *(["127.0.0.1", "localhost", "[::1]"] if IS_LOOPBACK else []),
]
CSRF_TRUSTED_ORIGINS = [URL]

SESSION_COOKIE_NAME = "__Host-minga" if IS_SECURE else "minga"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "minga.web.session_store"
SESSION_COOKIE_AGE = SESSION_SECONDS = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
PROOF_SECONDS = 15 * 60  # how long a proof of who it is opens what asks for a fresh one
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer browsers post forms as Origin: null
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frames are refused in PAGE_MIDDLEWARE, and by OF_MACHINES for machines
    "security.W008",  # TLS ends at the proxy; HSTS and cookies of https need no redirect of ours
]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "minga.web.weak_passwords.NotEasilyGuessed"},
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
