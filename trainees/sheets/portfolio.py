"""A portfolio as pages show it: by framework and domain, each skill with what is validated, what waits, its history, its evidence.

The number of queries is the same whatever the number of skills, internships or versions.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.kernel.workflow import State
from trainees.life import assessments as life
from trainees.models import (
    AssessedSkill,
    CompanyAssessment,
    Evidence,
    Skill,
    SkillDomain,
    SkillFramework,
    SkillValidation,
    Trainee,
)
from trainees.reads.portfolio import (
    assessed_of,
    best_of,
    evidence_of,
    latest_versions,
    place_of,
    planned_of,
    skills_of,
    validations_of,
)

TO_READ, TO_DECIDE, ASKED = "to_read", "to_decide", "asked"
# What a skill waits for, as the school reads it and as its trainee does.
WAITS = {
    TO_READ: "Le stagiaire n’a pas encore répondu",
    TO_DECIDE: "L’école n’a pas encore décidé",
    ASKED: "Question posée à l’entreprise",
}
OWN_WAITS = {
    TO_READ: "Votre réponse est attendue",
    TO_DECIDE: "Votre école n’a pas encore décidé",
    ASKED: "Votre école a posé une question à l’entreprise",
}


@dataclass(frozen=True)
class Happening:
    """One line of the history of a skill."""

    at: datetime
    title: str
    text: str = ""
    tone: str = "neutral"
    assessment_id: int | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass
class SkillLine:
    """One skill of somebody: what is validated (`best`), or was (`withdrawn`), what was seen last, what waits, all that happened."""

    skill: Skill
    best: SkillValidation | None = None
    seen: AssessedSkill | None = None
    planned: bool = False
    withdrawn: SkillValidation | None = None
    waits: str = ""
    history: list[Happening] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def standing(self) -> State:
        """The level, or where the skill stands, in a word."""
        if self.best:
            return State(self.best.level.name, "Validée par l’école.", "success")
        if self.seen and self.seen.level:
            return State(self.seen.level.name, "Vue en entreprise, pas validée.", "warning" if self.waits else "info")
        if self.seen:
            return State("Pas observée", "L’entreprise n’a pas eu l’occasion de la voir.", "neutral")
        return State("Prévue" if self.planned else "À montrer", "Aucune entreprise n’en a encore parlé.", "neutral")

    @property
    def waits_words(self) -> str:
        """What it waits for, as the school reads it."""
        return WAITS.get(self.waits, "")

    @property
    def own_waits_words(self) -> str:
        """What it waits for, as its trainee reads it."""
        return OWN_WAITS.get(self.waits, "")

    @property
    def where(self) -> str:
        """Where and when it was seen: « Boulangerie Dupont, le 12 mars 2027 »."""
        if self.best:
            return f"{place_of(self.best)}, le {day_in_letters(self.best.seen_on)}"
        if self.seen:
            stay = self.seen.assessment.internship
            return f"{stay.establishment}, le {day_in_letters(stay.last_day)}"
        return ""


@dataclass(frozen=True)
class DomainPart:
    """A domain: the skills of which something is known, and those that nobody spoke of yet."""

    domain: SkillDomain
    lines: list[SkillLine]
    unseen: list[Skill]

    @property
    def total(self) -> int:
        return len(self.lines) + len(self.unseen)

    @property
    def validated(self) -> int:
        return sum(1 for line in self.lines if line.best)


@dataclass(frozen=True)
class FrameworkPart:
    """A version of a framework, and how much of it is covered."""

    framework: SkillFramework
    domains: list[DomainPart]

    @property
    def total(self) -> int:
        return sum(part.total for part in self.domains)

    @property
    def validated(self) -> int:
        return sum(part.validated for part in self.domains)

    @property
    def seen(self) -> int:
        return sum(1 for part in self.domains for line in part.lines if line.best or (line.seen and line.seen.level))

    @property
    def coverage(self) -> str:
        """« 3 compétences validées sur 12, 5 vues au travail »."""
        seen = f"{self.seen} vue{'s' if self.seen > 1 else ''} au travail"
        return f"{counted(self.validated, 'compétence validée', 'compétences validées')} sur {self.total}, {seen}"


@dataclass(frozen=True)
class Portfolio:
    """All that is known of the skills of a trainee. `loose` is the evidence that speaks of no skill in particular."""

    frameworks: list[FrameworkPart]
    evidence: list[Evidence]
    loose: list[Evidence]
    validated: int
    waiting: int


def portfolio_of(trainee: Trainee) -> Portfolio:
    """Return the portfolio of a trainee. Five queries, and none more for a longer one."""
    told, kept = assessed_of(trainee), validations_of(trainee)
    planned, evidence = planned_of(trainee), evidence_of(trainee)
    shown = [row.skill for row in evidence if row.skill]
    spoken = [*(row.skill for row in told), *(row.skill for row in kept), *(row.skill for row in planned), *shown]
    every = skills_of(skill.framework_id for skill in spoken) if spoken else []
    lines = {skill.pk: SkillLine(skill) for skill in every}
    _tell_companies(lines, told)
    _tell_school(lines, kept)
    for row in planned:
        lines[row.skill_id].planned = True
    for item in evidence:
        if item.skill_id:
            lines[item.skill_id].evidence.append(item)
    for line in lines.values():
        line.history.sort(key=lambda happening: happening.at)
    found = lines.values()
    return Portfolio(
        _frameworks(every, lines), evidence, [row for row in evidence if row.skill_id is None],
        sum(1 for line in found if line.best), sum(1 for line in found if line.waits),
    )  # fmt: skip


def _tell_companies(lines: dict[int, SkillLine], told: list[AssessedSkill]) -> None:
    latest = latest_versions(row.assessment for row in told)
    disputed = {row.assessment_id for row in told if hasattr(row, "disagreement")}
    for row in told:
        assessment, line = row.assessment, lines[row.skill_id]
        line.history += [_said(row), *_answered(row, names_skills=row.assessment_id in disputed)]
        if assessment.version == latest[assessment.internship_id]:
            # A skill not observed this time says nothing against what was seen before.
            line.seen = row if row.level or line.seen is None else line.seen
            line.waits = (_waits(assessment) if row.level else "") or line.waits


def _answered(row: AssessedSkill, *, names_skills: bool) -> list[Happening]:
    """Tell what the trainee answered about one skill; nothing when they named other skills than this one."""
    answer = getattr(row.assessment, "answer", None)
    if answer is None:
        return []
    how = f" (recueilli par {answer.recorded_by.full_name})" if answer.recorded_by else ""
    if answer.agrees:
        return [Happening(answer.answered_at, f"Le stagiaire est d’accord{how}", answer.words, "success")]
    if dispute := getattr(row, "disagreement", None):
        return [Happening(answer.answered_at, f"Le stagiaire n’est pas d’accord{how}", dispute.words, "warning")]
    if names_skills:
        return []
    return [
        Happening(answer.answered_at, f"Le stagiaire n’est pas d’accord avec l’ensemble{how}", answer.words, "warning")
    ]


def _said(row: AssessedSkill) -> Happening:
    assessment, level = row.assessment, row.level
    who = f"{assessment.internship.establishment} : {level.name if level else 'pas observée'}"
    if assessment.status == life.SUPERSEDED:
        who += f" (version {assessment.version}, remplacée)"
    assert assessment.submitted_at is not None  # noqa: S101  what is read here was sent
    return Happening(assessment.submitted_at, who, row.situation, "info" if level else "neutral", assessment.pk)


def _waits(assessment: CompanyAssessment) -> str:
    if assessment.status == life.RETURNED:
        return ASKED
    if assessment.status != life.SUBMITTED:
        return ""
    return TO_DECIDE if hasattr(assessment, "answer") else TO_READ


def _tell_school(lines: dict[int, SkillLine], kept: list[SkillValidation]) -> None:
    by_skill: dict[int, list[SkillValidation]] = defaultdict(list)
    for row in kept:
        by_skill[row.skill_id].append(row)
        line = lines[row.skill_id]
        line.history.append(
            Happening(row.validated_at, f"{row.school.name} valide : {row.level.name}", row.reason, "success")
        )
        if row.withdrawn_at:
            line.history.append(
                Happening(
                    row.withdrawn_at, f"{row.school.name} retire cette validation", row.withdrawal_reason, "danger"
                )
            )
    for skill_id, rows in by_skill.items():
        lines[skill_id].best = best_of(rows)
        if lines[skill_id].best is None:
            lines[skill_id].withdrawn = max(rows, key=lambda row: row.withdrawn_at or row.validated_at)


def _frameworks(every: Iterable[Skill], lines: dict[int, SkillLine]) -> list[FrameworkPart]:
    found = []
    for framework, skills in groupby(every, key=lambda skill: skill.framework):
        domains = [_domain(domain, list(own), lines) for domain, own in groupby(skills, key=lambda skill: skill.domain)]
        found.append(FrameworkPart(framework, domains))
    return found


def _domain(domain: SkillDomain, skills: list[Skill], lines: dict[int, SkillLine]) -> DomainPart:
    spoken = [skill for skill in skills if _is_known(lines[skill.pk])]
    return DomainPart(domain, [lines[skill.pk] for skill in spoken], [skill for skill in skills if skill not in spoken])


def _is_known(line: SkillLine) -> bool:
    return bool(line.history or line.planned or line.evidence)
