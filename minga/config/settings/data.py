"""Where things are kept: the state folder, the database, the work queue."""

from pathlib import Path

from minga.config import environment

HOME = Path(environment.HOME.value).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)

DATABASES = {"default": environment.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "minga.store.people",
    "minga.store.audiences",
    "minga.store.objects",
    "minga.store.journal",
    "minga.web",
    "minga.features.membership",
    "minga.features.exchange",
    "minga.faces.taxii",
    "minga.faces.api",
]
AUTH_USER_MODEL = "people.Person"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

SIGNATURE_ROOTS = environment.SIGNATURE_ROOTS.value
DEFAULT_TLP = environment.default_tlp()
BODY_LIMIT_BYTES = environment.whole_number(environment.BODY_LIMIT, least=1_000, most=10**9)
THREADS = environment.whole_number(environment.THREADS, least=1, most=256)
PAGE_LIMIT = environment.whole_number(environment.PAGE_LIMIT, least=1, most=10_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
FILE_UPLOAD_HANDLERS = ["minga.web.uploads.BoundedUploads"]
