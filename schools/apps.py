from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Écoles"

    def ready(self) -> None:
        from e2c_portal.exports.admin_lists import rows_of_admin  # noqa: PLC0415  models are loaded only now
        from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415
        from schools import exports, models, permissions  # noqa: PLC0415  permissions declares the rules
        from schools.views.network import schools_on_screen  # noqa: PLC0415

        columns = exports.SCHOOL_COLUMNS
        register(Listing("ecoles", "Écoles", columns, schools_on_screen))
        register(Listing("gestion-ecoles", "Écoles", columns, rows_of_admin(models.School), models.School))

        navigation.register(navigation.Entry("Réseau", "schools:schools", "school", 30, permissions.reads_the_network))
        _register_retention()
        _register_history()


def _register_history() -> None:
    from e2c_portal.audit import histories, tracking  # noqa: PLC0415
    from schools import tracked  # noqa: PLC0415
    from schools.histories import HISTORIES  # noqa: PLC0415

    tracking.register("schools", tracked.NETWORK)
    histories.register(*HISTORIES)


def _register_retention() -> None:
    from e2c_portal.kernel import retention  # noqa: PLC0415
    from schools.operations import retention_rules  # noqa: PLC0415  models are loaded only now

    retention.register(*retention_rules.RULES)
