from django.apps import AppConfig


class ObjectsConfig(AppConfig):
    name = "minga.store.objects"
    label = "objects"
