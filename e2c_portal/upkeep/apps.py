from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "e2c_portal.upkeep"
    label = "upkeep"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        """Tell the foundations what this floor brings."""
        from e2c_portal.ui import navigation  # noqa: PLC0415  models are loaded only now
        from e2c_portal.upkeep import permissions, sections  # noqa: F401, PLC0415

        navigation.register(navigation.Entry("Exploitation", "upkeep:index", "server", 87, sections.sees_some))
        _register_incidents()


def _register_incidents() -> None:
    """Watch over faults after each pass of the sweeper, and show them."""
    from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
    from e2c_portal.upkeep import incidents, incidents_retention, incidents_watch  # noqa: PLC0415
    from e2c_portal.upkeep.permissions import UpkeepPermission  # noqa: PLC0415
    from e2c_portal.upkeep.sections import Section, register  # noqa: PLC0415

    retention.register(*incidents_retention.RULES)
    sweepers.register_witness(incidents_watch.witness)
    register(
        Section(
            "Pannes", "Ce qui est arrêté, depuis quand, et ce que vous avez à faire.", "upkeep:incidents", "siren", 5,
            UpkeepPermission.VIEW_WORK, incidents.section_state,
        )
    )  # fmt: skip
