"""What the clock does about assessments: open, ask, recall, give up. Each act is a transaction that looks again under its lock:
two runs that meet, or a run done twice, open, ask and recall once."""

import logging
from collections.abc import Callable, Iterable
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.kernel.errors import Overtaken, PortalError
from partnerships.models import CompanyContact
from trainees.emails import assessments as mails
from trainees.life import assessments as life
from trainees.life.internships import CANCELLED, NOT_STARTED
from trainees.models import CompanyAssessment, Internship
from trainees.operations.assessments import cancel_assessment, held, open_assessment, prepare_link, send_link
from trainees.operations.moving import save_or_refuse
from trainees.reads import assessment_planning as planning

logger = logging.getLogger(__name__)
TOLD_SCHOOL = len(planning.REMINDED_AFTER) + 1
ASKED_IN_ONE_MESSAGE = 30


def plan_assessments() -> dict[str, int]:
    """Do all that is due now. Returns how many of each act were done; one that is refused is logged and stops no other."""
    today = timezone.localdate()
    done = {
        "cancelled": _each(planning.assessments_without_object(), _give_up),
        "opened": _each(planning.internships_to_open(today), _open),
        "moved": _each(planning.assessments_whose_end_moved(today), _follow_the_end),
    }
    done["asked"] = _each_person(planning.assessments_to_ask(), _ask)
    done["nobody"] = _each(planning.assessments_without_anybody(today), _tell_nobody)
    done["reminded"] = _each_person(planning.assessments_to_remind(today), _remind)
    done["given_up"] = _each(planning.assessments_given_up(today), _tell_late)
    return done


def _each(ids: Iterable[int], act: Callable[[int], int]) -> int:
    done = 0
    for number in ids:
        try:
            with transaction.atomic():
                done += act(number)
        except (PortalError, IntegrityError) as refusal:
            # An act that another run, or a person, did first is not a fault.
            logger.log(
                logging.INFO if isinstance(refusal, Overtaken) else logging.WARNING,
                "%s %s: %s",
                act.__name__,
                number,
                refusal,
            )
    return done


def _each_person(pairs: list[tuple[int, int]], act: Callable[[CompanyContact, list[CompanyAssessment]], int]) -> int:
    """Act once for each person, on all that is theirs: a big firm receives one message for several trainees."""
    done = 0
    for contact_id, group in groupby(pairs, key=lambda pair: pair[1]):
        ids = [number for number, _ in group]
        try:
            with transaction.atomic():
                done += _for_one(contact_id, ids[:ASKED_IN_ONE_MESSAGE], act)
        except (PortalError, IntegrityError) as refusal:
            logger.warning("%s of contact %s: %s", act.__name__, contact_id, type(refusal).__name__)
    return done


def _for_one(contact_id: int, ids: list[int], act: Callable[[CompanyContact, list[CompanyAssessment]], int]) -> int:
    # Locked by their number: a run that comes second waits, then finds nothing left to do.
    locked = CompanyAssessment.objects.select_for_update(of=("self",)).filter(pk__in=ids, respondent=contact_id)
    rows = list(
        locked.select_related(
            "internship__trainee", "internship__school", "internship__referent", "internship__pathway__referent",
            "internship__establishment__company", "respondent",
        ).order_by("pk")
    )  # fmt: skip
    contact = rows[0].respondent if rows else None
    if contact is None or not contact.email or not contact.is_here_on(timezone.localdate()):
        return 0
    return act(contact, rows)


def _open(internship_id: int) -> int:
    # Locked without waiting: a run under way has it in hand.
    held_now = Internship.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=internship_id).exists()
    if not held_now or CompanyAssessment.objects.filter(internship=internship_id).exists():
        return 0
    open_assessment(internship_id, None)
    return 1


def _ask(contact: CompanyContact, rows: list[CompanyAssessment]) -> int:
    waiting = [row for row in rows if row.status == life.OPEN and row.asked_at is None]
    if waiting:
        send_link(contact, waiting)
    return len(waiting)


def _remind(contact: CompanyContact, rows: list[CompanyAssessment]) -> int:
    today = timezone.localdate()
    late = [row for row in rows if planning.is_owed_a_reminder(row, today)]
    if not late:
        return 0
    prepare_link(contact)
    for row in late:
        row.reminders += 1
        row.save(update_fields=["reminders"])
    last = all(row.reminders >= len(planning.REMINDED_AFTER) for row in late)
    mails.send_reminder(contact, late, last=last)
    return len(late)


def _tell_nobody(assessment_id: int) -> int:
    row = held(assessment_id)
    if row.asked_at or (row.respondent and row.respondent.email and row.respondent.is_here_on(timezone.localdate())):
        return 0
    mails.tell_school_nobody(row)
    return 1


def _tell_late(assessment_id: int) -> int:
    row = held(assessment_id)
    if row.reminders != len(planning.REMINDED_AFTER):
        return 0
    row.reminders = TOLD_SCHOOL
    row.save(update_fields=["reminders"])
    mails.tell_school_late(row)
    return 1


def _give_up(assessment_id: int) -> int:
    row = CompanyAssessment.objects.select_related("internship").get(pk=assessment_id)
    told = {CANCELLED: "Le stage est annulé.", NOT_STARTED: "Le stage n’a pas démarré."}
    why = told.get(row.internship.status, "L’école a validé la version précédente.")
    cancel_assessment(assessment_id, why, None)
    return 1


def _follow_the_end(assessment_id: int) -> int:
    """Move the day asked with the end of the stay: prolonged, it waits for it; broken off, it leaves a week to answer."""
    row = held(assessment_id)
    last_day = row.internship.last_day
    wanted = last_day if row.due_on < last_day else max(last_day, timezone.localdate() + planning.LEFT_TO_ANSWER)
    if wanted == row.due_on:
        return 0
    row.due_on = wanted
    save_or_refuse(row)
    return 1
