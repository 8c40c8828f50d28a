from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "minga.features.exchange"
    label = "exchange"
