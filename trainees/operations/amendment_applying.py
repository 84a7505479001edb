"""Make an amendment true: the internship, its schedule and its people become what was agreed, in one transaction.

The database lets the printed columns of an internship change only in the transaction that an amendment of its agreement names
(`applied_in`), so nothing else can slip through.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from e2c_portal.kernel.errors import Refused
from e2c_portal.ui.refusals import refusal_of_database
from trainees.models import AgreementAmendment, Internship, ScheduleDay
from trainees.operations.moving import save_or_refuse
from trainees.reads.agreement_checks import agreement_refusals
from trainees.reads.agreements import internship_in_full
from trainees.reads.amendment_planning import put, put_minutes
from trainees.reads.schedule_words import DayRow, rows_of, thawed

CHANGED_SINCE = (
    "Le stage a changé depuis que cet avenant a été écrit : classez l’avenant sans suite et écrivez-en un autre."
)
# Written by the move of the rupture itself, with its checks.
BY_THE_MOVE = {"ended_early_on", "broken_by", "suspension"}


def apply_changes(amendment: AgreementAmendment) -> Internship:
    """Apply an amendment to its internship, both locked by the caller, and return it as it is then.

    Raises Refused when the internship changed meanwhile, or with what its rules and the database refuse.
    """
    amendment.applied_in = _transaction_number()
    amendment.save(update_fields=["applied_in"])
    internship = internship_in_full(amendment.agreement.internship_id)
    before, after = _days(amendment, internship)
    try:
        with transaction.atomic():
            internship.days.filter(pk__in=[pk for row, pk in before.items() if row not in after]).delete()
            for name, change in amendment.changes.items():
                if name not in BY_THE_MOVE:
                    put(internship, name, change["after"])
            put_minutes(internship, after)
            internship.revision += 1
            save_or_refuse(internship)
            ScheduleDay.objects.bulk_create(_day(internship, row) for row in after if row not in before)
    except IntegrityError as error:
        raise refusal_of_database(error) from error
    return internship_in_full(internship.pk)


def _days(amendment: AgreementAmendment, internship: Internship) -> tuple[dict[DayRow, int], set[DayRow]]:
    """Return the days there are, with their numbers, and those there will be. Raises Refused when they changed meanwhile."""
    known = {rows_of([day])[0]: day.pk for day in internship.days.all()}
    change = amendment.changes.get("days")
    if change is None:
        return known, set(known)
    if {thawed(row) for row in change["before"]} != set(known):
        raise Refused(CHANGED_SINCE, code="overtaken")
    return known, {thawed(row) for row in change["after"]}


def _day(internship: Internship, row: DayRow) -> ScheduleDay:
    return ScheduleDay(
        internship=internship, day=row.day, place=row.place, starts_at=row.starts_at, ends_at=row.ends_at,
        break_starts_at=row.break_starts_at, break_ends_at=row.break_ends_at,
    )  # fmt: skip


def refusals_once_applied(amendment: AgreementAmendment) -> list[str]:
    """Return what the law, the calendar or the database would refuse of an internship so amended. Nothing stays written."""
    with transaction.atomic():
        try:
            refusals = agreement_refusals(apply_changes(amendment))
            settle()
        except Refused as refusal:
            refusals = [refusal.message, *refusal.details]
        transaction.set_rollback(True)
    amendment.applied_in = None
    return refusals


def settle() -> None:
    """Have the database check now what it would check at the commit: a refusal must not undo what surrounds this transaction.

    Raises Refused with the sentence of the rule.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise refusal_of_database(error) from error


def _transaction_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        row: Any = cursor.fetchone()
    return int(row[0])
