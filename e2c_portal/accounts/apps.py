from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "e2c_portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from e2c_portal.accounts import permissions, receivers, retention_rules, tracked  # noqa: F401, PLC0415  declares the rules
        from e2c_portal.accounts.histories import HISTORIES  # noqa: PLC0415
        from e2c_portal.audit import histories, tracking  # noqa: PLC0415
        from e2c_portal.kernel import retention  # noqa: PLC0415

        retention.register(*retention_rules.RULES)
        tracking.register("accounts", tracked.ACCOUNTS)
        histories.register(*HISTORIES)
        receivers.connect()
        _register_accounts()


def _register_accounts() -> None:
    from e2c_portal.accounts import fresh, invitation, notices, queries  # noqa: PLC0415
    from e2c_portal.exports import asking  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415
    from e2c_portal.signing import watchers  # noqa: PLC0415

    purposes.register(invitation.purpose())
    message_types.register(invitation.MAIL)
    message_types.register(notices.MAIL)
    asking.register("fresh proof", fresh.ask_again_for_a_list)
    watchers.register("regional officers", queries.officers_to_write)
