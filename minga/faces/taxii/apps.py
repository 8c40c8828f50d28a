from django.apps import AppConfig


class TaxiiConfig(AppConfig):
    name = "minga.faces.taxii"
    label = "taxii"
