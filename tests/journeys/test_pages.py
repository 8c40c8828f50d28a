"""What a member does on pages, in a real browser: with a script, without, wide and narrow."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import HOSTILE, set_up_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_server,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

REPORT = (
    "Hoy a las 11:40 un usuario recibió un SMS con enlace a "
    "hxxps://acceso-cuentas[.]example/ingreso.\nEl sitio resuelve a 203.0.113[.]7 "
    "y nuestro portal bancoejemplo[.]example no tiene relación."
)
LOOKUP = "/lookup?q=198.51.100.23%0Aacceso-clientes.example%0A192.0.2.9"
PAGES = ["/alerts/", "ALERT", "/share", LOOKUP, "/observables/ipv4/198.51.100.23/", "/me/",
         "/alerts/?text=nada+de+nada", "/nothing-here/"]  # fmt: skip


@pytest.fixture
def path_of(alert):
    """The address of a page; ALERT stands for the one that was shared."""
    return lambda name: alert if name == "ALERT" else name


def test_a_link_signs_in_once_and_leaving_closes_the_door(browse, community):
    page = browse(signed_in=False)
    link = community.links["luis@telecom.example"]

    page.goto(link)
    page.goto(link)
    page.get_by_role("button", name="Entrar como Luis Vera").click()
    set_up_app(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alertas")
    page.get_by_role("link", name="Tu cuenta: Luis Vera").click()
    page.get_by_role("button", name="Salir").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Entrar")
    page.goto("/alerts/")
    assert "/sign-in/" in page.url


def test_a_pasted_report_is_shared_in_two_clicks(browse, alert):
    page = browse()
    page.goto("/alerts/")

    page.get_by_role("link", name="Compartir").last.click()
    page.get_by_label("Pega el texto").fill(REPORT)
    rows = page.locator("#findings tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="bancoejemplo")).to_contain_text("Es tu propio dominio")
    expect(page.get_by_label("Título")).to_have_value(re.compile("^Hoy a las 11:40"))
    publish = page.get_by_role("button", name="Publicar con 2 indicadores")
    publish.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Hoy a las 11:40")
    expect(page.get_by_role("status").filter(has_text="Publicado.")).to_be_visible()
    expect(page.locator("#indicators tbody tr")).to_have_count(2)


def test_the_sentence_and_the_button_follow_what_is_chosen(browse):
    page = browse()
    page.goto("/share")
    summary = page.locator("#summary")
    expect(summary).to_contain_text("Lo verán 2 personas de 2 organizaciones")

    page.get_by_text("Todos los miembros").click()
    expect(summary).to_contain_text("Lo verán 3 personas de 3 organizaciones")
    page.locator("label", has_text="TLP:GREEN").click()
    expect(summary).to_contain_text("Pueden comentarlo con su comunidad.")
    page.locator("label", has_text="TLP:RED").click()
    expect(page.get_by_label("Todos los miembros")).to_be_disabled()
    expect(page.get_by_label("Mesa antifraude")).to_be_disabled()
    expect(summary).to_contain_text("No pueden contárselo a nadie más.")


def test_unticking_survives_more_typing(browse):
    page = browse()
    page.goto("/share")
    text = page.get_by_label("Pega el texto")
    text.fill(REPORT)
    expect(page.locator("#findings tbody tr")).to_have_count(3)
    page.get_by_label("203[.]0[.]113[.]7").uncheck()
    expect(page.get_by_role("button", name="Publicar con 1 indicador")).to_be_visible()
    expect(page.locator("#selected")).to_have_text("1 de 3 seleccionados")

    text.fill(REPORT + " También 203.0.113.99.")

    expect(page.locator("#findings tbody tr")).to_have_count(4)
    expect(page.get_by_label("203[.]0[.]113[.]7", exact=True)).not_to_be_checked()
    expect(page.get_by_label("203[.]0[.]113[.]99")).to_be_checked()


def test_a_report_is_shared_without_a_script(browse):
    page = browse(script=False)
    page.goto("/share")

    page.locator("#id_text").fill(REPORT.replace("cuentas", "otras"))
    page.get_by_role("button", name="Buscar los indicadores").click()
    expect(page.locator("#findings tbody tr")).to_have_count(3)
    page.get_by_text("Todos los miembros").click()
    page.get_by_role("button", name="Contar otra vez").click()
    expect(page.locator("#summary")).to_contain_text("Lo verán 3 personas de 3 organizaciones")
    page.get_by_label("Título").fill("SMS que imita el portal")
    page.get_by_role("button", name="Publicar con 2 indicadores").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("SMS que imita el portal")
    expect(page.get_by_text("Publicado.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_three_observables_are_looked_up_at_once(browse, alert, script):
    page = browse(script=script)
    page.goto("/lookup")

    page.locator("#lookup").fill("198.51.100[.]23\nhxxp://acceso-clientes[.]example\n192.0.2.9")
    page.get_by_role("main").get_by_role("button", name="Consultar").click()

    rows = page.get_by_role("main").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Señalado")
    expect(rows.nth(2)).to_contain_text("Sin datos")
    assert "/lookup?q=" in page.url


def test_one_observable_is_looked_up_without_a_click(browse, alert):
    page = browse()
    page.goto("/alerts/")

    page.keyboard.press("/")
    page.keyboard.insert_text("198.51.100[.]23")
    page.keyboard.press("Enter")

    expect(page.locator("#dossier")).to_contain_text("Señalado en 1 contribución.")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_i_saw_it_too_is_one_click_on_the_page(browse, alert, script):
    page = browse(script=script)
    page.goto(alert)
    before = page.get_by_text("Ustedes también").count()

    page.get_by_role("button", name="También la vi").first.click()

    expect(page.get_by_text("Ustedes también")).to_have_count(before + 1)


def test_rows_are_walked_by_keyboard_unless_that_is_turned_off(browse, alert):
    page = browse()
    page.goto("/alerts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    title = page.locator("tr.sel .ttl").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()

    page.goto("/me/")
    page.get_by_label("Desactivados").check()
    page.get_by_role("button", name="Guardar", exact=True).click()
    page.goto("/alerts/")
    page.keyboard.press("j")
    expect(page.locator("tr.sel")).to_have_count(0)


def test_the_theme_changes_at_once_and_stays(browse):
    page = browse()
    page.goto("/me/")
    toggle = page.get_by_role("button", name="Cambiar a tema claro u oscuro")

    with page.expect_response("**/preferences/"):
        toggle.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_language_changes_where_one_stands(browse, alert):
    page = browse()
    page.goto(alert)

    page.locator(".rail").get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(alert)
    expect(page.get_by_role("heading", name="How we know")).to_be_visible()


def test_what_a_member_typed_is_shown_and_does_nothing_else(browse, alert):
    page = browse()
    page.goto("/alerts/")
    page.get_by_role("link", name="<img src=x").click()

    shown = page.get_by_role("heading", level=1).inner_text()
    assert shown == HOSTILE.replace("https://evil.", "hxxps://evil[.]")
    assert page.locator("main img, main script").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(browse, path_of, name, width):
    page = browse(width=width)
    page.goto(path_of(name))
    page.said.clear()  # a page that is not there is a 404, as it should be

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browse, path_of, name, theme):
    for width in (1440, 390):
        page = browse(width=width, theme=theme)
        page.goto(path_of(name))
        page.said.clear()
        if name == "/share":
            page.get_by_label("Pega el texto").fill(REPORT)
            expect(page.locator("#findings tbody tr")).to_have_count(3)

        found = Axe().run(page)

        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_door(browse, community, theme):
    page = browse(theme=theme, signed_in=False)
    for path in ("/sign-in/", community.new_link("luis@telecom.example")):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", ["/alerts/", "ALERT", "/share", LOOKUP])
def test_a_page_weighs_less_than_a_hundred_kilobytes_without_fonts(browse, path_of, name):
    page = browse()
    page.goto(path_of(name), wait_until="load")

    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType("
        "'resource')].filter(e => !e.name.endsWith('.woff2')).map(e => e.transferSize)"
    )

    assert 0 < sum(sizes) < 100_000
