from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "e2c_portal.mailing"
    label = "mailing"
    verbose_name = "Messages"

    def ready(self) -> None:
        from e2c_portal.kernel import log_masking, retention, sweepers  # noqa: PLC0415  models are loaded only now
        from e2c_portal.mailing import checks, digests, message_types, retention_rules, sweeping  # noqa: F401, PLC0415

        log_masking.mask_after("/messages/")
        message_types.register(digests.DIGEST_TYPE)
        sweepers.register("messages", sweeping.sweep)
        retention.register(*retention_rules.RULES)
