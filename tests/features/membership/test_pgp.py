"""PGP keys of organisations: only public ones that hold, shown to whom sees the contact."""

import base64
import struct
from datetime import timedelta

import pytest
from django.utils.translation import override
from pysequoia import Cert, Tsk

from minga.core.problems import Forbidden, Invalid, NotFound
from minga.features.membership import queries, services
from minga.features.membership.pages.pgp import why
from minga.features.membership.services import Profile
from minga.features.membership.services.pgp import Unfit
from minga.store import world
from minga.store.people.models import PgpKey
from tests import factories
from tests.features.exchange.browsing import signed_in, words
from tests.features.exchange.conftest import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    factories.hub()
    return factories.member(role="counterpart")


@pytest.fixture(scope="module")
def secret():
    return Tsk.generate("Seguridad <csirt@example.cl>")


@pytest.fixture(scope="module")
def public(secret):
    until = world.now() + timedelta(days=365)
    cert = secret.extract_certificate()
    return str(cert.set_expiration(expiration=until, certifier=secret.certifier()))


def added(ana, text):
    return services.add_pgp_key(ana.organisation.slug, text, by=ana)


def test_what_a_key_says_is_read_from_it(ana, public):
    key = added(ana, public)

    assert key.user_ids == ["Seguridad <csirt@example.cl>"]
    assert len(key.fingerprint) == 40
    assert key.expires_at > world.now()
    assert added(ana, public).pk == key.pk


def test_a_secret_key_is_refused_and_nothing_of_it_kept(ana, secret):
    text = str(secret)
    for said in (text, text + text):
        with pytest.raises(Invalid, match="secret key") as refused:
            added(ana, said)
        assert text[100:140] not in refused.value.message
    assert not PgpKey.objects.exists()


@pytest.mark.parametrize("text", ["", "nada", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "\x00"])
def test_what_is_no_key_is_refused(ana, text):
    with pytest.raises(Invalid, match=r"no PGP key|keys"):
        added(ana, text)


@pytest.mark.parametrize("name", ["Ana\0", "Ana\u202e", "Ana\nBanco", "x" * 201])
def test_a_user_id_that_cannot_be_shown_as_it_is_is_refused(ana, name):
    with pytest.raises(Invalid, match="cannot be shown"):
        added(ana, str(Tsk.generate(name).extract_certificate()))
    assert not PgpKey.objects.exists()


def test_an_organisation_shows_ten_keys_at_most(ana):
    keys = [str(Tsk.generate("Ana <ana@example.cl>").extract_certificate()) for _ in range(11)]
    for each in keys[:10]:
        added(ana, each)

    with pytest.raises(Invalid, match="take one away"):
        added(ana, keys[10])
    assert added(ana, keys[0])


def test_an_expired_key_is_refused(ana, public, monkeypatch):
    later = world.now() + timedelta(days=2_000)
    monkeypatch.setattr(world, "now", lambda: later)
    with pytest.raises(Invalid, match="expired on"):
        added(ana, public)


def test_a_revoked_key_is_refused(ana, secret):
    cert = secret.extract_certificate()
    revoked = Cert.from_bytes(bytes(cert) + bytes(cert.revoke(secret.certifier())))
    with pytest.raises(Invalid, match="revoked"):
        added(ana, str(revoked))


RSA, ELGAMAL, DSA = 1, 16, 17
"""RFC 9580, section 9.1."""


def bare_key(algorithm, *numbers_of_bits):
    """A public key of these numbers that names somebody and signs nothing, armoured."""
    numbers = [
        struct.pack(">H", bits) + (1 << bits - 1 | 1).to_bytes((bits + 7) // 8, "big")
        for bits in numbers_of_bits
    ]
    key = b"\x04" + struct.pack(">IB", 1_700_000_000, algorithm) + b"".join(numbers)
    packets = b"".join(
        bytes([0xC0 | tag, 0xFF]) + struct.pack(">I", len(body)) + body
        for tag, body in ((6, key), (13, b"Ana <ana@example.cl>"))
    )
    lines = base64.encodebytes(packets).decode()
    name = "PGP PUBLIC KEY BLOCK"
    return f"-----BEGIN {name}-----\n\n{lines}-----END {name}-----\n"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (bare_key(RSA, 1024, 17), "too weak"),
        (bare_key(RSA, 2047, 17), "too weak"),
        (bare_key(DSA, 2048, 256, 2048, 2048), "too weak"),
        (bare_key(ELGAMAL, 2048, 17, 2048), "too weak"),
        (bare_key(RSA, 2048, 17), "signatures do not hold"),
    ],
)
def test_a_weak_key_and_one_that_nothing_binds_to_its_name_are_refused(ana, key, why):
    with pytest.raises(Invalid, match=why):
        added(ana, key)


def test_what_is_refused_is_told_in_the_readers_language(ana, secret):
    for text, said in (("nada", "No es una llave PGP."), (str(secret), "Es una llave secreta.")):
        answer = signed_in(ana, "es").post("/organisation/pgp", {"key": text})

        assert answer.status_code == 422
        assert said in words(answer)


@pytest.mark.parametrize("unfit", Unfit)
def test_every_refusal_has_words_in_both_languages(unfit):
    with override("en"):
        english = why(unfit)
    with override("es"):
        assert why(unfit) not in {english, ""}
    assert "%(" not in english


def test_it_is_shown_to_whom_sees_the_contact(ana, public):
    key, slug = added(ana, public), ana.organisation.slug
    other = factories.member()
    path = f"/members/{slug}/pgp/{key.fingerprint}.asc"
    assert not queries.pgp_keys_of(slug, reader=other.reader)
    assert signed_in(other).get(path).status_code == 404

    services.describe_organisation(slug, Profile(shows_contact="members"), by=ana)

    assert signed_in(other).get(path).content.decode() == key.armoured
    assert key.fingerprint in words(signed_in(other).get(f"/members/{slug}/"))


def test_only_who_administers_it_adds_and_takes_away(ana, public):
    key, slug = added(ana, public), ana.organisation.slug
    for by in (factories.member(ana.organisation), factories.member(role="counterpart")):
        with pytest.raises(Forbidden):
            services.add_pgp_key(slug, public, by=by)
        with pytest.raises(Forbidden):
            services.remove_pgp_key(slug, key.fingerprint, by=by)
    services.remove_pgp_key(slug, key.fingerprint, by=ana)
    with pytest.raises(NotFound):
        services.remove_pgp_key(slug, key.fingerprint, by=ana)


def test_the_page_shows_and_takes_away(ana, public):
    browser = signed_in(ana, "en")
    assert browser.post("/organisation/pgp", {"key": "nada"}).status_code == 422
    told = words(browser.post("/organisation/pgp", {"key": public}, follow=True))
    fingerprint = PgpKey.objects.get().fingerprint
    assert fingerprint in told
    browser.post(f"/organisation/pgp/{fingerprint}/remove")
    assert not PgpKey.objects.exists()
