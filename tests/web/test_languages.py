"""Two languages, both complete, both in the manner of who reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from minga.store import world
from minga.web import languages, wording

SPANISH = languages.LOCALE / "es" / "LC_MESSAGES" / "django.po"
NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 12:00 in Santiago


class Noon(world.World):
    def now(self):
        return NOON


@pytest.fixture
def at_noon():
    before = world.replace(Noon())
    yield
    world.replace(before)


def test_everything_that_is_said_is_said_in_spanish_too():
    assert languages.faults(languages.read_catalogue(SPANISH)) == []


def test_the_catalogue_holds_nothing_that_is_said_no_more():
    said = {(m.id, m.context) for m in languages.said()}

    kept = {(m.id, m.context) for m in languages.read_catalogue(SPANISH)}

    assert kept <= said | {("", None)}


def test_messages_of_code_and_of_templates_are_found():
    said = {m.id for m in languages.said()}

    assert "Address and password do not match." in said
    assert "Skip to the content" in said
    assert "This link is for %(name)s, of %(organisation)s. It works once." in said


def test_a_catalogue_compiled_anew_is_spoken_at_once(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    source = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)

    heard = []
    for spanish in ("Contestar", "Responder"):
        entry = f'msgid "Answer it"\nmsgstr "{spanish}"\n'
        source.write_text(f"{languages.HEADER}\n{entry}", "utf-8")
        source.with_suffix(".mo").unlink(missing_ok=True)
        languages.compile_catalogues()
        with translation.override("es"):
            heard.append(translation.gettext("Answer it"))

    assert heard == ["Contestar", "Responder"]


@pytest.mark.parametrize(
    ("spanish", "fault"),
    [
        ({"Sign in": None}, "'Sign in' is not in the catalogue"),
        ({"Sign in": ""}, "'Sign in' is not translated"),
        (
            {"Sign in as %(name)s": "Entrar"},
            "'Sign in as %(name)s' lost or gained a placeholder",
        ),
    ],
)
def test_a_hole_in_the_catalogue_is_found(spanish, fault):
    catalogue = languages.read_catalogue(SPANISH)
    for message, words in spanish.items():
        catalogue.delete(message)
        if words is not None:
            catalogue.add(message, words)

    assert languages.faults(catalogue) == [fault]


def test_a_translation_in_doubt_is_found():
    catalogue = languages.read_catalogue(SPANISH)
    catalogue.get("Sign in").flags.add("fuzzy")

    assert languages.faults(catalogue) == ["'Sign in' is marked as in doubt"]


@pytest.mark.parametrize(
    ("language", "ago", "words"),
    [
        ("es", timedelta(seconds=20), "recién"),
        ("es", timedelta(minutes=18), "hace 18 min"),
        ("es", timedelta(hours=3), "hoy 09:00"),
        ("es", timedelta(hours=13), "ayer 23:00"),
        ("es", timedelta(days=2), "21 nov"),
        ("es", timedelta(days=400), "19 oct 2025"),
        ("es", timedelta(hours=-2), "hoy 14:00"),
        ("en", timedelta(minutes=1), "1 min ago"),
        ("en", timedelta(hours=13), "yesterday 23:00"),
        ("en", timedelta(days=2), "21 Nov"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(at_noon, language, ago, words):
    with translation.override(language):
        assert wording.moment(NOON - ago) == words


def test_a_full_moment_names_its_zone(at_noon):
    zone = "(America/Santiago)"
    with translation.override("es"):
        assert wording.full_moment(NOON) == f"lunes 23 de noviembre de 2026, 12:00 {zone}"
    with translation.override("en"):
        assert wording.full_moment(NOON) == f"Monday 23 November 2026, 12:00 {zone}"


@pytest.mark.parametrize(("language", "words"), [("es", "1.840 y 2,6"), ("en", "1,840 y 2.6")])
def test_numbers_have_the_separators_of_the_language(language, words):
    with translation.override(language):
        assert f"{wording.number(1840)} y {wording.number(2.6)}" == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Banco Ejemplo", "BE"),
        ("Municipalidad de Villa Ejemplo", "MV"),
        ("Puerto", "PU"),
        ("de la", "DE"),
        ("Ñandú", "ÑA"),
    ],
)
def test_two_letters_stand_for_an_organisation(name, letters):
    assert wording.initials(name) == letters


@pytest.mark.parametrize(
    ("cookie", "lang"), [("es", "es-CL"), ("en", "en"), ("xx", "es-CL"), ("../../etc", "es-CL")]
)
def test_a_page_speaks_the_language_that_was_chosen(client, cookie, lang):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie

    assert f'<html lang="{lang}">' in client.get("/sign-in/").content.decode()
