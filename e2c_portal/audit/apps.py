from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "e2c_portal.audit"
    label = "audit"
    verbose_name = "Traces"
