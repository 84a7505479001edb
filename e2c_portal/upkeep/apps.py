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
