from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "minga.store.audiences"
    label = "audiences"
