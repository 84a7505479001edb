"""Freeze a month, record that its statement was sent, open a correction. One transaction each.

Whoever freezes takes alone the lock that those who write half-days share: a half-day is either in the statement or refused.
"""

import hashlib
import json
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import counted
from schools.models import School
from trainees.documents.statements import statement_order
from trainees.life.statements import FROZEN, OPEN, SETTLED, STATEMENT_LIFE
from trainees.models import MonthlyAttendanceStatement
from trainees.models.statements import month_in_letters
from trainees.operations.moving import save_or_refuse, write_move
from trainees.permissions import TraineePermission
from trainees.reads.statements import changes_between, last_day_of, month_facts

LACKS_SHOWN = 30
NOT_YOURS = "Seules la direction et la coordination de l’école figent et corrigent ses états mensuels."


@transaction.atomic
def freeze_month(school: School, month: date, actor: User) -> MonthlyAttendanceStatement:
    """Freeze the month of a school and ask for its sealed statement; the correction that is open becomes the version in force.

    Raises NotAllowed, Overtaken when it is frozen already, Refused with `details` listing what is missing.
    """
    _require(actor, school)
    _alone(school.pk, month)
    if last_day_of(month) >= timezone.localdate():
        raise Refused(f"Le mois de {month_in_letters(month)} n’est pas terminé : il se fige à partir du mois suivant.")
    statement, former = _to_freeze(school, month, actor)
    facts = month_facts(school, month)
    if not facts.lines:
        raise Refused(f"Aucun stagiaire n’était en parcours en {month_in_letters(month)} : il n’y a rien à figer.")
    if facts.lacks:
        hidden = len(facts.lacks) - LACKS_SHOWN
        more = [f"Et {counted(hidden, 'autre point', 'autres points')}."] if hidden > 0 else []
        details = [lack.text for lack in facts.lacks[:LACKS_SHOWN]] + more
        raise Refused("Le mois ne peut pas encore être figé.", details=details, code="incomplete")
    if former:
        write_move(former, STATEMENT_LIFE, STATEMENT_LIFE.move("supersede"), actor, statement.reason)
    statement.lines, statement.totals = facts.lines, facts.totals
    statement.changes = changes_between(former.lines, facts.lines) if former else []
    statement.sha256 = sha256_of(facts.lines)
    statement.frozen_by, statement.frozen_at = actor, timezone.now()
    write_move(statement, STATEMENT_LIFE, STATEMENT_LIFE.move("freeze"), actor, on=school)
    request_document(statement_order(statement), actor)
    return statement


def _to_freeze(
    school: School, month: date, actor: User
) -> tuple[MonthlyAttendanceStatement, MonthlyAttendanceStatement | None]:
    """Return the version to freeze, made now for a month that had none, and the one that it replaces."""
    rows = list(MonthlyAttendanceStatement.objects.select_for_update(of=("self",)).filter(school=school, month=month))
    former = next((row for row in rows if row.status in SETTLED), None)
    statement = next((row for row in rows if row.status == OPEN), None)
    if statement is None and former is not None:
        raise Overtaken(f"Le mois de {month_in_letters(month)} est déjà figé. Rechargez la page.")
    if statement is None:
        statement = MonthlyAttendanceStatement(school=school, month=month, opened_by=actor)
        save_or_refuse(statement)
    return statement, former


@transaction.atomic
def open_correction(school: School, month: date, reason: str, actor: User) -> MonthlyAttendanceStatement:
    """Open the next version of a frozen month, with what it corrects: its presences may be written again until it is frozen.

    Raises NotAllowed, Overtaken when a correction is open already, Refused without a reason or when nothing is frozen.
    """
    _require(actor, school)
    _alone(school.pk, month)
    rows = list(MonthlyAttendanceStatement.objects.select_for_update(of=("self",)).filter(school=school, month=month))
    if any(row.status == OPEN for row in rows):
        raise Overtaken("Une correction de ce mois est déjà ouverte. Rechargez la page.")
    former = next((row for row in rows if row.status in SETTLED), None)
    if former is None:
        raise Refused("Ce mois n’est pas figé : notez les présences directement.")
    if not reason.strip():
        raise Refused("Écrivez ce que cette version corrige.", code="reason_required")
    statement = MonthlyAttendanceStatement(
        school=school, month=month, version=former.version + 1, reason=reason.strip(), opened_by=actor
    )
    save_or_refuse(statement)
    record(
        actor,
        "statement.correction_opened",
        school,
        f"Correction ouverte, {month_in_letters(month)} : {reason.strip()}",
    )
    return statement


@transaction.atomic
def record_sending(statement_id: int, sent_on: date, sent_to: str, actor: User) -> MonthlyAttendanceStatement:
    """Record that a frozen statement was sent to its funder. Raises NotAllowed, Overtaken, ValidationError by field."""
    rows = MonthlyAttendanceStatement.objects.select_for_update(of=("self",)).select_related("school")
    statement = rows.get(pk=statement_id)
    _require(actor, statement.school)
    if statement.status != FROZEN:
        raise Overtaken(f"L’état de cette version est « {statement.state.label.lower()} ». Rechargez la page.")
    if not timezone.localdate(statement.frozen_at) <= sent_on <= timezone.localdate():
        raise ValidationError({"sent_on": "Choisissez un jour entre celui où le mois a été figé et aujourd’hui."})
    statement.sent_on, statement.sent_to = sent_on, sent_to.strip()
    write_move(statement, STATEMENT_LIFE, STATEMENT_LIFE.move("send"), actor, on=statement.school)
    return statement


def sha256_of(lines: list[dict[str, object]]) -> str:
    """Return the fingerprint of the lines of a statement: the same values give the same one."""
    text = json.dumps(lines, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _alone(school_id: int, month: date) -> None:
    """Wait for those who write half-days of the month, and hold off the others until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('attendance/' || %s || '/' || %s, 0))",
            [str(school_id), f"{month:%Y-%m}"],
        )


def _require(actor: User, school: School) -> None:
    if not actor.has_perm(TraineePermission.FREEZE_ATTENDANCE, school):
        raise NotAllowed(NOT_YOURS)
