"""What the school may validate by itself: the frameworks in force, their skills and acquired levels; what a pathway holds already."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from partnerships.models import CompanyContact
from trainees.life import certificates as certificate_life
from trainees.life import frameworks as framework_life
from trainees.models import Internship, Pathway, Skill, SkillFramework, SkillLevel, SkillsCertificate, SkillValidation


def frameworks_in_force() -> list[SkillFramework]:
    """Return the frameworks that new validations may use, by name."""
    return list(SkillFramework.objects.filter(status=framework_life.PUBLISHED).order_by("name", "-version"))


def skills_in(framework: SkillFramework) -> QuerySet[Skill]:
    """Return the skills of a framework with their domain, in its order."""
    return framework.skills.select_related("domain", "framework").order_by("domain__position", "position")


def acquired_levels(framework: SkillFramework) -> QuerySet[SkillLevel]:
    """Return the levels from which a skill may be validated, the lowest first."""
    return framework.levels.filter(is_acquired=True).order_by("rank")


def acquired_by_framework(frameworks: Iterable[int]) -> dict[int, list[SkillLevel]]:
    """Return the levels from which a skill may be validated, by framework, the lowest first. One query."""
    found: dict[int, list[SkillLevel]] = {}
    for level in SkillLevel.objects.filter(framework__in=set(frameworks), is_acquired=True).order_by("rank"):
        found.setdefault(level.framework_id, []).append(level)
    return found


def contacts_to_ask(internship: Internship) -> QuerySet[CompanyContact]:
    """Return who may answer for the company of an internship: those who work there today, by name."""
    here = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    rows = CompanyContact.objects.filter(here, company=internship.establishment.company_id, duplicate_of=None)
    return rows.exclude(email="").order_by("full_name", "pk")


def validations_in(pathway: Pathway) -> list[SkillValidation]:
    """Return every validation of a pathway, those in force first, the latest first. One query."""
    rows = SkillValidation.objects.filter(pathway=pathway).select_related(
        "skill__framework", "level", "validated_by", "withdrawn_by",
        "assessed_skill__assessment__internship__establishment__company",
    )  # fmt: skip
    return list(rows.order_by(F("withdrawn_at").desc(nulls_first=True), "-validated_at", "-pk"))


def certificate_in_force(pathway_id: int) -> SkillsCertificate | None:
    """Return the attestation of a pathway that holds today, None when there is none."""
    return SkillsCertificate.objects.filter(pathway=pathway_id, status=certificate_life.ISSUED).first()
