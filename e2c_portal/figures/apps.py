from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "e2c_portal.figures"
    label = "figures"
    verbose_name = "Chiffres"
