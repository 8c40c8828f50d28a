"""The hub as a WSGI application."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request, over https when MINGA_URL says that members come by it.

    TLS ends at the proxy. What a request says of itself (X-Forwarded-Proto) is never believed.
    """
    if settings.IS_SECURE:
        environ["wsgi.url_scheme"] = "https"
    answer: Iterable[bytes] = _django(environ, start_response)
    return answer
