"""Joining the demo community: invited, inside by a passkey, signed; one door stays closed.

The ministry signs the same version by an advanced signature, and another member leaves while its
tool polls: its key is worth nothing within a second.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.architecture.source import PACKAGE
from tests.features.membership.documents.authority import Authority
from tests.features.membership.documents.reading import pdfsig
from tests.journeys.conftest import Community
from tests.journeys.test_signing_in import device
from tests.servers import Hub

__all__ = ["device"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
ROOT = Authority()
MODEL = PACKAGE / "features" / "membership" / "agreements" / "model.toml"


@pytest.fixture(scope="module")
def community(tmp_path_factory):
    """The demo, which trusts one authority for advanced signatures."""
    roots = tmp_path_factory.mktemp("roots")
    (roots / "ca.pem").write_bytes(ROOT.pem)
    hub = Hub(tmp_path_factory.mktemp("demo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINGA_SIGNATURE_ROOTS", str(roots))
        hub.run("demo", "--no-serve")
        with hub.serving():
            yield Community(hub)


@pytest.fixture
def administrator(device, community):
    """A window in which the hub's administrator is inside, by the link of the demo."""
    access = json.loads((community.hub.home / "access.json").read_text("utf-8"))
    people = [person for each in access["organisations"] for person in each["people"]]
    link = next(each["sign_in_url"] for each in people if each["role"] == "administrator")
    page = device().page
    page.goto(urlsplit(link).path)
    return page


def test_a_new_organisation_is_invited_and_signs_with_a_passkey(administrator, device):
    administrator.goto("/members/new")
    administrator.get_by_label("Organización").fill("Clínica Nueva")
    administrator.get_by_label("Nombre de la primera persona").fill("Eva Paz")
    administrator.get_by_label("Correo").fill("eva@clinicanueva.example")
    administrator.get_by_role("button", name="Invitar").click()
    link = urlsplit(administrator.locator("#link").inner_text().strip()).path

    window = device()
    page = window.page
    page.goto(link)
    window.press("sign in as")
    window.press("make")
    page.get_by_role("link", name=window.said["kept"]).click()
    page.goto("/alerts/")
    shown = page.locator("tbody tr")
    expect(shown.filter(has_text="TLP:CLEAR").first).to_be_visible()
    expect(shown.filter(has_not_text="TLP:CLEAR")).to_have_count(0)

    page.goto("/agreement/")
    page.get_by_role("link", name="Firmar").first.click()
    page.get_by_label("En qué calidad firmas").fill("Directora")
    page.get_by_label("Leí estas cláusulas").check()
    page.get_by_role("button", name="Firmar como Eva Paz").click()

    door = page.locator("#clause-4")
    expect(door).to_contain_text("Sin firmar")
    page.goto("/alerts/")
    expect(shown.filter(has_text="TLP:GREEN").first).to_be_visible()


def test_the_ministry_signs_outside_and_brings_the_act_back(community, administrator, tmp_path):
    second = tmp_path / "second.toml"
    second.write_text(MODEL.read_text("utf-8").replace("version = 1", "version = 2", 1), "utf-8")
    community.hub.run("agreement", "load", str(second), "--in-force")

    administrator.goto("/agreement/advanced/")
    administrator.get_by_label("Quién la firma").fill("Rayén Quilodrán")
    administrator.get_by_label("En qué calidad firmas").fill("Subsecretaria")
    administrator.get_by_role("button", name="Preparar el acta").click()
    with administrator.expect_download() as download:
        administrator.get_by_role("link", name="PDF").first.click()
    signed = tmp_path / "signed.pdf"
    issued = download.value.path().read_bytes()
    with ThreadPoolExecutor() as aside:  # the browser's loop runs in this thread, pyHanko wants one
        pen = ROOT.pen("RAYÉN QUILODRÁN")
        signed.write_bytes(aside.submit(pen.sign, issued).result())
    assert "Signature is Valid" in pdfsig(signed.read_bytes(), tmp_path)

    administrator.get_by_label("El PDF firmado").first.set_input_files(signed)
    administrator.get_by_role("button", name="Traerla de vuelta").first.click()

    expect(administrator.get_by_text("firma avanzada").first).to_be_visible()


def test_the_key_of_who_leaves_stops_within_a_second_while_it_polls(community):
    secret = community.hub.key("caja-muestra")
    said = {"Authorization": f"Bearer {secret}", "Accept": "application/taxii+json;version=2.1"}
    path = "/taxii2/hub/collections/everything/objects/?limit=1"
    assert community.hub.get(path, **said)[0] == 200

    community.hub.run("org", "leave", "caja-muestra")
    left, last = time.monotonic(), time.monotonic()
    while time.monotonic() - left < 3:
        status, _ = community.hub.get(path, **said)
        if status == 200:
            last = time.monotonic()

    assert last - left < 1
    assert community.hub.get(path, **said)[0] == 401
