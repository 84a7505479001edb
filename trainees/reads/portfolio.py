"""The portfolio of a trainee: what companies said, what the school validated, what the trainee keeps to show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from schools.scope import Scope
from trainees.models import (
    AssessedSkill,
    CompanyAssessment,
    Evidence,
    Internship,
    Pathway,
    PlannedSkill,
    Skill,
    SkillDomain,
    SkillLevel,
    SkillValidation,
    Trainee,
)
from trainees.reads.trainee_answers import BY_FRAMEWORK, READABLE
from trainees.reads.visible import trainees_visible_to

# A page that stays readable, and a storage that stays small.
EVIDENCE_AT_MOST = 30


@dataclass(frozen=True)
class ValidatedSkill:
    """One skill acquired in a pathway, at its best level: where and when it was seen, and the validation that says so."""

    skill: Skill
    level: SkillLevel
    company: str
    seen_on: date
    validation: SkillValidation


def validated_skills(pathway: Pathway) -> list[ValidatedSkill]:
    """Return one line for each skill validated in a pathway, in the order of the frameworks. Withdrawn ones count no more.

    A skill validated several times is told by its highest level, then by the last time it was seen. One query.
    """
    best: dict[int, SkillValidation] = {}
    for row in _validations().filter(pathway=pathway, withdrawn_at=None).order_by(*BY_FRAMEWORK, "pk"):
        if row.skill_id not in best or _worth(row) > _worth(best[row.skill_id]):
            best[row.skill_id] = row
    return [ValidatedSkill(row.skill, row.level, place_of(row), row.seen_on, row) for row in best.values()]


def best_of(rows: Iterable[SkillValidation]) -> SkillValidation | None:
    """Return the validation that speaks for a skill: not withdrawn, the highest level, then the last seen."""
    return max((row for row in rows if row.withdrawn_at is None), key=_worth, default=None)


def _worth(row: SkillValidation) -> tuple[int, date, int]:
    return row.level.rank, row.seen_on, row.pk


def place_of(row: SkillValidation) -> str:
    """Return where a validated skill was seen: the company, or the school."""
    if row.assessed_skill is None:
        return row.school.name
    return str(row.assessed_skill.assessment.internship.establishment)


def _validations() -> QuerySet[SkillValidation]:
    return SkillValidation.objects.select_related(
        "skill__domain", "skill__framework", "level", "school", "validated_by", "withdrawn_by",
        "assessed_skill__assessment__internship__establishment__company",
    )  # fmt: skip


def validations_of(trainee: Trainee) -> list[SkillValidation]:
    """Return everything that schools validated of a trainee, withdrawn or not, oldest first. One query."""
    return list(_validations().filter(trainee=trainee).order_by("validated_at", "pk"))


def assessed_of(trainee: Trainee) -> list[AssessedSkill]:
    """Return every skill that a company spoke of, in every version sent, oldest first. One query."""
    rows = AssessedSkill.objects.filter(
        assessment__internship__trainee=trainee, assessment__status__in=READABLE
    ).select_related(
        "skill__domain", "skill__framework", "level", "disagreement", "assessment__answer__recorded_by",
        "assessment__told_by", "assessment__internship__establishment__company",
    )  # fmt: skip
    return list(rows.order_by("assessment__submitted_at", "pk"))


def planned_of(trainee: Trainee) -> list[PlannedSkill]:
    """Return the skills planned in the internships of a trainee. One query."""
    rows = PlannedSkill.objects.filter(internship__trainee=trainee)
    return list(rows.select_related("skill__domain", "skill__framework").order_by("pk"))


def skills_of(framework_ids: Iterable[int]) -> list[Skill]:
    """Return all the skills of some frameworks, in their order. One query."""
    rows = Skill.objects.filter(framework__in=set(framework_ids)).select_related("domain", "framework")
    return list(rows.order_by("framework__name", "framework__version", "domain__position", "position"))


def evidence_of(trainee: Trainee) -> list[Evidence]:
    """Return what a trainee keeps to show, the latest first. One query."""
    rows = trainee.evidence.select_related("skill__framework", "internship__establishment__company", "added_by")
    return list(rows.order_by("-added_at", "-pk"))


def own_evidence(trainee: Trainee, public_id: UUID) -> Evidence | None:
    """Return a piece of evidence of this very trainee, None for any other."""
    rows = Evidence.objects.select_related("trainee__school", "skill__framework", "internship__establishment__company")
    return rows.filter(trainee=trainee, public_id=public_id).first()


def evidence_known_to(scope: Scope, public_id: UUID) -> Evidence | None:
    """Return a piece of evidence of somebody who is in the schools in scope today, None outside."""
    rows = Evidence.objects.select_related("trainee__school", "skill__framework", "internship__establishment__company")
    return rows.filter(public_id=public_id, trainee__in=trainees_visible_to(scope)).first()


def owned_files(keys: list[str]) -> set[str]:
    """Return those of the keys that are evidence: the storage is shared with documents."""
    return set(Evidence.objects.filter(file__in=keys).values_list("file", flat=True))


def skills_to_show(trainee: Trainee) -> list[tuple[SkillDomain, list[Skill]]]:
    """Return the skills that a piece of evidence may show, by domain: planned, seen or validated. One query."""
    told = AssessedSkill.objects.filter(assessment__internship__trainee=trainee, assessment__status__in=READABLE)
    planned = PlannedSkill.objects.filter(internship__trainee=trainee)
    kept = SkillValidation.objects.filter(trainee=trainee)
    wanted = Q(pk__in=told.values("skill")) | Q(pk__in=planned.values("skill")) | Q(pk__in=kept.values("skill"))
    found: dict[int, tuple[SkillDomain, list[Skill]]] = {}
    rows = Skill.objects.filter(wanted).select_related("domain", "framework")
    for skill in rows.order_by("framework__name", "framework__version", "domain__position", "position"):
        found.setdefault(skill.domain_id, (skill.domain, []))[1].append(skill)
    return list(found.values())


def stays_to_show(trainee: Trainee) -> list[Internship]:
    """Return the internships in which a piece of evidence may have been made, the latest first. One query."""
    begun = trainee.internships.filter(status__in=("accepted", "signed", "broken"))
    return list(begun.select_related("establishment__company").order_by("-starts_on", "-pk"))


def latest_versions(assessments: Iterable[CompanyAssessment]) -> dict[int, int]:
    """Return the highest version sent of each internship."""
    latest: dict[int, int] = {}
    for row in assessments:
        latest[row.internship_id] = max(row.version, latest.get(row.internship_id, 0))
    return latest
