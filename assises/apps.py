from django.apps import AppConfig


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = "Assises"
