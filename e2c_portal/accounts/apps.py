from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "e2c_portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from e2c_portal.accounts import permissions, retention_rules  # noqa: F401, PLC0415  declares the rules, once the models are loaded
        from e2c_portal.kernel import retention  # noqa: PLC0415

        retention.register(*retention_rules.RULES)
