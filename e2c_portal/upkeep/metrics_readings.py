"""The figures read at each scrape: what waits, what failed, what is left of disks, certificates and connections.

Every question is bounded and goes through an index that holds only what waits or failed: a scrape costs the same among a
million sealed documents. A reading that fails does not take the others with it: it is counted, and the line is missing.
"""

import logging
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.core.files.storage import storages
from django.db import connection, transaction
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric

from e2c_portal.documents.sealing import SealSettings, certificate_expiry
from e2c_portal.documents.sealing.signing_authority import open_signing_authority
from e2c_portal.kernel.patience import PATIENCE_SECONDS, bounded
from e2c_portal.ui.version import PORTAL_VERSION
from e2c_portal.upkeep import milestones, queues_counts
from e2c_portal.upkeep.queues_workers import broker_queue_length, workers_seen

logger = logging.getLogger(__name__)
Reading = Callable[[], Iterator[Metric]]
DAY_SECONDS = 86_400

_readings: dict[str, Reading] = {}


def register(name: str, reading: Reading) -> None:
    """Add a reading: it yields families of figures, in bounded time."""
    _readings[name] = reading


class Readings:
    """All the readings, as the library asks for them."""

    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily(
            "portail_reading_failed", "1 quand une partie n’a pas pu être lue.", labels=("reading",)
        )
        for name, reading in sorted(_readings.items()):
            try:
                found = list(reading())
            except Exception as error:  # whatever the driver raises: the other figures are needed all the more
                logger.warning("metrics: %s not read (%s)", name, type(error).__name__)
                found = []
                failed.add_metric((name,), 1)
            else:
                failed.add_metric((name,), 0)
            yield from found
        yield failed


def readings() -> CollectorRegistry:
    """Return the figures of this moment."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Readings())
    return registry


def _family(name: str, words: str, rows: Mapping[Any, float | None], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for values, number in rows.items():
        if number is not None:
            family.add_metric(values, number)
    return family


def _work() -> Iterator[Metric]:
    """What waits in the database, by indexes that hold nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_SECONDS * 1000])
        documents = queues_counts.documents_by_state()
        yield _family("portail_documents", "Documents par état.", {(k,): v for k, v in documents.items()}, "state")
        yield _family(
            "portail_documents_sealed_last_hour", "Documents scellés depuis une heure.", {(): queues_counts.sealed_last_hour()}
        )  # fmt: skip
        yield _family(
            "portail_documents_kept", "Documents conservés, scellés ou remplacés (estimation de PostgreSQL).",
            {(): queues_counts.documents_kept(sum(documents.values()))},
        )  # fmt: skip
        yield _family(
            "portail_documents_oldest_waiting_seconds", "Attente du plus ancien document.", {(): queues_counts.oldest_document()}
        )  # fmt: skip
        yield _family("portail_jobs_waiting", "Travaux pas encore transmis.", {(): queues_counts.jobs_waiting()})
        yield _family(
            "portail_jobs_oldest_waiting_seconds", "Attente du plus ancien travail.", {(): queues_counts.oldest_job()}
        )
        yield _family("portail_task_failures", "Travaux en échec.", {(): queues_counts.failed_tasks()})
        messages = queues_counts.messages_by_state()
        yield _family("portail_messages", "Messages par voie et état.", messages, "channel", "state")
        late = {(name,): seconds for name, seconds in queues_counts.late_messages().items()}
        yield _family("portail_messages_late_seconds", "Retard du message le plus en retard.", late, "channel")


def _database() -> Iterator[Metric]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_SECONDS * 1000])
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int, pg_database_size(current_database())"
        )
        used, limit, size = cursor.fetchone()
    yield _family("portail_database_connections", "Connexions ouvertes à PostgreSQL.", {(): used})
    yield _family("portail_database_connections_max", "Connexions que PostgreSQL accepte.", {(): limit})
    yield _family("portail_database_bytes", "Taille de la base.", {(): size})


def _broker() -> Iterator[Metric]:
    yield _family("portail_queue_length", "Travaux transmis, pas encore pris.", {(): broker_queue_length()})
    yield _family("portail_workers", "Ouvriers qui répondent.", {(): len(workers_seen())})


def _storage() -> Iterator[Metric]:
    """The room left on disks; a bucket has no such limit and no line here."""
    # Every file of the portal goes there (documents.storage).
    folder = getattr(storages["documents"], "base_location", None)
    usages = {"documents": bounded(partial(_usage, Path(folder)))} if folder else {}
    free = {(name,): float(usage[0]) for name, usage in usages.items()}
    yield _family("portail_storage_free_bytes", "Place libre pour les fichiers.", free, "storage")
    total = {(name,): float(usage[1]) for name, usage in usages.items()}
    yield _family("portail_storage_bytes", "Place en tout pour les fichiers.", total, "storage")


def _usage(folder: Path) -> tuple[int, int]:
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def _certificates() -> Iterator[Metric]:
    days = {("seal",): _days_to(bounded(lambda: certificate_expiry(SealSettings.from_settings())))}
    seal = SealSettings.from_settings()
    if seal.signing_pkcs12:
        ends = bounded(lambda: open_signing_authority(seal).certificate.not_valid_after_utc)
        days["signing",] = _days_to(ends)
    yield _family("portail_certificate_days_left", "Jours avant la fin des certificats.", days, "certificate")


def _days_to(moment: datetime) -> float:
    return round((moment - datetime.now(UTC)).total_seconds() / DAY_SECONDS, 1)


def _milestones() -> Iterator[Metric]:
    last = {(name,): _stamp(read()) for name, read in milestones.all_milestones().items()}
    yield _family(
        "portail_last_success_timestamp_seconds", "Dernière fois que cela a réussi (heure Unix).", last, "what"
    )


def _stamp(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _build() -> Iterator[Metric]:
    facts = (PORTAL_VERSION, platform.python_version(), django.get_version())
    yield _family("portail_build_info", "Versions en service.", {facts: 1}, "version", "python", "django")


def connect() -> None:
    """Register the readings of this floor."""
    for name, reading in (
        ("work", _work), ("database", _database), ("broker", _broker), ("storage", _storage),
        ("certificates", _certificates), ("milestones", _milestones), ("build", _build),
    ):  # fmt: skip
        register(name, reading)
