from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "e2c_portal.upkeep"
    label = "upkeep"
    verbose_name = "Exploitation"
