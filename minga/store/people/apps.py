from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "minga.store.people"
    label = "people"
