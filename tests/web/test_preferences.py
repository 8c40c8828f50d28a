"""Language, theme and shortcuts: chosen by a post, kept in cookies."""

import pytest

from tests import factories
from tests.signing_in import enter


def test_a_choice_is_kept_and_the_reader_stays_where_he_was(client):
    answer = client.post("/preferences/", {"language": "en", "back": "/sign-in/"})

    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/")
    assert answer.cookies["language"]["httponly"]
    assert "With the passkey of this device" in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_server_draws_the_chosen_theme_so_nothing_flashes(client, theme):
    client.post("/preferences/", {"theme": theme})

    assert f'data-theme="{theme}"' in client.get("/sign-in/").content.decode()


def test_the_devices_own_theme_can_be_chosen_again(client):
    client.post("/preferences/", {"theme": "dark"})
    client.post("/preferences/", {"theme": ""})

    assert "data-theme" not in client.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_single_key_shortcuts_can_be_turned_off(client):
    enter(client, factories.person())
    assert "data-shortcuts" in client.get("/me/").content.decode()

    client.post("/preferences/", {"shortcuts": "off"})

    assert "data-shortcuts" not in client.get("/me/").content.decode()


def test_a_choice_that_does_not_exist_is_none(client):
    client.post("/preferences/", {"theme": '"><script>', "language": "zz"})

    page = client.get("/sign-in/").content.decode()
    assert "<script>" not in page
    assert 'lang="es-CL"' in page


def test_a_choice_never_leads_away(client):
    answer = client.post("/preferences/", {"theme": "dark", "back": "//evil.example/"})

    assert answer["Location"] == "/"


def test_looking_changes_nothing(client):
    assert client.get("/preferences/?theme=dark").status_code == 405
