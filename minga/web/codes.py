"""Codes of an app (TOTP, RFC 6238) and recovery codes.

Six digits, a step of 30 seconds, SHA-1: what every app can do. A code of the step before or after
is taken too (RFC 6238, section 5.2), each step once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.http import urlencode

from minga.store import sealing, world
from minga.store.people.models import CodeApp, Person, RecoveryCode

STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
RECOVERY_CODES, RECOVERY_BYTES = 10, 15
_LETTERS, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_LETTERS, _CROCKFORD)
_MISREAD = str.maketrans("OIL", "011")


def new_secret(person: Person) -> bytes:
    """A secret for an app, sealed for this person; it is nobody's until `set_up` keeps it."""
    return sealing.seal(world.random_bytes(SECRET_BYTES), purpose=_purpose(person))


def spelled(sealed: bytes, person: Person) -> str:
    """The secret as it is typed into an app: base32 in groups of four."""
    text = base64.b32encode(sealing.unseal(sealed, purpose=_purpose(person))).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(sealed: bytes, person: Person) -> str:
    """The secret as an app reads it from a picture: an otpauth address."""
    issuer = settings.HUB_NAME.replace(":", " ")
    values = {"secret": spelled(sealed, person).replace(" ", ""), "issuer": issuer}
    label = urlencode({"": f"{issuer}:{person.email}"})[1:].replace("+", "%20")
    return f"otpauth://totp/{label}?{urlencode(values).replace('+', '%20')}"


@transaction.atomic
def set_up(person: Person, sealed: bytes, *, code: str) -> bool:
    """Keep this secret for the person if the code shows that his app has it; it replaces another.

    The code is used up.
    """
    step = _step_of(sealing.unseal(sealed, purpose=_purpose(person)), code, after=-1)
    if step is None:
        return False
    CodeApp.objects.update_or_create(
        person=person,
        defaults={"secret": sealed, "last_step": step, "created_at": world.now()},
    )
    return True


def take(person: Person, *, code: str) -> bool:
    """Whether this is a code of the person's app that was not taken before; it is used up."""
    app = CodeApp.objects.filter(person=person).first()
    if app is None:
        return False
    secret = sealing.unseal(bytes(app.secret), purpose=_purpose(person))
    step = _step_of(secret, code, after=app.last_step)
    if step is None:
        return False
    # Two workers may hold the same code; one of them finds the step still before it.
    taken = CodeApp.objects.filter(pk=app.pk, last_step__lt=step, secret=app.secret)
    return bool(taken.update(last_step=step, last_used_at=world.now()))


@transaction.atomic
def new_recovery_codes(person: Person) -> list[str]:
    """Ten codes of 120 bits, to be shown once; those before are worth nothing any more."""
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=_digest(code, person)) for code in codes
    )
    return codes


def take_recovery_code(person: Person, *, code: str) -> bool:
    """Whether this is a recovery code of the person's that was not used; it is used up."""
    found = RecoveryCode.objects.filter(person=person, digest=_digest(code, person), used_at=None)
    return bool(found.update(used_at=world.now()))


def recovery_codes_left(person: Person) -> int:
    """How many of his recovery codes are unused."""
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def _step_of(secret: bytes, code: str, *, after: int) -> int | None:
    """The time step, later than `after`, whose code this is."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        return None
    totp = TOTP(secret, DIGITS, hashes.SHA1(), STEP_SECONDS, enforce_key_length=True)  # noqa: S303 - HMAC-SHA-1, RFC 6238
    now = int(world.now().timestamp()) // STEP_SECONDS
    matching = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(totp.generate(step * STEP_SECONDS), typed.encode())
    ]
    return next((step for step in matching if step > after), None)


def _new_recovery_code() -> str:
    text = base64.b32encode(world.random_bytes(RECOVERY_BYTES)).decode().translate(_TO_CROCKFORD)
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _digest(code: str, person: Person) -> bytes:
    """A hash is enough for 120 bits of chance. Case, blanks, dashes, look-alikes: all the same."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MISREAD)
    return hashlib.sha256(f"{person.uuid} {plain}".encode()).digest()


def _purpose(person: Person) -> str:
    return f"people_codeapp.secret of {person.uuid}"
