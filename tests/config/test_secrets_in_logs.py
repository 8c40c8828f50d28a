"""The log tells what happened, and nobody can enter with what it holds."""

import logging

import pytest

from minga.config.logs import UtcFormatter

TOKEN = "wPYnngIJASafdCpQRq_i5NS3i_hNwaDXTzcaBU7nGSA"


@pytest.mark.parametrize("secret", [f"/sign-in/{TOKEN}/", "minga_abcdefghijklmnop" + TOKEN])
def test_a_line_of_the_log_holds_no_link_and_no_key(secret):
    record = logging.makeLogRecord({"msg": "Forbidden (%s): %s", "args": ("no cookie", secret)})
    line = UtcFormatter("{message}", style="{").format(record)
    assert "Forbidden" in line
    assert TOKEN not in line
