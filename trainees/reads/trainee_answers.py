"""What a trainee reads of what companies say of them, and which of it waits for their answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Concat

from e2c_portal.mailing.models import Mail
from trainees.life import assessments as life
from trainees.models import AssessedSkill, CompanyAssessment, SkillLevel, SkillLevelWords, Trainee

# What was sent stays readable, also once a newer version replaced it.
READABLE = (*life.SENT, life.SUPERSEDED)


def own_assessments(trainee: Trainee) -> QuerySet[CompanyAssessment]:
    """Return what companies sent of the internships of a trainee, the latest first."""
    rows = CompanyAssessment.objects.filter(internship__trainee=trainee, status__in=READABLE)
    people = ("internship__establishment__company", "internship__school", "told_by", "answer__recorded_by")
    return rows.select_related(*people).order_by("-submitted_at", "-pk")


def waiting_for_answer(trainee: Trainee) -> list[CompanyAssessment]:
    """Return the assessments that a trainee has still to read and answer, the oldest first. One query."""
    rows = own_assessments(trainee).filter(status__in=life.TO_DECIDE, answer=None)
    return list(rows.order_by("submitted_at", "pk"))


def own_assessment(trainee: Trainee, public_id: UUID) -> CompanyAssessment | None:
    """Return one assessment of this very trainee, None for any other or one that was not sent."""
    return own_assessments(trainee).filter(public_id=public_id).first()


def latest_sent(assessment: CompanyAssessment) -> CompanyAssessment | None:
    """Return the version that says today what the company thinks of the same internship."""
    rows = CompanyAssessment.objects.filter(internship=assessment.internship_id, status__in=life.SENT)
    return rows.order_by("-version").first()


def told_skills(assessment: CompanyAssessment) -> list[AssessedSkill]:
    """Return the skills of an assessment in the order of their framework, with what their levels mean. Two queries."""
    words = Prefetch("skill__level_words", SkillLevelWords.objects.order_by("pk"))
    rows = assessment.skills.select_related("skill__domain", "skill__framework", "level", "disagreement")
    return list(rows.prefetch_related(words).order_by(*BY_FRAMEWORK))


BY_FRAMEWORK = ("skill__framework__name", "skill__framework__version", "skill__domain__position", "skill__position")


def scales_of(framework_ids: Iterable[int]) -> dict[int, list[SkillLevel]]:
    """Return the levels of some frameworks, lowest first. One query."""
    scales: dict[int, list[SkillLevel]] = {}
    for level in SkillLevel.objects.filter(framework__in=set(framework_ids)).order_by("framework", "rank"):
        scales.setdefault(level.framework_id, []).append(level)
    return scales


def assessments_to_remind(before: datetime, span: timedelta, mark: tuple[str, str], limit: int = 2000) -> list[int]:
    """Return the assessments sent between `before - span` and `before` that wait for a trainee who was not reminded yet.

    The message of one bears as its mark the number of the assessment between the two parts of `mark`. One query.
    """
    head, tail = (Value(part) for part in mark)
    known = Mail.objects.filter(dedup_key=Concat(head, Cast(OuterRef("pk"), CharField()), tail))
    rows = CompanyAssessment.objects.filter(
        ~Exists(known), status=life.SUBMITTED, answer=None, submitted_at__lte=before, submitted_at__gt=before - span
    ).exclude(internship__trainee__email="")
    return list(rows.order_by("submitted_at", "pk").values_list("pk", flat=True)[:limit])
