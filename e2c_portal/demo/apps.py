from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "e2c_portal.demo"
    label = "demo"
    verbose_name = "Démonstration"
