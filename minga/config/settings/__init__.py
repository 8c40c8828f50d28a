"""Django's settings, one file per concern; the operator's own are in `config/environment.py`."""

from minga.config.settings.data import *  # noqa: F403 - Django reads names from one module
from minga.config.settings.pages import *  # noqa: F403
from minga.config.settings.security import *  # noqa: F403
from minga.config.settings.work import *  # noqa: F403
