from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "e2c_portal.audit"
    label = "audit"
    verbose_name = "Traces"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate  # noqa: PLC0415

        from e2c_portal.audit import foundations, retention_rules, tracking, triggers  # noqa: PLC0415  models are loaded only now
        from e2c_portal.kernel import retention  # noqa: PLC0415

        retention.register(*retention_rules.RULES)
        tracking.register("foundations", foundations.FOUNDATIONS)
        post_migrate.connect(triggers.install, sender=self)
