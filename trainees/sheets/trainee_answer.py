"""What a company said of a trainee, in the words the trainee reads: each skill, its level and what it means, what comes next."""

from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from e2c_portal.kernel.french import NO_BREAK, date_in_letters, day_in_letters, number, period_in_letters
from e2c_portal.kernel.workflow import State
from trainees.life import assessments as life
from trainees.models import AssessedSkill, CompanyAssessment, SkillLevel, TraineeAnswer
from trainees.reads.trainee_answers import latest_sent, scales_of, told_skills

NOT_SEEN = "Pas observé"
NOT_SEEN_MEANS = "Le tuteur n’a pas eu l’occasion de le voir. Cela ne compte pas contre vous."
OUTCOMES = {
    "completed": "Le stage est allé jusqu’au bout.",
    "partial": "Le stage s’est arrêté avant la fin.",
    "no_show": "Selon l’entreprise, personne ne s’est présenté pour ce stage.",
}
AGAIN = {
    "yes": "Oui, elle vous accueillerait de nouveau.",
    "maybe": "Peut-être.",
    "no": "Non, pas pour l’instant.",
}


@dataclass(frozen=True)
class ToldSkill:
    """One skill as its trainee reads it."""

    pk: int
    name: str
    description: str
    level: str
    meaning: str
    seen: bool
    acquired: bool
    situation: str
    disagreement: str


@dataclass(frozen=True)
class ToldDomain:
    """A family of skills, with the framework when there are several."""

    name: str
    skills: list[ToldSkill]


@dataclass(frozen=True)
class ToldAssessment:
    """All that the page of an assessment says. `may_answer`: it waits for the trainee; `newer` replaced it."""

    assessment: CompanyAssessment
    who: str
    when: str
    place: str
    period: str
    facts: list[tuple[str, str]]
    domains: list[ToldDomain]
    answer: TraineeAnswer | None
    state: State
    newer: CompanyAssessment | None
    is_example: bool

    @property
    def may_answer(self) -> bool:
        return self.answer is None and self.assessment.status in life.TO_DECIDE

    @property
    def skills(self) -> list[ToldSkill]:
        return [skill for domain in self.domains for skill in domain.skills]


def told_assessment(assessment: CompanyAssessment) -> ToldAssessment:
    """Return what a trainee reads of an assessment that was sent. Four queries."""
    stay, rows = assessment.internship, told_skills(assessment)
    scales = scales_of(row.skill.framework_id for row in rows)
    newer = latest_sent(assessment) if assessment.status == life.SUPERSEDED else None
    answer = getattr(assessment, "answer", None)
    return ToldAssessment(
        assessment, assessment.told_by.full_name if assessment.told_by else "", _sent_on(assessment), str(stay.establishment),
        period_in_letters(stay.starts_on, stay.last_day), _facts(assessment), _domains(rows, scales), answer,
        _standing(assessment, answer), newer, any(row.skill.framework.is_example for row in rows),
    )  # fmt: skip


def _sent_on(assessment: CompanyAssessment) -> str:
    return day_in_letters(timezone.localdate(assessment.submitted_at)) if assessment.submitted_at else ""


def _facts(row: CompanyAssessment) -> list[tuple[str, str]]:
    outcome = OUTCOMES.get(row.outcome, "")
    if row.last_day:
        outcome = f"{outcome} Dernier jour : {date_in_letters(row.last_day)}."
    facts = [("Votre stage", outcome)]
    if row.missed_hours:
        facts.append(("Heures manquées, selon l’entreprise", f"{number(row.missed_hours)}{NO_BREAK}h"))
    if row.words:
        facts.append(("Ses mots pour vous", row.words))
    facts.append(("Vous accueillerait-elle de nouveau ?", AGAIN.get(row.would_host_again, "")))
    if row.job_offered and row.job_offered != CompanyAssessment.Job.NONE:
        start = f", à partir du {day_in_letters(row.job_starts_on)}" if row.job_starts_on else ""
        facts.append(
            ("Vous propose-t-elle un emploi ?", f"{row.get_job_offered_display()}{start}. Parlez-en à votre référent.")
        )
    return [(term, text) for term, text in facts if text]


def _domains(rows: list[AssessedSkill], scales: dict[int, list[SkillLevel]]) -> list[ToldDomain]:
    several = len({row.skill.framework_id for row in rows}) > 1
    found = []
    for domain, listed in groupby(rows, key=lambda row: row.skill.domain):
        own = list(listed)
        name = f"{domain.name} ({own[0].skill.framework.name})" if several else domain.name
        found.append(ToldDomain(name, [_told(row, scales[row.skill.framework_id]) for row in own]))
    return found


def _told(row: AssessedSkill, scale: list[SkillLevel]) -> ToldSkill:
    dispute = getattr(row, "disagreement", None)
    level = row.level
    if level is None:
        name, meaning = NOT_SEEN, NOT_SEEN_MEANS
    else:
        rank = [step.pk for step in scale].index(level.pk) + 1
        name = f"{level.name} (niveau {rank} sur {len(scale)})"
        own = next((words.words for words in row.skill.level_words.all() if words.level_id == level.pk), "")
        meaning = own or level.meaning
    return ToldSkill(
        row.pk, row.skill.name, row.skill.description, name, meaning, level is not None, bool(level and level.is_acquired),
        row.situation, dispute.words if dispute else "",
    )  # fmt: skip


def _standing(row: CompanyAssessment, answer: TraineeAnswer | None) -> State:
    """Return where things stand for the trainee, and what comes next."""
    if row.status == life.SUPERSEDED:
        return State(
            "Remplacée",
            "L’entreprise a envoyé une version plus récente. Celle-ci est gardée, elle ne compte plus.",
            "neutral",
        )
    if row.status == life.VALIDATED:
        return State("Votre école a décidé", "Ce qui est validé est dans « Mes compétences ».", "success")
    if answer is not None:
        return _answered(row, answer)
    if row.status == life.RETURNED:
        return State(
            "À lire", "Votre école a posé une question à l’entreprise, qui enverra une nouvelle version. Vous pouvez déjà "
            "répondre à celle-ci ; vous lirez aussi la suivante.", "warning",
        )  # fmt: skip
    return State(
        "À lire", "Lisez, puis dites si vous êtes d’accord. Rien n’est validé avant que votre école décide.", "warning"
    )


def _answered(row: CompanyAssessment, answer: TraineeAnswer) -> State:
    on = day_in_letters(timezone.localdate(answer.answered_at))
    if row.status == life.RETURNED:
        return State(
            "Question à l’entreprise", f"Vous avez répondu le {on}. Votre école a posé une question à l’entreprise : vous "
            "lirez sa nouvelle version ici.", "info",
        )  # fmt: skip
    return State("Réponse envoyée", f"Vous avez répondu le {on}. Votre école la lit, puis décide.", "info")
