"""Coming in as people do, in a real browser with an authenticator of its own."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OF_AN_APP, code_of, set_up_app

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
NUMBERS = itertools.count(1)
# The same as waiting for sixteen minutes.
LATER = """
import django; django.setup()
from minga.store.people.models import Session
from minga.web.session_store import SessionStore
for row in Session.objects.exclude(person=None):
    store = SessionStore()
    data = store.decode(row.session_data)
    data["proved_at"] -= 16 * 60
    row.session_data = store.encode(data)
    row.save()
"""
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

    def invite(slug="banco-ejemplo", *options):
        email = f"nueva{next(NUMBERS)}-{slug}@example.com"
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


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_app_is_set_up_and_its_next_code_lets_in(device, invited, community, language):
    email, link = invited()
    window = device(language)
    page = window.page

    page.goto(link)
    window.press("sign in as")
    secret = set_up_app(page, language)
    window.is_inside()
    page.goto("/me/")
    window.press("out")
    page.goto(community.new_link(email))
    window.press("sign in as")
    page.get_by_label(OF_AN_APP[language]["digits"]).fill(code_of(secret, steps=1))
    page.get_by_role("button", name=OF_AN_APP[language]["go on"], exact=True).click()

    window.is_inside()


def test_a_recovery_code_lets_in_once_without_a_script(chromium, device, invited, community):
    email, link = invited()
    window = device()
    window.page.goto(link)
    window.press("sign in as")
    window.press("make")
    code = window.page.locator("#recovery-codes li").first.inner_text()
    plain = chromium.new_context(java_script_enabled=False, locale="es-CL", base_url=community.url)
    page = plain.new_page()

    for expected in ("Alertas", "Tu segundo factor"):
        page.goto(community.new_link(email))
        page.get_by_role("button", name=re.compile("Entrar como")).click()
        page.get_by_text("Con un código de recuperación").click()
        page.get_by_label("Uno de tus códigos de recuperación").fill(code)
        page.get_by_role("button", name="Continuar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(expected)
        page.context.clear_cookies()
    plain.close()


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_form_past_the_time_is_shown_again_to_nobody_but_done(
    device, invited, community, language
):
    _, link = invited("banco-ejemplo", "--role", "counterpart")
    window = device(language)
    page = window.page
    page.goto(link)
    window.press("sign in as")
    window.press("make")
    page.get_by_role("link", name=window.said["kept"]).click()
    page.goto("/keys/new")
    page.locator("[name=name]").fill('SIEM "de" <la> casa')
    page.locator("[name=addresses]").fill("192.0.2.0/24\n198.51.100.7")
    ended = subprocess.run(
        [sys.executable, "-c", LATER],
        env=community.hub.environment | {"DJANGO_SETTINGS_MODULE": "minga.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr

    page.locator("main form button.btn-p").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        {"es": "¿Eres tú?", "en": "Is it you?"}[language]
    )
    window.press("use yours")

    expect(page.get_by_role("heading", level=1)).to_have_text('SIEM "de" <la> casa')
    expect(page.locator("#secret")).to_contain_text("minga_")


def test_all_sessions_are_closed_from_one_of_them(device, invited):
    _, link = invited()
    here = device()
    here.page.goto(link)
    here.press("sign in as")
    here.press("make")
    here.page.get_by_role("link", name=here.said["kept"]).click()
    here.page.goto("/me/sessions/")
    expect(here.page.locator("tbody tr")).to_have_count(1)
    expect(here.page.locator("tbody")).to_contain_text("Chrome")

    here.page.get_by_role("button", name="Cerrar todas").click()

    expect(here.page.get_by_role("heading", level=1)).to_have_text("Entrar")
    here.page.goto("/alerts/")
    assert "/sign-in/" in here.page.url


def test_at_an_address_of_numbers_the_page_leads_to_where_passkeys_work(chromium, community):
    context = chromium.new_context(base_url=community.url, locale="es-CL")
    page = context.new_page()

    page.goto("/sign-in/?next=/share")
    expect(page.get_by_role("button", name="Usar una llave de acceso")).to_have_count(0)
    page.get_by_role("link", name="Abrir esta página en localhost").click()

    assert page.url == community.url.replace("127.0.0.1", "localhost") + "/sign-in/?next=/share"
    expect(page.get_by_role("button", name="Usar una llave de acceso")).to_be_visible()
    context.close()
