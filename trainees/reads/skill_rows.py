"""The rows behind a figure: who planned, practised or had a skill validated, where and when, for whoever may read them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from partnerships.counters import Asked
from schools.scope import Scope
from trainees.life.assessments import SENT
from trainees.models import AssessedSkill, CompanyAssessment, PlannedSkill, Skill, SkillTally, SkillValidation

Measure = SkillTally.Measure
# « Non observé » asks for the rows without a level.
NO_LEVEL = 0


@dataclass(frozen=True)
class RowsAsked:
    """What the list is asked for; `promise` is the figure of a commitment."""

    measure: str = Measure.VALIDATED
    skill_id: int | None = None
    level_id: int | None = None
    school_id: int | None = None
    year: int | None = None
    promise: Asked | None = None


def rows_behind(scope: Scope, asked: RowsAsked) -> QuerySet[Any]:
    """Return the rows, the latest first. Every row answers `seen_internship`, `seen_skill`, `seen_level` (told by `row_facts`)."""
    return {Measure.PLANNED: _planned, Measure.SEEN: _seen, Measure.VALIDATED: _validated}[Measure(asked.measure)](
        scope, asked
    ).order_by("-pk")


def _planned(scope: Scope, asked: RowsAsked) -> QuerySet[PlannedSkill]:
    rows = PlannedSkill.objects.select_related(
        "skill__framework", "internship__trainee", "internship__school", "internship__establishment__company"
    )
    rows = _of_schools(rows, "internship__school", scope, asked)
    rows = rows.filter(_in_year("planned_at", asked.year))
    return rows.filter(skill=asked.skill_id) if asked.skill_id else rows


def _seen(scope: Scope, asked: RowsAsked) -> QuerySet[AssessedSkill]:
    rows = AssessedSkill.objects.select_related(
        "skill__framework", "level", "assessment__school", "assessment__internship__trainee",
        "assessment__internship__establishment__company",
    )  # fmt: skip
    told = _of_schools(CompanyAssessment.objects.filter(status__in=SENT), "school", scope, asked)
    told = told.filter(_in_year("submitted_at", asked.year))
    rows = rows.filter(assessment__in=told.order_by().values("pk"))
    if asked.skill_id:
        rows = rows.filter(skill=asked.skill_id)
    if asked.level_id is None:
        return rows.filter(level__isnull=False)
    return rows.filter(level=asked.level_id) if asked.level_id else rows.filter(level=None)


def _validated(scope: Scope, asked: RowsAsked) -> QuerySet[SkillValidation]:
    rows = SkillValidation.objects.filter(withdrawn_at=None).select_related(
        "skill__framework",
        "level",
        "school",
        "trainee",
        "assessed_skill__assessment__internship__establishment__company",
    )
    rows = _of_schools(rows, "school", scope, asked)
    if asked.promise:
        return counted_for(asked.promise, rows)
    rows = rows.filter(_in_year("validated_at", asked.year))
    if asked.level_id:
        rows = rows.filter(level=asked.level_id)
    return rows.filter(skill=asked.skill_id) if asked.skill_id else rows


def counted_for(asked: Asked, validations: QuerySet[SkillValidation]) -> QuerySet[SkillValidation]:
    """Keep the validations that the figure of a commitment counts: seen in that company, under its convention or under none."""
    stay = "assessed_skill__assessment__internship__"
    return validations.filter(
        Q(**{f"{stay}partnership_convention": asked.convention_id}) | Q(**{f"{stay}partnership_convention": None}),
        withdrawn_at=None, seen_on__gte=asked.starts_on, seen_on__lte=min(asked.ends_on, timezone.localdate()),
        **{f"{stay}establishment__company": asked.company_id},
    )  # fmt: skip


def _of_schools(rows: QuerySet[Any], field: str, scope: Scope, asked: RowsAsked) -> QuerySet[Any]:
    if not scope.whole_network:
        rows = rows.filter(**{f"{field}__in": sorted(scope.school_ids)})
    return rows.filter(**{field: asked.school_id}) if asked.school_id else rows


def _in_year(field: str, year: int | None) -> Q:
    """Say in SQL that a moment is in a civil year, by the clock of Paris."""
    if not year:
        return Q()
    first, last = (timezone.make_aware(datetime.combine(date(one, 1, 1), time())) for one in (year, year + 1))
    return Q(**{f"{field}__gte": first, f"{field}__lt": last})


def skill_known(pk: int) -> Skill | None:
    """Return a skill of any version, with its framework and levels."""
    return Skill.objects.select_related("framework").prefetch_related("framework__levels").filter(pk=pk).first()


def url_of(asked: RowsAsked) -> str:
    """Return the address of the list that shows exactly the rows of a figure."""
    query: dict[str, object] = {
        "mesure": asked.measure, "competence": asked.skill_id, "niveau": asked.level_id, "ecole": asked.school_id,
        "annee": asked.year,
    }  # fmt: skip
    if asked.promise:
        query |= {
            "entreprise": asked.promise.company_id, "engagement": asked.promise.convention_id,
            "du": asked.promise.starts_on.isoformat(), "au": asked.promise.ends_on.isoformat(),
        }  # fmt: skip
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{reverse('trainees:skill_rows')}?{urlencode(kept)}"
