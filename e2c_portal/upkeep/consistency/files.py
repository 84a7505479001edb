"""Stored files: those that rows name are there and unchanged, and none stays that nobody names."""

import time
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import F, Model, Q
from django.db.models.functions import Mod
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.sweeping import FILES_AT_ONCE, ORPHAN_AGE, owned_among
from e2c_portal.upkeep.backup.stored_files import file_columns
from e2c_portal.upkeep.consistency.registry import NIGHTS, Check, Fault, Scope, Step
from e2c_portal.upkeep.queues_counts import waiting_documents

AT_ONCE = 200
WALKED_SECONDS = 20
OLD = ORPHAN_AGE * 2
ALTERED = "storage_altered"


def _look_at_files(scope: Scope) -> Step:
    """Read again the files of tonight's share, a few hundred at a time: column by column, in the order of keys."""
    columns = list(file_columns())
    index, _, last = scope.after.partition(":") if scope.after else ("0", "", "")
    if int(index) >= len(columns):
        return Step()
    model, column, fingerprint = columns[int(index)]
    rows = model._base_manager.exclude(**{column: ""}).exclude(**{column: None}).order_by("pk")
    mine = Q(share=scope.share) | Q(pk__in=_numbers(model, scope))
    rows = rows.annotate(share=Mod(F("pk"), NIGHTS)).filter(mine)
    if last:
        rows = rows.filter(pk__gt=last)
    found = list(rows[:AT_ONCE])
    faults = [fault for row in found if (fault := _fault(row, column, fingerprint))]
    going_on = len(found) == AT_ONCE
    if not going_on and int(index) + 1 >= len(columns):
        return Step(faults)
    return Step(faults, f"{index}:{found[-1].pk}" if going_on else f"{int(index) + 1}:")


def _numbers(model: type[Model], scope: Scope) -> list[str]:
    prefix = f"{model._meta.label_lower}:"
    return [name.removeprefix(prefix) for name in scope.again if name.startswith(prefix)]


def _fault(row: Model, column: str, fingerprint: str) -> Fault | None:
    key, sha256 = getattr(row, column), getattr(row, fingerprint) if fingerprint else ""
    try:
        storage.read(key, sha256=sha256 or "")
    except storage.StorageFault as fault:
        # A rule of retention may have taken both away meanwhile.
        if not type(row)._base_manager.filter(pk=row.pk, **{column: key}).exists():
            return None
        what = (
            "a été modifié depuis son enregistrement"
            if fault.code == ALTERED
            else "est absent du stockage ou illisible"
        )
        return Fault(f"{row._meta.label_lower}:{row.pk}", f"Le fichier {_whose(row)} {what} ({key}).")
    return None


def _whose(row: Model) -> str:
    if isinstance(row, Document):
        return f"scellé du document {row.reference}" if row.is_sealed else f"du document {row.reference}"
    return f"de « {row._meta.verbose_name} » n°\N{NO-BREAK SPACE}{row.pk}"


def _look_for_owners(scope: Scope) -> Step:
    """Walk the storage, as much of it a step as its time allows: a file without owner for two days should have been swept."""
    limit, until = timezone.now() - OLD, time.monotonic() + WALKED_SECONDS
    faults: list[Fault] = []
    keys = storage.every_key(after=scope.after)
    while some := list(islice(keys, FILES_AT_ONCE)):
        own = owned_among(some)
        faults += [_orphan(key) for key in some if key not in own and _is_older(key, limit)]
        if time.monotonic() >= until:
            return Step(faults, some[-1])
    return Step(faults)


def _is_older(key: str, limit: datetime) -> bool:
    try:
        return bool(storage.document_storage().get_modified_time(key) < limit)
    except storage.FAULTS:
        return False


def _orphan(key: str) -> Fault:
    return Fault(
        f"fichier:{key}"[:250],
        f"Aucune fiche ne nomme le fichier {key}, et il n’a pas été retiré au bout de deux jours.",
    )


def _look_for_stuck() -> list[Fault]:
    """Find what a worker should have ended long ago, however often the watcher has asked again since."""
    limit = timezone.now() - timedelta(hours=1)
    return [
        Fault(f"documents.document:{row.pk}", f"Le document {row.reference} est demandé depuis plus d’une heure et n’est pas fait.")
        for rows in waiting_documents()
        for row in rows.filter(waits_since__lt=limit).order_by("pk")[:AT_ONCE]
    ]  # fmt: skip


CHECKS = (
    Check(
        "files", f"Chaque fichier enregistré est là, intact (tous sont relus en {NIGHTS} nuits)",
        "Rétablissez ce fichier, sous le même nom, depuis une sauvegarde (dossier « fichiers »), puis relancez les contrôles.",
        _look_at_files,
    ),
    Check(
        "orphans", "Aucun fichier ne reste sans fiche",
        "Vérifiez que le planificateur tourne et que le stockage accepte les suppressions : le ménage de la nuit retire ces fichiers.",
        _look_for_owners,
    ),
    Check(
        "stuck", "Chaque document demandé est fait dans l’heure",
        "Vérifiez que les ouvriers et le surveillant tournent (page « Files et échecs »), puis relancez le document depuis sa fiche.",
        lambda scope: Step(_look_for_stuck()),
    ),
)  # fmt: skip
