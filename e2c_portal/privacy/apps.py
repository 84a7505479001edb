from typing import Any

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "e2c_portal.privacy"
    label = "privacy"
    verbose_name = "Données personnelles"

    def ready(self) -> None:
        """Tell the foundations what this floor brings: rights, rules, jobs, messages, the people with an account."""
        from e2c_portal.documents import sweeping  # noqa: PLC0415  models are loaded only now
        from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
        from e2c_portal.mailing import message_types  # noqa: PLC0415
        from e2c_portal.privacy import (  # noqa: F401, PLC0415
            access_files,
            accounts_kind,
            checks,
            notices,
            people,
            permissions,
            retention_rules,
        )

        retention.register(*retention_rules.RULES)
        _register_menu()
        people.register(accounts_kind.ACCOUNT)
        sweepers.register("access files", access_files.sweep)
        sweeping.register_owner("access files", access_files.own_files)
        for kind in notices.TYPES:
            message_types.register(kind)


def _register_menu() -> None:
    """Show the data officer the people, the auditor what is decided of their data."""
    from e2c_portal.privacy.permissions import PrivacyPermission  # noqa: PLC0415
    from e2c_portal.ui import navigation  # noqa: PLC0415

    def handles(user: Any) -> bool:
        return navigation.signed_in(user) and user.has_perm(PrivacyPermission.HANDLE_PEOPLE)

    def only_reads(user: Any) -> bool:
        return navigation.signed_in(user) and user.has_perm(PrivacyPermission.VIEW_RULES) and not handles(user)

    navigation.register(navigation.Entry("Données personnelles", "privacy:index", "shield-check", 85, handles))
    navigation.register(navigation.Entry("Durées de conservation", "privacy:rules", "shield-check", 86, only_reads))
