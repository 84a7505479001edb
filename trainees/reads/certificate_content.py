"""What an attestation would say today, as plain values, and what is missing for it: nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from e2c_portal.accounts.models import User
from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import hides_name
from partnerships.models import Company
from schools.models import School
from schools.queries import current_network
from trainees.life.pathways import NO_SHOW, PLANNED
from trainees.models import AttendanceHalfDay, Pathway, SkillFramework, SkillValidation
from trainees.models.attendance import THERE, Half, Place
from trainees.reads.expected import Expected, calendar_of, days_between
from trainees.reads.signers import quality_in

AT_SCHOOL, UNNAMED = "à l’école", "une entreprise en diffusion partielle"
# What changes with the act of issuing and not with what is attested.
OF_THE_ACT = frozenset({"number", "version", "issued_on", "replaces"})
NO_SKILL = "Aucune compétence n’est validée dans ce parcours. Validez d’abord une évaluation en entreprise, ou une compétence vue à l’école."
NOT_BEGUN = "Ce parcours n’a pas commencé : il n’y a rien à attester."


@dataclass
class CertificateDraft:
    """What would be attested: `content` is what is printed and frozen, `refusals` what prevents it, `lacks` what to know first."""

    content: dict[str, Any]
    minutes: dict[str, int]
    refusals: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


def draft_of(pathway: Pathway, actor: User, today: date) -> CertificateDraft:
    """Return what the attestation of a pathway would say if this person issued it today."""
    validations = list(standing_validations(pathway))
    minutes, lacking = minutes_of(pathway), _half_days_lacking(pathway, today)
    content = {
        "trainee": _person(pathway),
        "school": _school(pathway.school),
        "signatory": {"name": actor.full_name, "quality": quality_in(actor, pathway.school_id)},
        "pathway": _dates(pathway, today),
        "hours": _hours(minutes, lacking),
        "frameworks": _frameworks({validation.skill.framework for validation in validations}),
        "domains": _domains(validations),
    }
    refusals = [NOT_BEGUN] if pathway.status in (PLANNED, NO_SHOW) else []
    refusals += [] if validations else [NO_SKILL]
    return CertificateDraft(content, minutes, refusals, _lacks(pathway, lacking, content))


def what_is_attested(content: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a content that tells of the person, to compare two attestations."""
    return {name: value for name, value in content.items() if name not in OF_THE_ACT}


def standing_validations(pathway: Pathway) -> QuerySet[SkillValidation]:
    """Return the skills that the school validated in a pathway and did not withdraw, in the order of their framework."""
    rows = SkillValidation.objects.filter(pathway=pathway, withdrawn_at=None).select_related(
        "skill__framework", "skill__domain", "level", "assessed_skill__assessment__internship__establishment__company"
    )
    return rows.order_by(
        "skill__framework__name", "skill__framework__version", "skill__domain__position", "skill__position", "seen_on", "pk"
    )  # fmt: skip


def minutes_of(pathway: Pathway) -> dict[str, int]:
    """Return the minutes of presence at school and in company: what was expected of each half-day, lateness taken off.

    Absences, even justified, count for nothing (domain dossier, section 2: « number of training hours done »).
    """
    rows = AttendanceHalfDay.objects.filter(pathway=pathway, state__in=THERE).values("place")
    found = {
        row["place"]: row["noted"] - row["missed"]
        for row in rows.annotate(noted=Sum("minutes"), missed=Coalesce(Sum("late_minutes"), 0))
    }
    return {place: found.get(place, 0) for place in Place.values}


def _half_days_lacking(pathway: Pathway, today: date) -> int:
    """Return how many half-days, from the first to the last or to yesterday, were expected and never noted."""
    first, last = pathway.entered_on, min(pathway.ended_on or today, today)
    if pathway.ended_on is None:
        last = min(last, today - timedelta(days=1))
    if last < first:
        return 0
    calendar = calendar_of(pathway.school_id, pathway.school.department, [pathway.pk], first, last)
    noted = set(AttendanceHalfDay.objects.filter(pathway=pathway).values_list("day", "half"))
    return sum(
        (day, half) not in noted and isinstance(calendar.on(pathway, day, half), Expected)
        for day in days_between(first, last)
        for half in Half.values
    )


