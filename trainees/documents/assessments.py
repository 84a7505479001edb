"""What an assessment by a company freezes and prints: plain values, names and meanings of that day, and what its paper is worth."""

import hashlib
import json
from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from e2c_portal.kernel.identifiers import printed_number
from partnerships.models import CompanyContact
from schools.queries import current_network
from trainees.life import assessments as life
from trainees.models import CompanyAssessment, Internship
from trainees.models.assessments import ASSESSMENT_KIND
from trainees.permissions import TraineePermission
from trainees.reads.assessment_drafts import Checked
from trainees.reads.assessment_link import page_of
from trainees.reads.assessment_skills import NOT_SEEN, SkillAsked

TEMPLATE, VERSION = "company_assessment", "v1"
NOT_SEEN_WORDS = "Non observé"


def assessment_order(assessment: CompanyAssessment) -> Order:
    """Return what is to be printed of an assessment that was sent: its frozen content, and nothing read again."""
    content = assessment.content
    title = f"Évaluation en entreprise, {content['trainee']['name']}"
    return Order(ASSESSMENT_KIND, assessment, assessment.reference, title, content)


def content_of(assessment: CompanyAssessment, told: Checked, told_by: CompanyContact, on: date) -> dict[str, Any]:
    """Return the values that an assessment freezes when it is sent: JSON-ready, dates in ISO form, French words for choices."""
    internship, network = assessment.internship, current_network()
    school, trainee, host = internship.school, internship.trainee, internship.establishment
    return {
        "issuer": school.name,
        "region": network.region_name if network else "",
        "school": {
            "name": school.name, "operator": school.operator, "siret": printed_number(school.siret),
            "declaration_number": school.activity_declaration_number,
        },
        "reference": assessment.reference, "version": assessment.version, "question": assessment.question,
        "sent_on": on.isoformat(),
        "trainee": {"name": str(trainee), "birth_date": trainee.birth_date.isoformat() if trainee.birth_date else ""},
        "host": {"name": host.company.legal_name, "place": host.name, "siret": printed_number(host.siret), "city": host.city},
        "told_by": {"name": told_by.full_name, "job_title": told_by.job_title},
        "internship": _internship_words(internship),
        "outcome": _outcome(told.facts),
        "skills": [_skill(skill, choice, situation) for skill, choice, situation in told.skills],
        "set_aside": [_skill(skill, choice, situation) for skill, choice, situation in told.set_aside],
        "scales": _scales(told),
        "words": told.facts["words"],
    }  # fmt: skip


def _internship_words(internship: Internship) -> dict[str, str]:
    return {
        "reference": internship.reference, "starts_on": internship.starts_on.isoformat(),
        "ends_on": internship.ends_on.isoformat(), "last_day": internship.last_day.isoformat(),
        "period": french.period_in_letters(internship.starts_on, internship.last_day),
        "trade": internship.trade.label if internship.trade else "", "kind": internship.get_kind_display(),
        "tutor": internship.tutor.full_name if internship.tutor else "", "activities": internship.activities,
    }  # fmt: skip


def _outcome(facts: dict[str, Any]) -> dict[str, str]:
    hours, last_day, job = facts["missed_hours"], facts["last_day"], facts["job_offered"]
    starts_on = facts["job_starts_on"]
    return {
        "key": facts["outcome"], "words": CompanyAssessment.Outcome(facts["outcome"]).label,
        "last_day": last_day.isoformat() if last_day else "",
        "missed_hours": "" if hours is None else french.counted(hours, "heure", "heures"),
        "again": CompanyAssessment.Again(facts["would_host_again"]).label,
        "job": CompanyAssessment.Job(job).label if job else "", "job_starts_on": starts_on.isoformat() if starts_on else "",
    }  # fmt: skip


def _skill(skill: SkillAsked, choice: str, situation: str) -> dict[str, Any]:
    """Return one skill as it was read on that day; no answer and « non observé » say the same of the person."""
    level = skill.level(choice) if choice != NOT_SEEN else None
    return {
        "id": skill.pk, "code": skill.code, "name": skill.name, "description": skill.description, "domain": skill.domain,
        "framework": skill.framework, "planned": skill.planned, "answered": bool(choice),
        "level": level.name if level else NOT_SEEN_WORDS, "meaning": level.meaning if level else "",
        "acquired": bool(level and level.is_acquired), "situation": situation,
    }  # fmt: skip


def _scales(told: Checked) -> list[dict[str, Any]]:
    """Return the scale of each framework used: without it a level says little to whoever reads the paper later."""
    seen: dict[str, list[dict[str, str]]] = {}
    for skill, _, _ in told.skills:
        seen.setdefault(skill.framework, [{"name": level.name} for level in skill.levels])
    return [{"framework": name, "levels": levels} for name, levels in seen.items()]


def sha256_of(content: dict[str, Any]) -> str:
    """Return the fingerprint of what was sent: the same values give the same one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def assessment_of(document: Document) -> CompanyAssessment:
    """Return the assessment that a document prints, with its internship."""
    rows = CompanyAssessment.objects.select_related("internship__school", "internship__pathway", "school", "told_by")
    return rows.get(pk=int(document.subject.rpartition(":")[2]))


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed assessment is worth on a day, in words that name no person."""
    state = assessment_of(document).status
    if state == life.SUPERSEDED:
        return Standing(
            "superseded", "Corrigée", "L’entreprise a envoyé depuis une version plus récente de cette évaluation."
        )
    if state == life.VALIDATED:
        return Standing(
            "record", "Validée par l’école", "L’école a lu cette évaluation et décidé des compétences acquises."
        )
    return Standing(
        "record", "Remise à l’école",
        "C’est ce que l’entreprise a dit du stage. L’école n’a pas encore décidé des compétences acquises.",
    )  # fmt: skip


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said to whoever holds its code: neither the trainee nor the tutor is named."""
    assessment = assessment_of(document)
    return [("École", assessment.school.name), ("Version", str(assessment.version))]


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(TraineePermission.VIEW_SKILLS, assessment_of(document))


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(TraineePermission.ASK_ASSESSMENT, assessment_of(document))


def subject_url(document: Document) -> str:
    """Return the page where the school reads the assessment."""
    return page_of(assessment_of(document))
