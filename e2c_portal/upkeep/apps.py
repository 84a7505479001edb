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
        _mask_passes()
        from e2c_portal.upkeep import checks, metrics_readings, metrics_requests, permissions, sections  # noqa: F401, PLC0415

        navigation.register(navigation.Entry("Exploitation", "upkeep:index", "server", 87, sections.sees_some))
        metrics_readings.connect()
        metrics_requests.connect()
        tracking.register("upkeep", tracked.UPKEEP)
        _register_work()
        _register_backup()
        _register_checks()
        _register_incidents()


def _mask_passes() -> None:
    """Keep the address by which a person in charge enters during a maintenance out of every log."""
    from e2c_portal.kernel import log_masking  # noqa: PLC0415
    from e2c_portal.upkeep.maintenance import PASS_PATH  # noqa: PLC0415  models are loaded only now

    log_masking.mask_after(PASS_PATH)


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
    from e2c_portal.documents import storage  # noqa: PLC0415  models are loaded only now
    from e2c_portal.exports import lists  # noqa: PLC0415
    from e2c_portal.kernel import retention, sweepers  # noqa: PLC0415
    from e2c_portal.upkeep import (  # noqa: PLC0415
        incidents,
        incidents_list,
        incidents_retention,
        incidents_storage,
        incidents_watch,
        milestones,
    )
    from e2c_portal.upkeep.permissions import UpkeepPermission  # noqa: PLC0415
    from e2c_portal.upkeep.sections import Section, register  # noqa: PLC0415

    retention.register(*incidents_retention.RULES)
    milestones.register("sweeper", incidents_watch.last_looked)
    lists.register(incidents_list.INCIDENTS)
    storage.register_witness(incidents_storage.witness)
    sweepers.register_witness(incidents_watch.witness)
    register(
        Section(
            "Pannes", "Ce qui est arrêté, depuis quand, et ce que vous avez à faire.", "upkeep:incidents", "siren", 5,
            UpkeepPermission.VIEW_WORK, incidents.section_state,
        )
    )  # fmt: skip
