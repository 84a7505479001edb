from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "e2c_portal.documents"
    label = "documents"
    verbose_name = "Documents scellés"

    def ready(self) -> None:
        from e2c_portal.documents import quarantine, retention_rules, sweeping  # noqa: PLC0415  models are loaded only now
        from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415

        sweeping.register_owner("quarantine", quarantine.own_files)
        sweepers.register("interrupted documents", sweeping.free_interrupted)
        sweepers.register("documents", sweeping.ask_for_lost)
        sweepers.register("refused documents", sweeping.try_again)
        retention.register(*retention_rules.RULES)
