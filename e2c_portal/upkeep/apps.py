from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "e2c_portal.upkeep"
    label = "upkeep"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        """Tell the foundations what operating the portal brings."""
        _register_backup()
        _register_checks()


def _register_backup() -> None:
    """Note who is erased outside the database, and keep those notes from the sweep of orphan files."""
    from e2c_portal.documents import sweeping  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import removing  # noqa: PLC0415
    from e2c_portal.upkeep.backup import ledger  # noqa: PLC0415

    removing.listen("ledger", ledger.note)
    sweeping.register_owner("upkeep", ledger.own_files)


def _register_checks() -> None:
    """The checks of each night, their rights, how long what they find is kept."""
    from e2c_portal.exports import lists  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
    from e2c_portal.upkeep import retention_rules  # noqa: PLC0415
    from e2c_portal.upkeep.consistency import asking, files, passages, permissions, proofs, registry, states  # noqa: F401, PLC0415

    registry.register(*files.CHECKS, *states.CHECKS, *proofs.CHECKS)
    retention.register(*retention_rules.RULES)
    lists.register(asking.FINDINGS)
    sweepers.register("checks", passages.sweep)
