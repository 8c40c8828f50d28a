"""A ceremony as on 12 June 2020, in real browsers: convened, signed in one by one, and closed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.features.membership.documents.reading import pdfsig, words_of
from tests.journeys.test_signing_in import device

__all__ = ["device"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
SAID = {
    "es": {
        "title": "Título", "when": "Cuándo se celebra", "convene": "Convocar",
        "organisation": "Organización", "call": "Llamar", "open": "Abrir la ceremonia",
        "close": "Cerrar la ceremonia", "go": "Ir a la ceremonia", "sign": "Firmar",
        "capacity": "En qué calidad firmas", "read": "Leí estas cláusulas", "as": "Firmar como",
        "signed": "Han firmado {} de 3", "act": "Acta de la ceremonia", "absent": "No ha firmado",
    },
    "en": {
        "title": "Title", "when": "When it is held", "convene": "Convene",
        "organisation": "Organisation", "call": "Call", "open": "Open the ceremony",
        "close": "Close the ceremony", "go": "Go to the ceremony", "sign": "Sign",
        "capacity": "In what capacity you sign", "read": "I have read these clauses",
        "as": "Sign as", "signed": "{} of 3 have signed", "act": "Act of the ceremony",
        "absent": "Has not signed",
    },
}  # fmt: skip


@pytest.fixture
def arrives(device, community):
    """Brings a new person in by an invitation and a passkey; the page he stands on."""

    def arrive(slug, language, role):
        email = f"{role}-{language}@{slug}.example"
        made = community.hub.run("person", "add", slug, "Ana Soto", email, "--role", role)
        window = device(language)
        window.page.goto(urlsplit(made["sign_in_url"]).path)
        window.press("sign in as")
        window.press("make")
        window.page.get_by_role("link", name=window.said["kept"]).click()
        window.is_inside()
        return window.page

    return arrive


def convene(page, said, names):
    page.goto("/ceremonies/new")
    page.get_by_label(said["title"]).fill("Firma del convenio")
    page.get_by_label(said["when"]).fill("2026-12-01T15:00")
    page.get_by_role("button", name=said["convene"]).click()
    for name in names:
        page.get_by_label(said["organisation"]).select_option(label=name)
        page.get_by_role("button", name=said["call"], exact=True).click()
        expect(page.locator("#roll")).to_contain_text(name)
    page.get_by_role("button", name=said["open"]).click()
    expect(page.get_by_role("button", name=said["close"])).to_be_visible()


def sign(page, said):
    page.goto("/agreement/")
    page.get_by_role("link", name=said["go"]).click()
    page.locator("#roll").get_by_role("link", name=said["sign"]).click()
    page.get_by_label(said["capacity"]).fill("Gerencia general")
    page.get_by_label(said["read"]).check()
    page.get_by_role("button", name=said["as"]).click()


@pytest.mark.parametrize("language", ["es", "en"])
def test_two_sign_before_the_convener_and_the_act_tells_of_it(
    arrives, community, tmp_path, language
):
    said = SAID[language]
    names = [f"Puerto {language}", f"Molino {language}"]
    slugs = [community.hub.run("org", "add", name)["slug"] for name in names]
    convener = arrives("csirt", language, "administrator")
    convene(convener, said, names)
    live = convener.locator("#roll h2")
    expect(live).to_have_text(said["signed"].format(0))

    for number, slug in enumerate(slugs, start=1):
        signatory = arrives(slug, language, "director")
        sign(signatory, said)
        expect(signatory.locator("#roll h2")).to_have_text(said["signed"].format(number))
        expect(live).to_have_text(said["signed"].format(number), timeout=15_000)

    convener.get_by_role("button", name=said["close"]).click()
    expect(convener.locator("#roll")).to_contain_text(said["absent"])  # the hub itself
    act = convener.get_by_role("link", name=said["act"])
    expect(act).to_be_visible(timeout=60_000)
    with convener.expect_download() as download:
        act.click()
    pdf = download.value.path().read_bytes()
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)
    told = words_of(pdf, tmp_path)
    assert all(name in told for name in names)
