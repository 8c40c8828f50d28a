from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "minga.store.journal"
    label = "journal"
