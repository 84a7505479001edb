from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "e2c_portal.upkeep"
    label = "upkeep"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        """Tell the foundations what this floor brings."""
        from e2c_portal.audit import tracking  # noqa: PLC0415  models are loaded only now
        from e2c_portal.ui import navigation  # noqa: PLC0415
        from e2c_portal.upkeep import metrics_folder, tracked  # noqa: PLC0415

        metrics_folder.prepare()
        from e2c_portal.upkeep import checks, metrics_readings, metrics_requests, permissions, sections  # noqa: F401, PLC0415

        navigation.register(navigation.Entry("Exploitation", "upkeep:index", "server", 87, sections.sees_some))
        metrics_readings.connect()
        metrics_requests.connect()
        tracking.register("upkeep", tracked.UPKEEP)
        _register_work()
        _register_backup()
        _register_checks()
        _register_incidents()


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


def _register_backup() -> None:
    """Note who is erased outside the database, and keep those notes from the sweep of orphan files."""
    from e2c_portal.documents import sweeping  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import removing  # noqa: PLC0415
    from e2c_portal.upkeep import milestones  # noqa: PLC0415
    from e2c_portal.upkeep.backup import ledger, noting  # noqa: PLC0415

    milestones.register("backup", noting.last_made)
    removing.listen("ledger", ledger.note)
    sweeping.register_owner("upkeep", ledger.own_files)


def _register_checks() -> None:
    """The checks of each night, their rights, how long what they find is kept."""
    from e2c_portal.exports import lists  # noqa: PLC0415  models are loaded only now
    from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
    from e2c_portal.upkeep import milestones, retention_rules  # noqa: PLC0415
    from e2c_portal.upkeep.consistency import (  # noqa: PLC0415
        asking,
        files,
        passages,
        permissions,
        proofs,
        reading,
        registry,
        states,
    )
    from e2c_portal.upkeep.sections import Section, register  # noqa: PLC0415

    registry.register(*files.CHECKS, *states.CHECKS, *proofs.CHECKS)
    milestones.register("consistency", reading.last_ended)
    register(
        Section(
            "Contrôles de cohérence", "Ce que le portail dit, comparé chaque nuit à ce qu’il garde.", "upkeep:checks", "shield-check", 20,
            permissions.ConsistencyPermission.VIEW_CHECKS, reading.section_state,
        )
    )  # fmt: skip
    retention.register(*retention_rules.RULES)
    lists.register(asking.FINDINGS)
    sweepers.register("checks", passages.sweep)


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
