from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "minga.faces.api"
    label = "api"
