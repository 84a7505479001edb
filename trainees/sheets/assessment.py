"""The page of an assessment in the words of the interface: each skill as it was planned, said, answered and decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.models import Entry
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import counted, day_in_letters, number, period_in_letters
from e2c_portal.kernel.workflow import State
from trainees.life import assessments as life
from trainees.models import AssessedSkill, CompanyAssessment, Skill, SkillLevelWords, SkillValidation, TraineeAnswer
from trainees.reads.assessment_list import state_in_list, wait_of
from trainees.reads.assessment_page import (
    Missed,
    answer_of,
    latest_of,
    mark_of,
    missed_in_company,
    sealed_assessment,
    trail_of_assessment,
    validations_of,
    versions_of,
)
from trainees.reads.statements import hours_words

NOT_SEEN = State("Non observé", "L’entreprise n’a pas vu cette compétence.", "neutral")
NOT_SAID = State("Pas évaluée", "L’entreprise n’en a rien dit.", "neutral")
AWAITED = State("En attente", "L’entreprise n’a pas encore envoyé son évaluation.", "info")
AGREES = State("D’accord", "", "success")
DISAGREES = State("Pas d’accord", "", "warning")
UNDISPUTED = State("Non contestée", "", "neutral")
SILENT = State("Pas encore répondu", "", "neutral")
# The company and the presences are told apart when they differ by more than this.
CLOSE_ENOUGH = 30


@dataclass
class SkillLine:
    """One skill, side by side. `level_field` and `reason_field` are there while the school decides of it."""

    skill: Skill
    planned: bool
    said: AssessedSkill | None
    company: State
    meaning: str = ""
    before: str = ""
    trainee: State | None = None
    disagreement: str = ""
    validations: list[SkillValidation] = field(default_factory=list)
    undecided: str = ""
    seen_url: str = ""
    later_url: str = ""
    level_field: forms.BoundField | None = None
    reason_field: forms.BoundField | None = None

    @property
    def asks_why(self) -> bool:
        """Say whether the reason is to be shown open: it is asked for, or written, or refused."""
        field = self.reason_field
        return bool(self.disagreement or (field and (field.errors or field.value())))

    @property
    def situation(self) -> str:
        return self.said.situation if self.said else ""

    @property
    def in_force(self) -> bool:
        """Say whether the school holds this skill as acquired from this assessment."""
        return any(row.withdrawn_at is None for row in self.validations)


@dataclass(frozen=True)
class VersionLine:
    """One version, with what it changes from the one before."""

    version: CompanyAssessment
    state: State
    changes: list[str]
    shown: bool


@dataclass(frozen=True)
class Happened:
    """One act of the history."""

    at: datetime
    who: str
    title: str
    text: str = ""
    tone: str = ""
    icon: str = ""


@dataclass
class AssessmentSheet:
    """An assessment as the page tells it. `mark` is what the forms of the page remember of it."""

    assessment: CompanyAssessment
    state: State
    wait: str
    latest: CompanyAssessment
    mark: str
    answer: TraineeAnswer | None
    facts: list[tuple[str, Any]]
    result: list[tuple[str, Any]]
    lines: list[SkillLine]
    versions: list[VersionLine]
    validations: list[SkillValidation]
    document: Document | None
    history: list[Happened]
    gap: str

    @property
    def waiting(self) -> CompanyAssessment | None:
        """The version that the company fills now, when it is not the one on screen."""
        return self.latest if self.latest.is_open and self.latest.pk != self.assessment.pk else None

    @property
    def frameworks(self) -> list[str]:
        """The frameworks in which the skills are said, samples labelled as such."""
        return list(dict.fromkeys(str(line.skill.framework) for line in self.lines))

    @property
    def to_decide(self) -> list[AssessedSkill]:
        """What the company saw acquired: the school decides of it."""
        return [line.said for line in self.lines if line.said and line.said.level and line.said.level.is_acquired]

    def put_fields(self, form: forms.BaseForm) -> None:
        """Give each line the fields that decide of it."""
        for line in self.lines:
            if line.said and f"level_{line.said.pk}" in form.fields:
                line.level_field, line.reason_field = form[f"level_{line.said.pk}"], form[f"reason_{line.said.pk}"]


def assessment_sheet(known: CompanyAssessment) -> AssessmentSheet:
    """Read all that is told of one version of an assessment. The number of queries does not grow with its skills or versions."""
    internship, today = known.internship, timezone.localdate()
    versions = versions_of(internship)
    assessment = next(row for row in versions if row.pk == known.pk)
    assessment.internship, assessment.school = internship, known.school
    latest, validations = latest_of(versions, assessment), validations_of(assessment)
    missed = missed_in_company(internship)
    return AssessmentSheet(
        assessment, state_in_list(assessment, today), wait_of(assessment, today), latest, mark_of(assessment, latest),
        answer_of(assessment), _facts(assessment), _result(assessment, missed),
        _lines(assessment, versions, validations), _versions(versions, assessment), validations,
        sealed_assessment(assessment), _history(trail_of_assessment(assessment, validations)), _gap(assessment, missed),
    )  # fmt: skip


def _facts(assessment: CompanyAssessment) -> list[tuple[str, Any]]:
    stay = assessment.internship
    rows: list[tuple[str, Any]] = [
        ("Stage", f"{period_in_letters(stay.starts_on, stay.last_day)}"),
        ("Attendue pour le", day_in_letters(assessment.due_on)),
    ]
    if assessment.told_by:
        rows.append(("Évalué par", f"{assessment.told_by.full_name}, {assessment.told_by.job_title}".rstrip(", ")))
    else:
        rows.append(("Personne qui évalue", str(assessment.respondent or "")))
    if assessment.submitted_at:
        rows.append(("Envoyée le", moment(assessment.submitted_at)))
    if assessment.decided_at and assessment.status in (life.VALIDATED, life.CANCELLED):
        verb = "Validée" if assessment.status == life.VALIDATED else "Sans objet depuis"
        rows.append((f"{verb} le", f"{moment(assessment.decided_at)}, par {assessment.decided_by or 'le portail'}"))
    if assessment.decision_reason:
        rows.append(("Motif de la décision", assessment.decision_reason))
    return rows


def _result(assessment: CompanyAssessment, missed: Missed) -> list[tuple[str, Any]]:
    """Return what the company said of the stay itself, beside what the school noted."""
    if not assessment.submitted_at:
        return []
    rows: list[tuple[str, Any]] = [("Issue du stage", assessment.get_outcome_display())]
    if assessment.last_day:
        rows.append(("Dernier jour de présence", day_in_letters(assessment.last_day)))
    told = "" if assessment.missed_hours is None else _hours(assessment.missed_hours)
    rows += [
        ("Heures manquées, selon l’entreprise", told),
        ("Heures manquées, selon les présences", _noted(missed)),
        ("Accueillerait de nouveau", assessment.get_would_host_again_display()),
        ("Emploi ou apprentissage proposé", _job(assessment)),
    ]
    return rows


def _job(assessment: CompanyAssessment) -> str:
    told = assessment.get_job_offered_display()
    return f"{told}, à partir du {day_in_letters(assessment.job_starts_on)}" if assessment.job_starts_on else told


def _noted(missed: Missed) -> str:
    if not missed.noted:
        return "aucune présence n’est notée dans l’entreprise"
    return hours_words(missed.minutes) if missed.minutes else "aucune"


def _gap(assessment: CompanyAssessment, missed: Missed) -> str:
    """Say that the company and the presences do not tell the same hours; empty when they do, or when one says nothing."""
    if assessment.missed_hours is None or not missed.noted:
        return ""
    if abs(float(assessment.missed_hours) * 60 - missed.minutes) <= CLOSE_ENOUGH:
        return ""
    return (
        f"L’entreprise dit {_hours(assessment.missed_hours)} manquées, les présences notées en disent "
        f"{hours_words(missed.minutes) if missed.minutes else 'aucune'} : vérifiez les présences de ce stage."
    )


def _lines(
    assessment: CompanyAssessment, versions: Sequence[CompanyAssessment], validations: Iterable[SkillValidation]
) -> list[SkillLine]:
    planned = {row.skill_id: row.skill for row in assessment.internship.planned_skills.select_related("skill__domain", "skill__framework")}  # fmt: skip
    said = {row.skill_id: row for row in assessment.skills.all()}
    skills = {**planned, **{pk: row.skill for pk, row in said.items()}}
    before = _levels_before(assessment, versions)
    words, decided = _words_of(said.values()), _by_skill(validations)
    answer = answer_of(assessment)
    lines = []
    for skill in sorted(skills.values(), key=lambda row: (row.framework.name, row.domain.position, row.position)):
        row = said.get(skill.pk)
        line = SkillLine(
            skill, skill.pk in planned, row, _company(assessment, row), validations=decided.get(skill.pk, [])
        )
        if row and row.level:
            line.meaning = words.get((skill.pk, row.level.pk), row.level.meaning)
        if row and before is not None and (was := before.get(skill.pk, NOT_SAID.label)) != line.company.label:
            line.before = was
        line.trainee, line.disagreement = _heard(row, answer)
        line.undecided, line.seen_url = _undecided(assessment, row), skill_seen_url(assessment, skill)
        if assessment.status == life.VALIDATED and row and not line.undecided and not line.in_force:
            line.later_url = reverse("trainees:assessment_later", args=[assessment.pk, row.pk])
        lines.append(line)
    return lines


def _company(assessment: CompanyAssessment, row: AssessedSkill | None) -> State:
    if row is None:
        return NOT_SAID if assessment.submitted_at else AWAITED
    if row.level is None:
        return NOT_SEEN
    return State(row.level.name, row.level.meaning, "success" if row.level.is_acquired else "info")


def _heard(row: AssessedSkill | None, answer: TraineeAnswer | None) -> tuple[State | None, str]:
    if row is None:
        return None, ""
    if answer is None:
        return SILENT, ""
    if disagreement := getattr(row, "disagreement", None):
        return DISAGREES, disagreement.words
    return AGREES if answer.agrees else UNDISPUTED, ""


def _undecided(assessment: CompanyAssessment, row: AssessedSkill | None) -> str:
    """Say why the school has nothing to decide of a skill here; empty when it does, or while nothing was sent."""
    if not assessment.submitted_at:
        return ""
    if row is None or row.level is None:
        return "Rien à valider ici."
    return "" if row.level.is_acquired else "Pas encore acquise selon l’entreprise."


def _levels_before(assessment: CompanyAssessment, versions: Sequence[CompanyAssessment]) -> dict[int, str] | None:
    """Return the level of each skill in the version sent before this one; None when there was none."""
    sent = [row for row in versions if row.version < assessment.version and row.submitted_at]
    return _levels(sent[-1]) if sent and assessment.submitted_at else None


def _levels(version: CompanyAssessment) -> dict[int, str]:
    return {row.skill_id: row.level.name if row.level else NOT_SEEN.label for row in version.skills.all()}


def _words_of(rows: Iterable[AssessedSkill]) -> dict[tuple[int, int], str]:
    pairs = [(row.skill_id, row.level_id) for row in rows if row.level_id]
    found = SkillLevelWords.objects.filter(
        skill__in=[skill for skill, _ in pairs], level__in=[level for _, level in pairs]
    )
    return {(row.skill_id, row.level_id): row.words for row in found}


def _by_skill(validations: Iterable[SkillValidation]) -> dict[int, list[SkillValidation]]:
    found: dict[int, list[SkillValidation]] = {}
    for row in validations:
        found.setdefault(row.skill_id, []).append(row)
    return found


def _versions(versions: Sequence[CompanyAssessment], shown: CompanyAssessment) -> list[VersionLine]:
    """Return the versions, the last first, each with what it changes from the one sent before."""
    lines: list[VersionLine] = []
    before: CompanyAssessment | None = None
    for row in versions:
        changes = changes_between(before, row) if before and row.submitted_at else []
        lines.append(VersionLine(row, row.state, changes, row.pk == shown.pk))
        before = row if row.submitted_at else before
    return lines[::-1]


def changes_between(former: CompanyAssessment, later: CompanyAssessment) -> list[str]:
    """Return, skill by skill, what a version says otherwise than the one before; then of the stay itself."""
    was, now = _levels(former), _levels(later)
    names: Mapping[int, str] = {row.skill_id: row.skill.name for one in (former, later) for row in one.skills.all()}
    told = [
        f"{names[pk]} : {was.get(pk, NOT_SAID.label)} → {now.get(pk, NOT_SAID.label)}"
        for pk in sorted(names, key=lambda pk: names[pk])
        if was.get(pk) != now.get(pk)
    ]
    places = {row.skill_id: row.situation for row in former.skills.all()}
    told += [
        f"{row.skill.name} : la situation est décrite autrement"
        for row in later.skills.all()
        if row.skill_id in places and places[row.skill_id] != row.situation
    ]
    for name, label in (("outcome", "Issue du stage"), ("would_host_again", "Accueillerait de nouveau"), ("job_offered", "Emploi proposé")):  # fmt: skip
        if getattr(former, name) != getattr(later, name):
            told.append(
                f"{label} : {getattr(former, f'get_{name}_display')()} → {getattr(later, f'get_{name}_display')()}"
            )
    if former.missed_hours != later.missed_hours:
        told.append(f"Heures manquées : {_hours(former.missed_hours)} → {_hours(later.missed_hours)}")
    if former.words != later.words:
        told.append("Les mots de l’entreprise ont changé")
    return told


def _hours(value: Decimal | None) -> str:
    """Return hours as they are read: « 7 h », « 3,5 h »."""
    if value is None:
        return "non dit"
    return f"{number(int(value) if value == int(value) else value)} h"


def _history(entries: Iterable[Entry]) -> list[Happened]:
    return [Happened(row.at, str(row.actor or "le portail"), row.summary or row.action) for row in entries]


def moment(at: datetime) -> str:
    """Return a moment as people read it."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def skill_seen_url(assessment: CompanyAssessment, skill: Skill) -> str:
    """Return the address where the school says that it saw a skill itself, already chosen."""
    page = reverse("trainees:skills_seen", args=[assessment.internship.pathway_id])
    return f"{page}?referentiel={skill.framework_id}&competence={skill.pk}"


def told_validated(count: int) -> str:
    """Return how many skills were validated, as a sentence for whoever decided."""
    if not count:
        return "L’évaluation est close : aucune compétence n’est validée."
    return f"{counted(count, 'compétence validée', 'compétences validées')} : elles entrent dans le portefeuille du stagiaire."
