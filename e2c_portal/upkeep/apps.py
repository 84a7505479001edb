from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "e2c_portal.upkeep"
    label = "upkeep"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        """Tell the foundations what this floor brings."""
        from e2c_portal.ui import navigation  # noqa: PLC0415  models are loaded only now
        from e2c_portal.upkeep import metrics_folder  # noqa: PLC0415

        metrics_folder.prepare()
        from e2c_portal.upkeep import checks, metrics_readings, metrics_requests, permissions, sections  # noqa: F401, PLC0415

        navigation.register(navigation.Entry("Exploitation", "upkeep:index", "server", 87, sections.sees_some))
        metrics_readings.connect()
        metrics_requests.connect()
        _register_work()


def _register_work() -> None:
    """Tell of the page of queues: its section, its list as a file."""
    from e2c_portal.exports import lists  # noqa: PLC0415
    from e2c_portal.signing import roots  # noqa: PLC0415
    from e2c_portal.upkeep import milestones, queues, queues_exports  # noqa: PLC0415
    from e2c_portal.upkeep.permissions import UpkeepPermission  # noqa: PLC0415
    from e2c_portal.upkeep.sections import Section, register  # noqa: PLC0415

    lists.register(queues_exports.WORK)
    milestones.register("evidence", roots.last_noted)
    register(
        Section(
            "Files et échecs", "Ce qui attend, ce qui est en cours, ce qui a échoué et ce qu’il faut relancer.", "upkeep:work",
            "list-checks", 10, UpkeepPermission.VIEW_WORK, queues.section_state,
        )
    )  # fmt: skip
