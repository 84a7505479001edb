"""Skills of the demonstration: one stay assessed, answered, validated and attested; two assessments that wait for their tutor."""

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.demo.seed.internship_facts import HOSTS, STAYS, Stay
from e2c_portal.demo.seed.trainees import coordinator_at, trainee_named
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import typeset
from trainees.models import AssessedSkill, CompanyAssessment, Internship, SkillsCertificate
from trainees.models.assessments import ASSESSMENT_KIND
from trainees.operations.assessment_drafts import save_draft
from trainees.operations.assessment_sending import submit_assessment
from trainees.operations.assessments import ask, open_assessment
from trainees.operations.certificates import choose_shown, issue_certificate
from trainees.operations.skill_decisions import Decision, validate_assessment
from trainees.operations.trainee_answers import answer_assessment
from trainees.reads.assessment_page import mark_of
from trainees.reads.assessment_skills import NOT_SEEN, SkillAsked, skills_asked

# Who is assessed, answered and attested, and who waits for their tutor.
ASSESSED, WAITING = ("Yanis", "Djellal"), (("Inès", "Amrani"), ("Lucas", "Bastide"))
# The step of the scale that the tutor chooses for each skill in turn; None: not observed.
STEPS = (2, 3, 2, 1, 2, None, 3, 2, 2, 1, 2, 3, None)
SITUATIONS = (
    "Tous les matins, à l’ouverture de l’atelier.", "Avec un client qui attendait son véhicule.",
    "En rangeant les outils en fin de journée.", "Pendant une vidange, avec le chef d’atelier.",
)  # fmt: skip
SAID = {
    "outcome": "completed", "would_host_again": "yes", "job_offered": "apprenticeship",
    "words": "Yanis a pris confiance au fil des jours. Il demande quand il ne sait pas, et il revient vers le client.",
}  # fmt: skip
DISAGREES = "J’ai fait ce travail seul les trois derniers jours."
SETTLED = "Le tuteur et le stagiaire se sont expliqués le jour du bilan : le niveau dit par l’entreprise est retenu."
# What somebody who recruits asks for; the hours stay between the school and the trainee.
SHOWN = ("name", "skills", "companies")


def load_skills() -> int:
    """Assess, answer, validate and attest what is missing. Returns how many assessments were opened."""
    return sum(_load(stay) for stay in STAYS if (stay.first_name, stay.last_name) in (ASSESSED, *WAITING))


@transaction.atomic
def _load(stay: Stay) -> int:
    internship, actor = _internship(stay), coordinator_at(HOSTS[stay.host].city)
    if internship.assessments.exists():
        return 0
    assessment = open_assessment(internship.pk, actor)
    ask(assessment.pk, actor)
    if (stay.first_name, stay.last_name) == ASSESSED:
        _attest(_answered(_sent(assessment)), actor)
    return 1


def _internship(stay: Stay) -> Internship:
    stays = trainee_named(stay.first_name, stay.last_name).internships
    return stays.get(establishment__company__legal_name=typeset(HOSTS[stay.host].name))


def _sent(assessment: CompanyAssessment) -> CompanyAssessment:
    tutor = assessment.respondent_id
    assert tutor is not None  # noqa: S101  every stay of the demonstration has a tutor
    posted = {name: typeset(words) for name, words in SAID.items()}
    for number, skill in enumerate(skills_asked(assessment)):
        step = STEPS[number % len(STEPS)]
        posted[skill.level_field] = _choice(skill, step)
        if step:
            posted[skill.situation_field] = typeset(SITUATIONS[number % len(SITUATIONS)])
    save_draft(assessment.pk, tutor, posted, "")
    return submit_assessment(assessment.pk, tutor)


def _choice(skill: SkillAsked, step: int | None) -> str:
    return NOT_SEEN if step is None else str(skill.levels[min(step, len(skill.levels) - 1)].pk)


def _answered(assessment: CompanyAssessment) -> CompanyAssessment:
    disputed = _acquired(assessment)[0]
    answer_assessment(assessment.pk, False, "", {disputed.pk: typeset(DISAGREES)})
    return CompanyAssessment.objects.get(pk=assessment.pk)


def _acquired(assessment: CompanyAssessment) -> list[AssessedSkill]:
    return list(assessment.skills.filter(level__is_acquired=True).order_by("pk"))


def _attest(assessment: CompanyAssessment, actor: User) -> None:
    first, *others = _acquired(assessment)
    decisions = [Decision(first.pk, first.level_id or 0, SETTLED)]
    decisions += [Decision(seen.pk, seen.level_id or 0) for seen in others]
    validate_assessment(assessment.pk, decisions, actor, seen=mark_of(assessment, assessment))
    certificate = issue_certificate(assessment.internship.pathway_id, actor)
    choose_shown(certificate.pk, SHOWN, None)


def assessment_paper() -> Document | None:
    """Return the document of the assessment that was sent, None before it is."""
    sent = (
        CompanyAssessment.objects.filter(internship__trainee__last_name=ASSESSED[1]).exclude(submitted_at=None).first()
    )
    return Document.objects.filter(kind=ASSESSMENT_KIND, subject=subject_of(sent)).last() if sent else None


def attestation() -> SkillsCertificate | None:
    """Return the attestation of the demonstration, None before it is issued."""
    return SkillsCertificate.objects.filter(trainee__last_name=ASSESSED[1]).first()