def _lacks(pathway: Pathway, lacking: int, content: dict[str, Any]) -> list[str]:
    school, found = content["school"], []
    if lacking:
        found.append(
            f"{counted(lacking, 'demi-journée attendue n’est pas notée', 'demi-journées attendues ne sont pas notées')} : "
            "elles ne comptent pas, et l’attestation le dit. Notez-les d’abord si vous le pouvez."
        )
    if pathway.is_open:
        found.append(
            "Le parcours est en cours : l’attestation dit les heures à ce jour. Elle pourra être remplacée à la sortie."
        )
    missing = [label for name, label in (("siret", "le SIRET"), ("declaration_number", "le numéro de déclaration d’activité")) if not school[name]]  # fmt: skip
    if missing:
        found.append(f"La fiche de l’école ne dit pas {' ni '.join(missing)} : l’attestation ne l’écrira pas.")
    if not pathway.trainee.email:
        found.append("Cette personne n’a pas d’adresse électronique : remettez-lui le fichier vous-même.")
    return found


def _person(pathway: Pathway) -> dict[str, str]:
    trainee = pathway.trainee
    return {
        "name": str(trainee), "first_name": trainee.first_name, "last_name": trainee.last_name,
        "birth_date": trainee.birth_date.isoformat(),
    }  # fmt: skip


def _school(school: School) -> dict[str, str]:
    network = current_network()
    return {
        "name": school.name, "operator": school.operator, "siret": printed_number(school.siret),
        "declaration_number": school.activity_declaration_number, "region": network.region_name if network else "",
    }  # fmt: skip


def _dates(pathway: Pathway, today: date) -> dict[str, Any]:
    return {
        "entered_on": pathway.entered_on.isoformat(),
        "ended_on": pathway.ended_on.isoformat() if pathway.ended_on else "",
        "counted_until": min(pathway.ended_on or today, today).isoformat(),
    }


def _hours(minutes: dict[str, int], lacking: int) -> dict[str, Any]:
    return {
        "school_minutes": minutes[Place.SCHOOL], "company_minutes": minutes[Place.COMPANY],
        "half_days_lacking": lacking,
    }  # fmt: skip


def _frameworks(rows: Iterable[SkillFramework]) -> list[dict[str, Any]]:
    """Return the frameworks that are used, each with its scale: a level means nothing without it."""
    return [
        {
            "code": row.code, "version": row.version, "name": row.name, "kind": row.get_kind_display(), "source": row.source,
            "is_example": row.is_example,
            "levels": [
                {"rank": level.rank, "name": level.name, "meaning": level.meaning, "is_acquired": level.is_acquired}
                for level in row.levels.all()
            ],
        }
        for row in sorted(rows, key=lambda row: (row.name, row.version))
    ]  # fmt: skip


def _domains(validations: Iterable[SkillValidation]) -> list[dict[str, Any]]:
    """Return the validated skills by domain, in the order they come."""
    found: dict[int, dict[str, Any]] = {}
    for validation in validations:
        skill = validation.skill
        domain = found.setdefault(
            skill.domain_id,
            {"framework": skill.framework.code, "version": skill.framework.version, "name": skill.domain.name, "skills": []},
        )  # fmt: skip
        domain["skills"].append(_line(validation))
    return list(found.values())


def _line(validation: SkillValidation) -> dict[str, Any]:
    """Return one line: what the person can do, at which level, where and when it was seen."""
    seen = validation.assessed_skill
    company = seen.assessment.internship.establishment.company if seen else None
    return {
        "code": validation.skill.code, "name": validation.skill.name, "level": validation.level.name,
        "level_rank": validation.level.rank, "level_meaning": validation.level.meaning,
        "place": _name_of(company) if company else AT_SCHOOL, "in_company": company is not None,
        "seen_on": validation.seen_on.isoformat(),
    }  # fmt: skip


def _name_of(company: Company) -> str:
    return UNNAMED if hides_name(company) else company.legal_name


def seen_words(line: dict[str, Any]) -> str:
    """Say where and when a skill was seen: « chez Fournil d’Oc, le 27 novembre 2026 »."""
    where = f"chez {line['place']}" if line["in_company"] else line["place"]
    return f"{where}, le {day_in_letters(date.fromisoformat(line['seen_on']))}"
