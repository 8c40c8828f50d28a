from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "minga.features.membership"
    label = "membership"
