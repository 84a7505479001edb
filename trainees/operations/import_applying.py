"""The worker’s import: one line, one transaction, through the operations of the pages. What changed since the check counts."""

import logging
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Model

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import unreadable_nir
from trainees.models import EntryProfile, Pathway, Trainee, TraineeImport, TraineeImportLine
from trainees.operations.import_planning import Plan, plan_of
from trainees.operations.import_turns import UNEXPECTED, begin_line, end, held, still_held, told_of, turn
from trainees.operations.import_undoing import mark_of_row
from trainees.operations.moving import save_or_refuse
from trainees.operations.pathways import move_pathway, open_pathway
from trainees.operations.people import register_trainee, revise_trainee, save_representative
from trainees.reads.import_cells import person_in
from trainees.reads.import_directory import Directory

logger = logging.getLogger(__name__)
Status, Outcome = TraineeImport.Status, TraineeImportLine.Outcome

LINES_AT_ONCE = 100
NOTHING_LEFT = "Cette fiche a reçu les mêmes informations depuis la vérification : il ne restait rien à écrire."


def apply_import(import_id: int) -> bool:
    """Import for one turn. Returns whether all is done by this call."""
    return turn(import_id, Status.APPLYING, _apply)


def _apply(import_id: int, claim: UUID, until: float) -> bool:
    asked = TraineeImport.objects.select_related("school", "applied_by").get(pk=import_id)
    actor, directory = asked.applied_by, Directory(asked.school)
    if actor is None:
        raise AssertionError("an import under way has somebody behind it")
    while waiting := _waiting(import_id):
        for line in waiting:
            with still_held(import_id, claim):
                begin_line()
                _apply_line(line, asked, directory, actor)
            if monotonic() > until:
                return False
    with held(import_id, claim) as held_import:
        end(held_import, Status.APPLIED)
    return True


def _waiting(import_id: int) -> list[TraineeImportLine]:
    """Return the next lines to import: whoever holds the claim is alone to write them."""
    lines = TraineeImportLine.objects.filter(owner=import_id, outcome="", action__in=TraineeImportLine.TO_APPLY)
    return list(lines.order_by("number")[:LINES_AT_ONCE])


def _apply_line(line: TraineeImportLine, asked: TraineeImport, directory: Directory, actor: User) -> None:
    """Import one line, or write why not; the import is held, so that no other worker has the same line."""
    try:
        with transaction.atomic():
            _write(line, asked, directory, actor)
            _check_what_waits_for_the_commit()
        line.outcome = Outcome.DONE
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        line.trainee_id, line.made = None, {}
        line.outcome, line.told = Outcome.REFUSED, unreadable_nir(told_of(error)) or UNEXPECTED
        if line.told == UNEXPECTED:
            logger.error("line %s of a trainee import failed", line.pk, exc_info=error)
    line.save(update_fields=["outcome", "told", "trainee", "made"])


def _check_what_waits_for_the_commit() -> None:
    """Ask now what the database checks at the commit: a refusal then would speak of no line, and stop them all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _write(line: TraineeImportLine, asked: TraineeImport, directory: Directory, actor: User) -> None:
    person = person_in(line.cells, asked.mapping)
    if person.birth_date:
        _alone_with(asked.school_id, person.birth_date.toordinal())
    directory.load([person])
    plan = plan_of(person, asked, directory)
    if plan.faults:
        raise Refused(" ".join(plan.faults))
    if plan.action == "unchanged":
        raise Refused(NOTHING_LEFT)
    line.trainee, line.made = _written(plan, directory, actor)


def _alone_with(school_id: int, day: int) -> None:
    """Wait until no other import writes somebody of this school born that day: two at once would both create them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"trainee_import:{school_id}:{day}"])


def _written(plan: Plan, directory: Directory, actor: User) -> tuple[Trainee, dict[str, Any]]:
    """Write a plan through the operations; return the trainee, and the rows made with their marks, for an undoing."""
    trainee, rows = _person(plan, directory, actor)
    pathway = plan.existing_pathway
    if plan.pathway is not None:
        plan.pathway.trainee = trainee
        pathway = open_pathway(plan.pathway, actor)
        if plan.arrives:
            pathway = move_pathway(pathway.pk, "arrive", actor)
        rows.append(pathway)
    if plan.profile and pathway is not None:
        rows.append(_profile(plan, pathway))
    if plan.referral is not None:
        plan.referral.trainee = trainee
        save_or_refuse(plan.referral)
        record(actor, "referral.saved", trainee, f"Prescription enregistrée : {plan.referral}")
        rows.append(plan.referral)
    if plan.representative is not None:
        plan.representative.trainee = trainee
        rows.append(save_representative(plan.representative, actor))
    return trainee, {"rows": [mark_of_row(row) for row in rows], "filled": plan.fills}


def _person(plan: Plan, directory: Directory, actor: User) -> tuple[Trainee, list[Model]]:
    """Create or complete the trainee. Returns them, and the row made when there is one."""
    trainee, born = plan.trainee, plan.person.birth_date
    if trainee is None:
        if born is None:
            raise AssertionError("a plan without a birth date is refused before")
        new = Trainee(
            school=directory.school, birth_date=born, commune=directory.commune(plan.person), **plan.person.texts
        )
        trainee = register_trainee(new, actor)
        return trainee, [trainee]
    if plan.fills:
        for name, value in plan.fills.items():
            setattr(trainee, name, value)
        trainee = revise_trainee(trainee, trainee.revision, actor)
    return trainee, []


def _profile(plan: Plan, pathway: Pathway) -> EntryProfile:
    profile = EntryProfile(pathway=pathway, **plan.profile)
    save_or_refuse(profile)
    return profile
