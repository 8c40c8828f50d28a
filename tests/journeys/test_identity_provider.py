"""An organisation's people sign in at its own provider, in a real browser, in both languages."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import tls
from tests.journeys.conftest import set_up_app
from tests.openid import CLIENT, SECRET, Provider
from tests.servers import Hub

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
EMAIL = "camila@bancoejemplo.example"


@pytest.fixture
def elsewhere(tmp_path):
    authority = tls.Authority(tmp_path)
    with Provider().open(authority) as provider:
        provider.trusted_by = authority.file
        yield provider


@pytest.fixture
def hub(tmp_path, monkeypatch, elsewhere):
    monkeypatch.setenv("SSL_CERT_FILE", str(elsewhere.trusted_by))
    monkeypatch.setenv("MINGA_OUTBOUND_NETWORKS", "127.0.0.0/8 ::1/128")
    made = Hub(tmp_path / "hub").set_up()
    made.run("org", "add", "Banco Ejemplo", "--slug", "banco", "--signed", "acta")
    with made.serving():
        yield made


@pytest.fixture
def page(chromium, hub):
    """A window that would show every breach of the policy for pages."""
    context = chromium.new_context(
        base_url=hub.url, locale="es-CL", viewport={"width": 390, "height": 800},
        ignore_https_errors=True,
    )  # fmt: skip
    opened = context.new_page()
    said = []
    opened.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    yield opened
    context.close()
    complaints = [each for each in said if each.startswith(("error", "warning"))]
    assert [each for each in complaints if "403 (Forbidden)" not in each] == []  # who is refused


def test_a_counterpart_sets_the_provider_and_enters_by_it(page, hub, elsewhere):
    link = hub.run("person", "add", "banco", "Camila Rojas", EMAIL, "--role", "counterpart")
    page.goto(urlsplit(link["sign_in_url"]).path)  # the provider sends back to this address
    page.get_by_role("button", name="Entrar como Camila Rojas").click()
    set_up_app(page)

    page.goto("/organisation/identity-provider")
    page.get_by_label("Emisor").fill(elsewhere.issuer)
    page.get_by_label("Cliente").fill(CLIENT)
    page.get_by_label("Secreto").fill(SECRET)
    page.get_by_role("button", name="Comprobar y conectar").click()
    expect(page.get_by_text("Guardado. Cada persona se conecta una vez")).to_be_visible()

    page.goto("/me/identity/")
    page.get_by_role("button", name="Conectar mi cuenta").click()
    expect(page.get_by_text("ana-7")).to_be_visible()
    way_in = page.locator("a[href^='/sign-in/with/']").get_attribute("href")

    page.goto("/me/")
    page.get_by_role("button", name="Salir").click()
    page.goto(way_in)
    page.get_by_role("button", name="Seguir").click()
    page.wait_for_url("**/alerts/")

    page.goto("/me/")
    page.get_by_role("radio", name="English").check()
    page.get_by_role("button", name="Guardar").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in at Banco Ejemplo").click()
    expect(page.get_by_text("come back signed in")).to_be_visible()
    elsewhere.claims = {"sub": "somebody-else"}
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Nobody here is connected with that account.")).to_be_visible()
