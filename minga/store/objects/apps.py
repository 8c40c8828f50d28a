from django.apps import AppConfig

from minga.store import full_disk


class ObjectsConfig(AppConfig):
    name = "minga.store.objects"
    label = "objects"

    def ready(self) -> None:
        """Before the first connection is made."""
        full_disk.watch_databases()
