"""Take an import back, line by line: what it wrote goes, unless somebody used it or changed it since. Then the line says why."""

import logging
from hashlib import sha256
from time import monotonic
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import InterfaceError, OperationalError, models, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.forgetting import forgetting
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.nir import unreadable_nir
from e2c_portal.kernel.removing import removal
from trainees.models import Pathway, PathwayMove, Trainee, TraineeImport, TraineeImportLine
from trainees.operations.import_planning import label_of
from trainees.operations.import_turns import UNEXPECTED, begin_line, end, held, still_held, told_of, turn
from trainees.operations.people import revise_trainee

logger = logging.getLogger(__name__)
Status, Outcome = TraineeImport.Status, TraineeImportLine.Outcome

LINES_AT_ONCE = 100
# What the database writes by itself, or what moves without the row being changed.
NOT_COMPARED = {"created_at", "search", "moves_made"}
CHANGED = {
    "trainee": "la fiche a été modifiée",
    "pathway": "le parcours a avancé ou a été modifié",
    "entryprofile": "le profil d’entrée a été modifié",
    "referral": "la prescription a été modifiée",
    "legalrepresentative": "le représentant légal a été modifié",
}


def mark_of_row(row: models.Model) -> dict[str, Any]:
    """Name a row that an import wrote, with a mark of what it held: another mark later means that somebody changed it."""
    columns = sorted(field.attname for field in row._meta.concrete_fields if field.name not in NOT_COMPARED)
    held = "\n".join(f"{name}={getattr(row, name)!s}" for name in columns)
    return {"model": row._meta.model_name, "pk": row.pk, "mark": sha256(held.encode()).hexdigest()}


def undo_import(import_id: int) -> bool:
    """Take back for one turn. Returns whether all is done by this call."""
    return turn(import_id, Status.UNDOING, _undo)


def _undo(import_id: int, claim: UUID, until: float) -> bool:
    asked = TraineeImport.objects.select_related("undone_by").get(pk=import_id)
    while waiting := list(asked.lines.filter(outcome=Outcome.DONE).order_by("number")[:LINES_AT_ONCE]):
        for line in waiting:
            with still_held(import_id, claim):
                begin_line()
                _undo_line(line, asked)
            if monotonic() > until:
                return False
    with held(import_id, claim) as held_import:
        end(held_import, Status.UNDONE)
    return True


def _undo_line(line: TraineeImportLine, asked: TraineeImport) -> None:
    try:
        with transaction.atomic():
            reasons = _taken_back(line, asked)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        reasons = [told_of(error) or UNEXPECTED]
        if reasons == [UNEXPECTED]:
            logger.error("line %s of a trainee import was not undone", line.pk, exc_info=error)
    line.outcome = Outcome.KEPT if reasons else Outcome.UNDONE
    told = f"Depuis l’import : {' ; '.join(reasons)}. Rien de cette ligne n’est retiré." if reasons else ""
    line.told = unreadable_nir(told)
    line.save(update_fields=["outcome", "told", "trainee"])


def _taken_back(line: TraineeImportLine, asked: TraineeImport) -> list[str]:
    """Remove what the line wrote, or return why nothing of it goes."""
    trainee = Trainee.objects.select_for_update().filter(pk=line.trainee_id or 0).first()
    if trainee is None:
        line.trainee_id = None
        return []
    rows = [found for named in line.made.get("rows", []) if (found := _row(named))]
    reasons = [CHANGED[row._meta.model_name or ""] for row, mark in rows if mark_of_row(row)["mark"] != mark]
    reasons += _changed_fills(trainee, line.made.get("filled", {}))
    own = {(type(row), row.pk) for row, _ in rows}
    for row, _ in rows:
        reasons += _uses(row, own)
    if reasons:
        return list(dict.fromkeys(reasons))
    _remove(line, trainee, [row for row, _ in rows], asked.undone_by)
    return []


def _row(named: dict[str, Any]) -> tuple[models.Model, str] | None:
    model: Any = apps.get_model("trainees", named["model"])
    row = model.objects.select_for_update().filter(pk=named["pk"]).first()
    return (row, named["mark"]) if row else None


def _changed_fills(trainee: Trainee, filled: dict[str, str]) -> list[str]:
    changed = [name for name, value in filled.items() if getattr(trainee, name) != value]
    return [f"« {label_of(name)} » modifié dans la fiche" for name in changed]


def _uses(row: models.Model, own: set[tuple[type[models.Model], Any]]) -> list[str]:
    """Return what refers to a row without coming from the same line: every relation is asked, those of other parts included."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        model: Any = getattr(relation, "related_model", None)
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)) or model is TraineeImportLine:
            continue
        ours = {pk for kind, pk in own if kind is model}
        others = model._base_manager.filter(**{relation.field.name: row.pk}).exclude(pk__in=ours)  # type: ignore[union-attr]
        # The arrival recorded by the import itself is the only step that its mark allows.
        count = others.count() - (1 if model is PathwayMove and getattr(row, "status", "") == "trial" else 0)
        if count > 0:
            found.append(f"{counted(count, model._meta.verbose_name, model._meta.verbose_name_plural)} en dépend")
    return found


def _remove(line: TraineeImportLine, trainee: Trainee, rows: list[models.Model], actor: User | None) -> None:
    """Remove the rows, those that refer to others first; the arrival that the import recorded goes with its pathway.

    The steps of a pathway are never removed otherwise: here the pathway itself never was, and the trail keeps what was done.
    """
    created = any(isinstance(row, Trainee) for row in rows)
    if filled := line.made.get("filled"):
        for name in filled:
            setattr(trainee, name, "")
        if actor:
            revise_trainee(trainee, trainee.revision, actor)
    record(
        actor, "trainee_import.taken_back", trainee, "Import annulé : " + ("fiche retirée" if created else "ajouts retirés"),
        owner=line.owner_id, line=line.number,
    )  # fmt: skip
    line.trainee_id = None if created else line.trainee_id
    with forgetting([subject_of(row) for row in rows], "Import annulé : historique retiré", actor):
        _delete(rows, actor)


def _delete(rows: list[models.Model], actor: User | None) -> None:
    for row in sorted(rows, key=lambda row: (isinstance(row, Trainee), isinstance(row, Pathway))):
        if isinstance(row, Pathway):
            with removal(
                "Import annulé : parcours retiré",
                actor,
                models=(PathwayMove, Pathway),
                only=("immutable", "never_deleted"),
            ) as act:
                act.counts = {"trainees.Pathway": 1}
                PathwayMove.objects.filter(pathway=row).delete()
                row.delete()
        else:
            row.delete()
