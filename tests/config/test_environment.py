"""The operator's settings: safe by default, refused with what to write instead."""

import pytest

from minga.config import environment
from minga.config.environment import SettingError
from minga.core.policy import Tlp
from minga.core.problems import Invalid


def test_what_arrives_unmarked_is_amber_unless_told_otherwise(monkeypatch):
    assert environment.default_tlp() == Tlp.AMBER

    monkeypatch.setenv("MINGA_DEFAULT_TLP", "green")
    assert environment.default_tlp() == Tlp.GREEN


def test_what_arrives_unmarked_is_never_clear(monkeypatch):
    monkeypatch.setenv("MINGA_DEFAULT_TLP", "TLP:WHITE")

    with pytest.raises(SettingError, match="expected TLP:GREEN or stricter"):
        environment.default_tlp()


def test_a_label_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("MINGA_DEFAULT_TLP", "purple")

    with pytest.raises(Invalid, match="expected one of TLP:CLEAR"):
        environment.default_tlp()


@pytest.mark.parametrize("text", ["", "many", "0", "257", "-1", "1.5", "８", " 8"])
def test_a_number_outside_its_range_is_refused(monkeypatch, text):
    monkeypatch.setenv("MINGA_THREADS", text)

    with pytest.raises(SettingError, match="expected a whole number, 1 to 256"):
        environment.whole_number(environment.THREADS, least=1, most=256)


def test_sqlite_keeps_every_acknowledged_write(monkeypatch, tmp_path):
    monkeypatch.setenv("MINGA_DATABASE", "")

    options = environment.database(tmp_path)["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


def test_an_address_of_postgresql_is_understood_with_all_its_parts(monkeypatch, tmp_path):
    url = "postgresql://us%40er:p%3Aass@db.example:6432/hub%20one?sslmode=verify-full"
    monkeypatch.setenv("MINGA_DATABASE", url)

    database = environment.database(tmp_path)

    parts = [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["us@er", "p:ass", "db.example", "6432", "hub one"]
    assert database["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("url", ["mysql://h/n", "postgresql://h", "postgresql://h/", "n"])
def test_another_database_is_refused(monkeypatch, tmp_path, url):
    monkeypatch.setenv("MINGA_DATABASE", url)

    with pytest.raises(SettingError, match="expected postgresql://user@host/name"):
        environment.database(tmp_path)
