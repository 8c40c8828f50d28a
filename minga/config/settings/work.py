"""What comes back by itself, and what the log holds."""

from datetime import timedelta

SCHEDULES = {
    "minga.features.exchange.jobs.settle_departures": timedelta(minutes=1),
    "minga.features.membership.jobs.close_dormant_accounts": timedelta(days=1),
    "minga.features.membership.jobs.decide_admissions": timedelta(minutes=10),
    "minga.features.membership.jobs.end_announced_memberships": timedelta(minutes=1),
    "minga.features.membership.jobs.end_replaced_versions": timedelta(hours=1),
    "minga.features.membership.jobs.sweep_links": timedelta(hours=1),
    "minga.store.work.jobs.sweep_finished_work": timedelta(days=1),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "minga.config.logs.UtcFormatter",
            "format": "{asctime}Z {levelname:7} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        "_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
