"""What pages stand on: middleware, templates, languages, static files."""

from pathlib import Path

from minga.config import environment
from minga.config.settings.data import HOME

PACKAGE = Path(__file__).resolve().parents[2]

ROOT_URLCONF = "minga.config.urls"
WSGI_APPLICATION = "minga.config.wsgi.application"
APPEND_SLASH = False

MIDDLEWARE = [
    "minga.web.middleware.RequestMarks",
    "django.middleware.security.SecurityMiddleware",
    "minga.web.middleware.AroundPages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "minga.web.middleware.Doors",
]
# What only a browser needs. These may not look at the view: `AroundPages` calls them, not Django.
PAGE_MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "minga.web.middleware.PersonLanguage",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
# Below these there is nothing but doors of machines (`Entrance.KEYS`).
MACHINE_PATHS = ("/taxii2/", "/api/v1/")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "minga.web.context.frame",
            ],
        },
    }
]

LANGUAGE_CODE = environment.LANGUAGE.value
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.TIME_ZONE.value
HUB_NAME = environment.NAME.value

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
