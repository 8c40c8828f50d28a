"""People on their way in: by a link, with an app or a passkey of theirs, and time that passes."""

import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from minga.store import sealing
from minga.store.people import credentials
from minga.store.people.models import CodeApp
from minga.web import codes
from tests.web.authenticator import Authenticator


def arriving(person, *, client=None):
    """A browser in which a one-time link was followed."""
    client = client or Client()
    client.post(f"/sign-in/{credentials.create_link(person)}/")
    return client


def is_inside(client):
    return client.get("/me/").status_code == 200


def with_passkey(person):
    """This person's authenticator, with a passkey of his that was set up on the page."""
    device = Authenticator()
    client = arriving(person)
    client.post("/sign-in/enrol/passkey", {"new_passkey": device.make(client)})
    return device


def with_app(person):
    """This person's secret of an app, set up, and a recovery code; no code was taken lately."""
    sealed = codes.new_secret(person)
    CodeApp.objects.create(person=person, secret=sealed, last_step=0)
    recovery = codes.new_recovery_codes(person)
    return sealing.unseal(sealed, purpose=f"people_codeapp.secret of {person.uuid}"), recovery


def code_of(secret, *, steps=0):
    totp = TOTP(secret, 6, hashes.SHA1(), 30)
    return totp.generate(int(time.time()) + 30 * steps).decode()


def second(client, **typed):
    return client.post("/sign-in/second", typed)


def age(client, *, seconds=16 * 60):
    """Let the proof of this browser be so much older."""
    session = client.session
    session["proved_at"] -= seconds
    session.save()
