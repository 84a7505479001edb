from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "e2c_portal.audit"
    label = "audit"
    verbose_name = "Traces"

    def ready(self) -> None:
        from e2c_portal.audit import retention_rules  # noqa: PLC0415  models are loaded only now
        from e2c_portal.kernel import retention  # noqa: PLC0415

        retention.register(*retention_rules.RULES)
