"""Plan internships, change them before their agreement is put to signature, and move them along their life.

An internship that the law or the calendar refuses is never saved. The row of the trainee is locked first: of two people who plan
for the same person at once, the second is told of the first one's internship.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.revisions import hold_revision
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.ui.refusals import refusal_of_database
from partnerships.models import CompanyContact
from partnerships.operations.companies import save_record
from trainees.law.findings import Finding
from trainees.law.timetable import COMPANY, SCHOOL, Stint, minutes_at
from trainees.life.internships import INTERNSHIP_LIFE, OPEN
from trainees.models import Internship, ScheduleDay, Trainee
from trainees.operations.hosting import answer_offer, leave_offer_of_elsewhere
from trainees.operations.lapsing import hold_signatures, lapse_agreements
from trainees.operations.moving import refuse_if_moved, save_or_refuse, take_facts, write_move
from trainees.permissions import TraineePermission
from trainees.reads.legality import examine, stint_of

# No offer has this number: the place that an internship takes of one stays as it is.
SAME_OFFER = 0
NOT_YOURS = "Vous n’avez pas le droit d’écrire les stages de cette école."
UNLAWFUL = "Ce stage n’est pas enregistré : corrigez ce qui suit. Votre saisie est conservée."
SETTLED = (
    "La convention de ce stage est à la signature ou signée : il ne change plus que par un avenant. Pour tout reprendre avant "
    "la signature, rendez d’abord la convention caduque."
)
OVERTAKEN = (
    "Quelqu’un a enregistré ce stage pendant que vous le modifiiez. Votre saisie est conservée ci-dessous : comparez-la avec la "
    "version enregistrée, puis enregistrez de nouveau."
)


class Unlawful(Refused):
    """The law, the calendar or a fact refuses the internship; `findings` says each rule with its source."""

    code = "unlawful"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(UNLAWFUL, details=[str(finding) for finding in findings])
        self.findings = list(findings)


@transaction.atomic
def plan_internship(
    internship: Internship,
    stints: Sequence[Stint],
    actor: User,
    *,
    newcomer: CompanyContact | None = None,
    accepted: bool = False,
    offer_id: int | None = None,
    sending: Sending | None = None,
) -> Internship:
    """Create an internship with its timetable; a form sent twice (`sending`) gives back the one it made.

    `newcomer` is a tutor the portal does not know yet, recorded with the internship. `accepted` says that the company already
    agreed, `offer_id` names the offer of the company that it answers: it takes one of its places, or nothing is written.
    Raises NotAllowed, AlreadySent, Unlawful with its findings, Refused, ValidationError by field.
    """
    internship.trainee = Trainee.objects.select_for_update().get(pk=internship.trainee_id)
    internship.school, internship.created_by = internship.trainee.school, actor
    _require(actor, internship)
    made = once(sending, actor, Internship, lambda: _planned(internship, stints, actor, newcomer))
    # A form sent twice finds its internship moved already.
    if made is internship:
        answer_offer(made, offer_id, actor)
        if accepted:
            write_move(made, INTERNSHIP_LIFE, INTERNSHIP_LIFE.move("accept"), actor)
    return made


def _planned(
    internship: Internship, stints: Sequence[Stint], actor: User, newcomer: CompanyContact | None
) -> Internship:
    _welcome(internship, newcomer, actor)
    _save(internship, stints)
    record(
        actor, "internship.planned", internship,
        f"Stage prévu du {internship.starts_on:%d/%m/%Y} au {internship.ends_on:%d/%m/%Y}",
    )  # fmt: skip
    return internship


@transaction.atomic
def revise_internship(
    internship: Internship,
    stints: Sequence[Stint],
    seen: int | None,
    actor: User,
    *,
    newcomer: CompanyContact | None = None,
    offer_id: int | None = SAME_OFFER,
) -> Internship:
    """Change an internship and its timetable while its agreement is not put to signature.

    `offer_id` names the offer that it answers from now on, None for none. A place taken elsewhere than where it goes, or
    for another time, is given back.
    Raises NotAllowed, Overtaken when somebody saved it after the revision `seen`, Unlawful, Refused, ValidationError by field.
    """
    _require(actor, internship)
    internship.trainee = Trainee.objects.select_for_update().get(pk=internship.trainee_id)
    hold_revision(internship, seen, OVERTAKEN)
    status = Internship.objects.values_list("status", flat=True).get(pk=internship.pk)
    if status not in OPEN or internship.is_settled:
        raise Refused(SETTLED, code="settled")
    internship.status = status
    _welcome(internship, newcomer, actor)
    changed = changed_fields(internship)
    leave_offer_of_elsewhere(internship, actor)
    _save(internship, stints)
    if offer_id != SAME_OFFER:
        answer_offer(internship, offer_id, actor)
    record(
        actor, "internship.revised", internship, "Stage modifié : " + (", ".join(changed) or "horaire"), changed=changed
    )
    return internship


@says_why
@transaction.atomic
def move_internship(
    internship_id: int,
    move_name: str,
    actor: User,
    *,
    seen_state: str | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Internship:
    """Make one move of the life of an internship, or say why not and write nothing. A cancellation lets its agreement lapse.

    Raises NotAllowed, Overtaken when somebody moved first, Refused with `details` listing what is missing.
    """
    held = hold_signatures(internship_id) if move_name == "cancel" else {}
    internship = Internship.objects.select_for_update(of=("self",)).select_related("trainee").get(pk=internship_id)
    refuse_if_moved(internship, seen_state, "Ce stage")
    move = INTERNSHIP_LIFE.move(move_name)
    take_facts(internship, move, facts)
    write_move(internship, INTERNSHIP_LIFE, move, actor, reason)
    if move.name == "cancel":
        lapse_agreements(internship, reason, actor, held)
    return internship


def _welcome(internship: Internship, newcomer: CompanyContact | None, actor: User) -> None:
    """Record a tutor the portal did not know; who signs for the company is that person too unless somebody else is named."""
    if newcomer is None:
        return
    newcomer.company, newcomer.establishment = internship.establishment.company, internship.establishment
    internship.tutor = save_record(newcomer, actor)
    if internship.host_signatory_id is None:
        internship.host_signatory = newcomer


def _save(internship: Internship, stints: Sequence[Stint]) -> None:
    # Facts that no rule of the law could be asked of come first: a date missing, a social security number pasted.
    internship.clean_fields(exclude=["created_by"])
    internship.clean()
    _refuse_unlawful(internship, stints)
    internship.company_minutes = minutes_at(stints, COMPANY)
    internship.school_minutes = minutes_at(stints, SCHOOL)
    save_or_refuse(internship)
    _write_days(internship, stints)


def _refuse_unlawful(internship: Internship, stints: Sequence[Stint]) -> None:
    if internship.pathway.trainee_id != internship.trainee_id:
        raise ValidationError({"pathway": "Ce parcours n’est pas celui de cette personne."})
    if findings := examine(internship, stints):
        raise Unlawful(findings)


def _write_days(internship: Internship, stints: Sequence[Stint]) -> None:
    if sorted(map(stint_of, internship.days.all()), key=_order) == sorted(stints, key=_order):
        return
    rows = [
        ScheduleDay(
            internship=internship, day=one.day, place=one.place, starts_at=one.starts_at, ends_at=one.ends_at,
            break_starts_at=one.break_starts_at, break_ends_at=one.break_ends_at,
        )
        for one in stints
    ]  # fmt: skip
    try:
        with transaction.atomic():
            internship.days.all().delete()
            ScheduleDay.objects.bulk_create(rows)
    except IntegrityError as error:
        raise refusal_of_database(error) from error


def _order(stint: Stint) -> tuple:  # type: ignore[type-arg]
    return stint.day, stint.place


def _require(actor: User, internship: Internship) -> None:
    if not actor.has_perm(TraineePermission.WRITE_INTERNSHIP, internship):
        raise NotAllowed(NOT_YOURS)
