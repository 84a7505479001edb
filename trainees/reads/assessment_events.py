"""What the timeline of a trainee tells of their skills: assessments sent, answers, questions, what the school validated."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils import timezone

from trainees.life import assessments as life
from trainees.models import CompanyAssessment, SkillValidation, Trainee
from trainees.reads.assessment_page import answer_of
from trainees.reads.timeline import TimelineEvent


def assessment_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return what companies sent, what the trainee answered, what the school decided of each. One query."""
    rows = CompanyAssessment.objects.filter(internship__trainee=trainee).exclude(
        submitted_at=None, decided_at=None, question=""
    )
    rows = rows.select_related("told_by", "decided_by", "answer__recorded_by", "internship__establishment__company")
    for row in rows.annotate(
        validated=Count("skills__validations", filter=Q(skills__validations__withdrawn_at=None))
    ).order_by("pk"):
        yield from _events_of(row)


def _events_of(row: CompanyAssessment) -> Iterable[TimelineEvent]:
    place, url = str(row.internship.establishment), row.get_absolute_url()
    if row.submitted_at:
        yield TimelineEvent(
            timezone.localdate(row.submitted_at), f"Évaluation de {place} reçue", _version(row), str(row.told_by or ""),
            "info", "clipboard-check", url,
        )  # fmt: skip
    if answer := answer_of(row):
        agrees = "d’accord avec l’évaluation" if answer.agrees else "pas d’accord avec l’évaluation"
        told = f"Recueilli par {answer.recorded_by}" if answer.recorded_by else "Par son lien"
        yield TimelineEvent(
            timezone.localdate(answer.answered_at), f"Stagiaire {agrees} de {place}", f"{told}.", "",
            "success" if answer.agrees else "warning", "message-square", url,
        )  # fmt: skip
    if row.question:
        yield TimelineEvent(
            timezone.localdate(row.planned_at), f"Question posée à {place}", row.question, "", "warning", "undo-2", url
        )
    if row.status == life.VALIDATED and row.decided_at:
        said = f"Compétences validées : {row.validated:d}." if row.validated else "Aucune compétence validée."  # type: ignore[attr-defined]
        yield TimelineEvent(
            timezone.localdate(row.decided_at), f"Évaluation de {place} validée par l’école", said, str(row.decided_by),
            "success", "badge-check", url,
        )  # fmt: skip
    if row.status == life.CANCELLED and row.decided_at:
        yield TimelineEvent(
            timezone.localdate(row.decided_at), f"Évaluation de {place} sans objet", row.decision_reason,
            str(row.decided_by or "Le portail"), "neutral", "circle-slash", url,
        )  # fmt: skip


def _version(row: CompanyAssessment) -> str:
    return (
        f"Version {row.version}. {row.get_outcome_display()}." if row.version > 1 else f"{row.get_outcome_display()}."
    )


def school_validation_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the skills that the school saw itself, and the validations withdrawn. One query."""
    rows = SkillValidation.objects.filter(trainee=trainee).filter(
        Q(source=SkillValidation.Source.SCHOOL) | Q(withdrawn_at__isnull=False)
    )
    for row in rows.select_related("skill", "level", "validated_by", "withdrawn_by").order_by("pk"):
        if row.source == SkillValidation.Source.SCHOOL:
            yield TimelineEvent(
                row.seen_on, f"Compétence vue à l’école : {row}", row.reason, str(row.validated_by), "success", "badge-check"
            )  # fmt: skip
        if row.withdrawn_at:
            yield TimelineEvent(
                timezone.localdate(row.withdrawn_at), f"Validation retirée : {row.skill}", row.withdrawal_reason,
                str(row.withdrawn_by), "danger", "undo-2",
            )  # fmt: skip


SOURCES = {"évaluations": assessment_events, "compétences de l’école": school_validation_events}
