"""Django's settings, one file per concern; the operator's own are in `config/environment.py`."""

# Django reads names from one module, so this one takes them from all the others.
from minga.config.settings.data import *  # noqa: F403 - see above
from minga.config.settings.pages import *  # noqa: F403 - see above
from minga.config.settings.security import *  # noqa: F403 - see above
from minga.config.settings.work import *  # noqa: F403 - see above
