"""What set-up does before a hub serves pages, done once for the tests that look at pages."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command


@pytest.fixture(autouse=True, scope="session")
def collected_static_files():
    """The static files under their fingerprints, as in service: a missing name fails."""
    call_command("collectstatic", "--no-input", verbosity=0)


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with less work, so that tests of the door take milliseconds."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["tests.web.setting_up.QuickArgon2"]
