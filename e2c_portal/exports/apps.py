from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "e2c_portal.exports"
    label = "exports"
    verbose_name = "Exports"
