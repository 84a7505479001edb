"""What the list of assessments gives as a file: each column is declared here once, for every format."""

from django.utils import timezone

from e2c_portal.exports.lists import Column
from partnerships.diffusion import exported_name
from trainees.models import CompanyAssessment
from trainees.reads.assessment_list import state_in_list
from trainees.reads.assessment_page import answer_of


def _state(row: CompanyAssessment) -> str:
    return state_in_list(row, timezone.localdate()).label


def _answer(row: CompanyAssessment) -> str:
    answer = answer_of(row)
    return str(answer) if answer else ""


def _answered_on(row: CompanyAssessment) -> object:
    answer = answer_of(row)
    return timezone.localdate(answer.answered_at) if answer else None


ASSESSMENT_COLUMNS = (
    Column("Référence", lambda row: row.reference, 16),
    Column("Nom", lambda row: row.internship.trainee.last_name, 22),
    Column("Prénom", lambda row: row.internship.trainee.first_name, 18),
    Column("École", lambda row: row.school.name, 26),
    Column("Entreprise", lambda row: exported_name(row.internship.establishment.company), 34),
    Column("Personne qui évalue", lambda row: row.respondent.full_name if row.respondent else "", 26),
    Column("Dernier jour du stage", lambda row: row.internship.last_day, 14),
    Column("Attendue pour le", lambda row: row.due_on, 14),
    Column("Demandée le", lambda row: timezone.localdate(row.asked_at) if row.asked_at else None, 14),
    Column("Envoyée le", lambda row: timezone.localdate(row.submitted_at) if row.submitted_at else None, 14),
    Column("Réponse du stagiaire", _answer, 18),
    Column("Répondu le", _answered_on, 14),
    Column("État", _state, 24),
    Column("Décidée par", lambda row: str(row.decided_by or ""), 24),
    Column("Décidée le", lambda row: timezone.localdate(row.decided_at) if row.decided_at else None, 14),
)
