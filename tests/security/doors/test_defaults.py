"""T-DEFAULT: a hub that has just been set up lets nobody in but by one link, and is safe."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys

import pytest

from tests.databases import another_database

SAFE = {
    "DEBUG": False, "SESSION_COOKIE_HTTPONLY": True, "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_SAMESITE": "Lax", "X_FRAME_OPTIONS": "DENY",
    "SECURE_CONTENT_TYPE_NOSNIFF": True, "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
}  # fmt: skip
SAFE_IN_SERVICE = {
    "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_HSTS_PRELOAD": True,
    "SECURE_HSTS_SECONDS": 31_536_000, "SESSION_COOKIE_NAME": "__Host-minga",
}  # fmt: skip
COUNTED = """
import json, django
django.setup()
from minga.store.people.models import Key, Person, SignInLink
people = list(Person.objects.all())
print(json.dumps({"people": [p.role for p in people], "keys": Key.objects.count(),
    "passwords": sum(p.has_usable_password() for p in people), "links": SignInLink.objects.count(),
    "reusable": SignInLink.objects.filter(may_be_reused=True).count()}))
"""
ASKED = """
import json
from django.conf import settings
import sys
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The environment of a hub after `minga init`, and what that printed."""
    home = tmp_path_factory.mktemp("fresh")
    with another_database(f"fresh_{os.getpid()}") as database:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MINGA_")} | {
            "MINGA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "minga.config.settings",
        }  # fmt: skip
        if database:
            environment["MINGA_DATABASE"] = database
        said = run(environment, "-m", "minga", "init", "--name", "CSIRT",
                   "--email", "ana@csirt.example")  # fmt: skip
        yield environment, home, said


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_there_is_nobody_but_an_administrator_with_a_link(fresh):
    environment, _, said = fresh
    found = json.loads(run(environment, "-c", COUNTED).splitlines()[-1])

    assert found == {"people": ["administrator"], "keys": 0, "passwords": 0, "links": 1,
                     "reusable": 0}  # fmt: skip
    assert len(re.findall(r"/sign-in/[\w-]{43}", said)) == 1


def test_secrets_are_readable_by_the_hub_alone(fresh):
    _, home, _ = fresh
    open_to_others = [
        str(path.relative_to(home))
        for path in [home, *home.rglob("*")]
        if path.name in {home.name, "secret.key"} or path.suffix in {".key", ".pem"}
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600


def test_django_finds_nothing_to_complain_of(fresh):
    environment, _, _ = fresh
    environment = environment | {"MINGA_URL": "https://minga.example"}

    said = run(environment, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")

    assert "no issues" in said


@pytest.mark.parametrize(
    ("url", "safe"), [("", SAFE), ("https://minga.example", SAFE | SAFE_IN_SERVICE)]
)
def test_every_setting_is_safe_before_anybody_chose(fresh, url, safe):
    environment, _, _ = fresh
    environment = environment | ({"MINGA_URL": url} if url else {})

    assert json.loads(run(environment, "-c", ASKED, *safe).splitlines()[-1]) == safe


def test_nothing_that_loosens_a_check_is_set_before_somebody_chose():
    from minga.config.environment import SETTINGS

    loosening = re.compile(r"INSECURE|VERIFY|DISABLE|SKIP|DEBUG|ALLOW|NO_|UNSAFE|TRUST")

    assert [each.name for each in SETTINGS if each.default and loosening.search(each.name)] == []
