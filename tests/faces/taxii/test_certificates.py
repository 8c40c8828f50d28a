"""Row 3.1.3 of the interoperability tests: a client certificate instead of a password.

TLS ends at the proxy before the hub. The proxy asks for a certificate, and adds the key that
belongs to it. Here a small TLS server does what the operator's proxy does.
"""

import hashlib
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from tests.faces.taxii.conversation import TAXII

pytestmark = pytest.mark.django_db(transaction=True)


class Authority:
    """Issues certificates for loopback and for clients, valid for a day."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        certificate = self._sign(self.name, self.key.public_key(), is_authority=True)
        self.path = folder / "authority.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name):
        """Paths of a certificate and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._sign(subject, key.public_key(), is_authority=False)
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return paths

    def _sign(self, subject, public_key, *, is_authority):
        now = datetime.now(UTC)
        here = x509.IPAddress(ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([here]), critical=False)
            .sign(self.key, hashes.SHA256())
        )


def fingerprint(path):
    der = ssl.PEM_cert_to_DER_cert(path.read_text())
    return hashlib.sha256(der).hexdigest()


class Front(WSGIRequestHandler):
    """Hands on each request with the key that belongs to the certificate of its connection."""

    key_of_certificate = {}

    def get_environ(self):
        environ = super().get_environ()
        certificate = self.connection.getpeercert(binary_form=True)
        key = self.key_of_certificate.get(hashlib.sha256(certificate).hexdigest(), "")
        return environ | {"HTTP_AUTHORIZATION": f"Bearer {key}"}

    def log_message(self, *args):
        pass


class Quiet(WSGIServer):
    """Says nothing of connections that end in the handshake."""

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def front(two, tmp_path):
    """A TLS server that asks for a certificate of our authority, before the hub."""
    authority = Authority(tmp_path)
    member, stranger = authority.issue("member"), authority.issue("stranger")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.path)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_cert_chain(*authority.issue("hub"))

    class OurFront(Front):
        key_of_certificate = {fingerprint(member[0]): two.reader_key}

    def hub(environ, start_response):
        try:
            return list(WSGIHandler()(environ, start_response))
        finally:
            connection.close()

    server = Quiet(("127.0.0.1", 0), OurFront)
    server.set_app(hub)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    two.url = f"https://127.0.0.1:{server.server_port}/taxii2/"
    two.authority, two.member, two.stranger = authority, member, stranger
    yield two
    server.shutdown()
    server.server_close()
    thread.join()


def ask(front, cert=None):
    return requests.get(
        front.url,
        headers={"Accept": TAXII},
        verify=front.authority.path,
        cert=cert and tuple(map(str, cert)),
        timeout=10,
    )


def test_row_3_1_3_certificate(front):
    assert ask(front, front.member).status_code == 200


def test_a_certificate_that_belongs_to_no_key_is_nobody(front):
    assert ask(front, front.stranger).status_code == 401


def test_without_a_certificate_there_is_no_connection(front):
    with pytest.raises(requests.ConnectionError):
        ask(front)
