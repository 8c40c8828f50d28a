"""A real Chromium before a real hub."""

from __future__ import annotations

import base64
import shutil
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import sync_playwright

from tests.servers import Hub

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Axe and the policy are watched from the first line of every page.
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e => window.__violations.push(
  `${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script> https://evil.example/<b>"
OF_AN_APP = {
    "es": {
        "set up": "Configurar una aplicación", "no camera": "Sin cámara", "go on": "Continuar",
        "digits": "Los seis dígitos", "keep": "Guardar la aplicación", "kept": "Ya los guardé",
    },
    "en": {
        "set up": "Set up an app", "no camera": "Without a camera", "go on": "Continue",
        "digits": "The six digits", "keep": "Keep the app", "kept": "I have kept them",
    },
}  # fmt: skip


@dataclass
class Community:
    """A hub that is served, two members, and who can sign in."""

    hub: Hub
    links: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.hub.url

    def new_link(self, email: str) -> str:
        return urlsplit(self.hub.run("person", "link", email)["sign_in_url"]).path

    def share(self, title: str, text: str, *options: str) -> str:
        """Share from the console with what stands in the text; the path of its page."""
        made = self.hub.run("share", title, "--text", text, "--find", *options)
        return f"/alerts/{made['id']}/"


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A hub with two members and a circle, which nobody entered yet."""
    hub = Hub(tmp_path_factory.mktemp("founded")).set_up()
    made = Community(hub)
    for slug, name, person, email in (
        ("banco-ejemplo", "Banco Ejemplo", "Camila Rojas", "camila@bancoejemplo.example"),
        ("telecom-muestra", "Telecom Muestra", "Luis Vera", "luis@telecom.example"),
    ):
        hub.run("org", "add", name, "--slug", slug, "--signed", "acta")
        url = hub.run("person", "add", slug, person, email)["sign_in_url"]
        made.links[email] = urlsplit(url).path
    hub.run("circle", "add", "Mesa antifraude", "--slug", "antifraude")
    hub.run("circle", "admit", "antifraude", "banco-ejemplo")
    return made


@pytest.fixture(scope="module")
def community(founded, tmp_path_factory):
    """A copy of that hub, which is served."""
    home = tmp_path_factory.mktemp("journeys") / "hub"
    hub = Hub(shutil.copytree(founded.hub.home, home))
    with hub.serving():
        yield Community(hub, dict(founded.links))


@pytest.fixture(scope="module")
def alert(community):
    """The page of an alert with indicators of several kinds, and one made to break pages."""
    community.share(HOSTILE, f"{HOSTILE} y https://evil.example/?q=<script>alert(3)</script>")
    return community.share(
        "Explotación activa en Gestor VPN Muestra 9",
        "Los equipos hablan con 198.51.100[.]23 y acceso-clientes[.]example, y descargan "
        "hxxps://acceso-clientes[.]example/panel/up.bin, SHA-256 "
        "9f2b7c40d1e58a63c7e0f4b9a2d61835cc04e97b6f1a2d3e4c5b6a7980f1e2d3. Es CVE-2026-99001.",
        "--confidence",
        "75",
    )


@pytest.fixture(scope="module")
def chromium():
    """Closed when the module ends: while it is open, Django refuses databases in this thread."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def set_up_app(page, language="es") -> bytes:
    """Set up an app that shows codes, as who arrives by a link must; its secret."""
    said = OF_AN_APP[language]
    page.get_by_role("link", name=said["set up"]).click()
    page.get_by_text(said["no camera"]).click()
    secret = base64.b32decode(page.locator("#secret-words").inner_text().replace(" ", ""))
    page.get_by_label(said["digits"]).fill(code_of(secret))
    page.get_by_role("button", name=said["keep"]).click()
    page.get_by_role("link", name=said["kept"]).click()
    return secret


def code_of(secret: bytes, *, steps: int = 0) -> str:
    """What an app with this secret shows now, or so many steps of 30 seconds from now."""
    totp = TOTP(secret, 6, hashes.SHA1(), 30)
    return totp.generate(int(time.time()) + 30 * steps).decode()


@pytest.fixture(scope="module")
def cookies(chromium, community):
    """What a browser keeps once Camila has signed in by a link and its button."""
    context = chromium.new_context(base_url=community.url)
    page = context.new_page()
    page.goto(community.links["camila@bancoejemplo.example"])
    page.get_by_role("button", name="Entrar como Camila Rojas").click()
    set_up_app(page)
    page.wait_for_url("**/alerts/")
    kept = context.cookies()
    context.close()
    return kept


@pytest.fixture
def browse(chromium, community, cookies):
    """Opens windows in which Camila is signed in; at the end, none may have broken the policy."""
    windows = []

    def open_window(*, width=1440, theme="light", script=True, signed_in=True):
        context = chromium.new_context(
            base_url=community.url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=script,
            locale="es-CL",
        )
        context.add_init_script(WATCH)
        if signed_in:
            context.add_cookies(cookies)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: page.said.append(f"error: dialog {dialog.message}"))
        windows.append((context, page, script))
        return page

    yield open_window
    complaints = []
    for context, page, script in windows:
        complaints += [said for said in page.said if said.startswith(("error", "warning"))]
        if script:
            complaints += page.evaluate("window.__violations")
        context.close()
    assert complaints == []
