"""Coming in as people do, in a real browser with an authenticator of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
SAID = {
    "es": {
        "sign in as": "Entrar como", "make": "Crear una llave de acceso", "kept": "Ya los guardé",
        "use": "Usar una llave de acceso", "alerts": "Alertas", "out": "Salir",
        "use yours": "Usar tu llave de acceso",
    },
    "en": {
        "sign in as": "Sign in as", "make": "Make a passkey", "kept": "I have kept them",
        "use": "Use a passkey", "alerts": "Alerts", "out": "Sign out",
        "use yours": "Use your passkey",
    },
}  # fmt: skip


@dataclass
class Browser:
    """A window whose device holds passkeys, in a language."""

    page: Page
    said: dict[str, str]

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=self.said[words]).click()

    def is_inside(self) -> None:
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(self.said["alerts"])

    def come_in_anew(self) -> None:
        """Leave, and use the passkey."""
        self.page.goto("/me/")
        self.press("out")
        self.press("use")
        self.is_inside()


@pytest.fixture
def device(chromium, community):
    """Opens windows at localhost, where WebAuthn works, each on a device of its own."""
    contexts = []

    def open_window(language="es"):
        at = community.url.replace("127.0.0.1", "localhost")
        context = chromium.new_context(base_url=at, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "language", "value": language, "url": at}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        contexts.append(context)
        return Browser(page, SAID[language])

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def invited(community):
    """The path of the link of a new person of a member, or of the hub."""
    numbers = iter(range(1, 100))

    def invite(slug="banco-ejemplo", *options):
        email = f"nueva{next(numbers)}-{slug}@example.com"
        made = community.hub.run("person", "add", slug, "Nueva Persona", email, *options)
        return email, re.sub(r"^https?://[^/]+", "", made["sign_in_url"])

    return invite


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_invitation_leads_to_a_passkey_and_the_passkey_lets_in(device, invited, language):
    _, link = invited()
    window = device(language)

    window.page.goto(link)
    window.press("sign in as")
    window.press("make")
    expect(window.page.locator("#recovery-codes li")).to_have_count(10)
    window.page.get_by_role("link", name=window.said["kept"]).click()
    window.is_inside()

    window.come_in_anew()


def test_staff_of_the_hub_come_in_by_passkey_alone(device, community):
    window = device()
    link = community.new_link("ana@csirt.example")

    window.page.goto(link)
    window.press("sign in as")
    expect(window.page.get_by_text("solo con llaves de acceso")).to_be_visible()
    expect(window.page.get_by_role("link", name="Configurar una aplicación")).to_have_count(0)
    window.press("make")
    window.page.get_by_role("link", name=window.said["kept"]).click()

    window.come_in_anew()
