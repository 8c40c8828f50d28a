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
SAID = {
    "es": {
        "as": "Entrar como Camila Rojas", "issuer": "Emisor",
        "client": "Cliente", "secret": "Secreto", "check": "Comprobar y conectar",
        "saved": "Guardado. Cada persona se conecta una vez", "connect": "Conectar mi cuenta",
        "out": "Salir", "at": "Entrar por {}", "back": "vuelves con la sesión abierta",
        "go on": "Seguir", "nobody": "Nadie aquí está conectado con esa cuenta.",
    },
    "en": {
        "as": "Sign in as Camila Rojas", "issuer": "Issuer",
        "client": "Client", "secret": "Secret", "check": "Check and connect",
        "saved": "Saved. Each person connects once", "connect": "Connect my account",
        "out": "Sign out", "at": "Sign in at {}", "back": "come back signed in", "go on": "Go on",
        "nobody": "Nobody here is connected with that account.",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    authority = tls.Authority(tmp_path_factory.mktemp("authority"))
    with Provider().open(authority) as provider:
        provider.trusted_by = authority.file
        yield provider


@pytest.fixture(scope="module")
def hub(tmp_path_factory, elsewhere):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(elsewhere.trusted_by))
        patch.setenv("MINGA_OUTBOUND_NETWORKS", "127.0.0.0/8 ::1/128")
        made = Hub(tmp_path_factory.mktemp("hub")).set_up()
        with made.serving():
            yield made


@pytest.fixture
def arrive(chromium, hub):
    """Opens a window, in a language, that would show every breach of the policy for pages."""
    contexts, said = [], []

    def open_window(language):
        context = chromium.new_context(
            base_url=hub.url, viewport={"width": 390, "height": 800}, ignore_https_errors=True
        )
        context.add_cookies([{"name": "language", "value": language, "url": hub.url}])
        opened = context.new_page()
        opened.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        contexts.append(context)
        return opened

    yield open_window
    for context in contexts:
        context.close()
    complaints = [each for each in said if each.startswith(("error", "warning"))]
    assert [each for each in complaints if "403 (Forbidden)" not in each] == []  # who is refused


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_counterpart_sets_the_provider_and_enters_by_it(arrive, hub, elsewhere, language):
    said, name, account = SAID[language], f"Banco {language}", f"camila-{language}"
    elsewhere.subject = account
    slug = hub.run("org", "add", name, "--signed", "acta")["slug"]
    email = f"camila@{slug}.example"
    link = hub.run("person", "add", slug, "Camila Rojas", email, "--role", "counterpart")
    page = arrive(language)
    page.goto(urlsplit(link["sign_in_url"]).path)  # the provider sends back to this address
    page.get_by_role("button", name=said["as"]).click()
    set_up_app(page, language)

    page.goto("/organisation/identity-provider")
    page.get_by_label(said["issuer"]).fill(elsewhere.issuer)
    page.get_by_label(said["client"]).fill(CLIENT)
    page.get_by_label(said["secret"]).fill(SECRET)
    page.get_by_role("button", name=said["check"]).click()
    expect(page.get_by_text(said["saved"])).to_be_visible()

    page.goto("/me/identity/")
    page.get_by_role("button", name=said["connect"]).click()
    expect(page.get_by_text(account)).to_be_visible()
    way_in = page.locator("a[href^='/sign-in/with/']").get_attribute("href")

    page.goto("/me/")
    page.get_by_role("button", name=said["out"]).click()
    page.goto(way_in)
    page.get_by_role("button", name=said["go on"]).click()
    page.wait_for_url("**/alerts/")

    page.goto("/me/")
    page.get_by_role("button", name=said["out"]).click()
    page.get_by_role("link", name=said["at"].format(name)).click()
    expect(page.get_by_text(said["back"])).to_be_visible()
    elsewhere.subject = "somebody-else"
    page.get_by_role("button", name=said["go on"]).click()
    expect(page.get_by_text(said["nobody"])).to_be_visible()
