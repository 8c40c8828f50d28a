"""A member leaves in a real browser, and certifies afterwards what became of what it received."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.features.membership.documents.reading import pdfsig
from tests.journeys.test_ceremony import arrives
from tests.journeys.test_signing_in import device

__all__ = ["arrives", "device"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
# The same as waiting for thirty days.
LATER = """
import django; django.setup()
from datetime import timedelta
from minga.features.membership import jobs
from minga.store import world
from minga.store.people.models import Organisation
leaving = Organisation.objects.exclude(leaves_at=None)
leaving.update(leaves_at=world.now() - timedelta(seconds=1))
assert jobs.end_announced_memberships.call() == 1
"""
SAID = {
    "es": {
        "leave": "Retirarse del convenio", "notice": "Vale después de 30 días", "go": "Retirarse",
        "stay": "Quedarnos", "stays": "Tu organización se queda.", "hold": "Lo que tenemos",
        "enter": "Entrar", "due": "A más tardar el", "link": "Crear un enlace",
        "destroyed": "Destruido", "sign": "Firmar", "certificate": "Certificado (PDF)",
    },
    "en": {
        "leave": "Leave the agreement", "notice": "It takes effect after 30 days", "go": "Leave",
        "stay": "Stay after all", "stays": "Your organisation stays.", "hold": "What we hold",
        "enter": "Sign in", "due": "Due by", "link": "Make a link", "destroyed": "Destroyed",
        "sign": "Sign", "certificate": "Certificate (PDF)",
    },
}  # fmt: skip


def announce(page, said):
    page.goto("/agreement/")
    page.get_by_role("link", name=said["leave"]).click()
    expect(page.get_by_text(said["notice"])).to_be_visible()
    page.get_by_role("button", name=said["go"], exact=True).click()


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_thinks_twice_leaves_and_certifies_by_a_link(
    arrives, device, community, tmp_path, language
):
    said, name = SAID[language], f"Faro {language}"
    slug = community.hub.run("org", "add", name, "--signed", "acta")["slug"]
    community.share("Correo falso del banco", "Viene de 198.51.100.7", "--tlp", "GREEN")
    director, hub = arrives(slug, language, "director"), arrives("csirt", language, "administrator")

    announce(director, said)
    director.get_by_role("button", name=said["stay"]).click()
    expect(director.get_by_text(said["stays"])).to_be_visible()
    announce(director, said)
    director.get_by_role("link", name=said["hold"]).first.click()
    expect(director.locator("tbody")).to_contain_text("TLP:GREEN")
    run_in(community.hub, LATER)

    director.goto("/alerts/")
    expect(director.get_by_role("heading", level=1)).to_have_text(said["enter"])
    hub.goto("/departures/")
    expect(hub.locator("tbody tr", has_text=name)).to_contain_text(said["due"])
    hub.get_by_role("link", name=name).click()
    hub.get_by_role("button", name=said["link"]).click()
    link = urlsplit(hub.locator("#link").inner_text().strip()).path

    page = device(language).page
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_label(said["destroyed"]).check()
    page.locator("[name=signer]").fill("Rayén Soto")
    page.locator("[name=capacity]").fill("Gerencia")
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name=said["sign"]).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=said["certificate"]).click()
    assert "Signature is Valid" in pdfsig(download.value.path().read_bytes(), tmp_path)
    hub.goto("/departures/")
    expect(hub.locator("tbody tr", has_text=name)).to_contain_text(said["destroyed"])


def run_in(hub, program: str) -> None:
    """Run lines of Python as the hub."""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=hub.environment | {"DJANGO_SETTINGS_MODULE": "minga.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
