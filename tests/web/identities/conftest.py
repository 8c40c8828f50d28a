"""An organisation whose people may sign in at its own provider."""

import pytest

from minga.features.membership import services
from minga.store.people.actors import Actor
from minga.web import identities
from minga.web.openid import Proof
from tests import factories, tls
from tests.openid import CLIENT, SECRET, Provider


@pytest.fixture
def authority(tmp_path, monkeypatch, settings):
    settings.OUTBOUND_NETWORKS = "127.0.0.0/8 ::1/128"
    made = tls.Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def elsewhere(authority):
    """The provider, answering."""
    with Provider().open(authority) as provider:
        yield provider


@pytest.fixture
def counterpart():
    return factories.member(role="counterpart")


@pytest.fixture
def provider(elsewhere, counterpart):
    """The organisation's provider, as the hub knows it."""
    return services.set_provider(
        counterpart.organisation, by=counterpart, issuer=elsewhere.issuer, client_id=CLIENT,
        secret=SECRET,
    )  # fmt: skip


@pytest.fixture
def ana(provider, elsewhere):
    """Somebody of the organisation who connected himself."""
    person = factories.person(provider.organisation)
    proof = Proof(provider.issuer, elsewhere.subject, has_two_factors=False)
    identities.connect(proof, by=Actor(person.organisation, person=person), provider=provider)
    return person
