"""A trainee answers what a company said of their skills: agrees, or says why not. One answer to each version, for good."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.kernel.nir import refuse_nir
from trainees.emails.assessments import tell_school_disputed
from trainees.life import assessments as life
from trainees.models import AssessedSkill, CompanyAssessment, SkillDisagreement, TraineeAnswer
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission

NOT_YOURS = "Vous n’avez pas le droit de recueillir la réponse d’un stagiaire de cette école."
CLOSED = {
    life.OPEN: "L’entreprise n’a pas encore envoyé cette évaluation : il n’y a rien à quoi répondre.",
    life.VALIDATED: "L’école a déjà décidé : cette évaluation n’attend plus de réponse. Si vous n’êtes pas d’accord, "
    "parlez-en à votre référent.",
    life.SUPERSEDED: "L’entreprise a envoyé une version plus récente : lisez-la, puis répondez à celle-là. Ce que vous "
    "avez écrit est encore sur cette page.",
    life.CANCELLED: "Cette évaluation est devenue sans objet : elle n’attend plus de réponse.",
}
WHY = "Dites pourquoi : écrivez quelques mots, ou cochez au moins une compétence."
AGREES_AND_NOT = "Vous êtes d’accord, mais une compétence est cochée : choisissez « pas d’accord », ou décochez-la."
MINUTE_WORDS = "Dites pourquoi pour chaque compétence cochée."


@transaction.atomic
def answer_assessment(
    assessment_id: int, agrees: bool, words: str, disagreements: Mapping[int, str], *, actor: User | None = None
) -> TraineeAnswer:
    """Keep the answer of a trainee to one version of an assessment; `disagreements` are words by assessed skill.

    `actor` is who records an answer told orally; nobody when it comes by the trainee's own link. The same answer given again
    is given back. Raises NotAllowed, Overtaken when another answer was given first, Refused when the version waits for none
    or when a disagreement has no reason.
    """
    assessment = _held(assessment_id)
    if actor is not None and not actor.has_perm(TraineePermission.VALIDATE_SKILLS, assessment):
        raise NotAllowed(NOT_YOURS)
    words, reasons = words.strip(), {key: text.strip() for key, text in disagreements.items()}
    if before := TraineeAnswer.objects.filter(assessment=assessment).first():
        return _same_or_overtaken(before, agrees, words, reasons)
    if assessment.status not in life.TO_DECIDE:
        raise Refused(CLOSED[assessment.status], code=assessment.status)
    skills = _disputed(assessment, agrees, words, reasons)
    answer = TraineeAnswer(assessment=assessment, agrees=agrees, words=words, recorded_by=actor)
    save_or_refuse(answer)
    for skill in skills:
        save_or_refuse(SkillDisagreement(answer=answer, assessed_skill=skill, words=reasons[skill.pk]))
    _trace(answer, len(skills), actor)
    if not agrees:
        tell_school_disputed(answer, len(skills))
    return answer


def _held(assessment_id: int) -> CompanyAssessment:
    rows = CompanyAssessment.objects.select_for_update(of=("self",)).select_related("school", "internship")
    return rows.get(pk=assessment_id)


def _disputed(
    assessment: CompanyAssessment, agrees: bool, words: str, reasons: Mapping[int, str]
) -> list[AssessedSkill]:
    """Return the skills seen otherwise. Raises Refused for an answer that contradicts itself or gives no reason."""
    if agrees and reasons:
        raise Refused(AGREES_AND_NOT, code="contradiction")
    if not agrees and not words and not reasons:
        raise Refused(WHY, code="reason_required")
    if not all(reasons.values()):
        raise Refused(MINUTE_WORDS, code="reason_required")
    for text in (words, *reasons.values()):
        refuse_nir(text)
    skills = list(assessment.skills.filter(pk__in=reasons).order_by("pk"))
    if len(skills) != len(reasons):
        raise Refused("Une des compétences cochées n’est pas dans cette évaluation : rechargez la page.")
    return skills


def _same_or_overtaken(before: TraineeAnswer, agrees: bool, words: str, reasons: Mapping[int, str]) -> TraineeAnswer:
    kept = dict(before.disagreements.values_list("assessed_skill_id", "words"))
    if (before.agrees, before.words, kept) == (agrees, words, dict(reasons)):
        return before
    raise Overtaken(
        f"Une réponse à cette évaluation est déjà enregistrée, le {day_in_letters(timezone.localdate(before.answered_at))} : "
        f"« {before} ». Elle ne change plus. Pour la compléter, parlez-en au référent."
    )


def _trace(answer: TraineeAnswer, count: int, actor: User | None) -> None:
    how = "recueillie par l’école" if actor else "par son lien"
    told = "d’accord" if answer.agrees else "pas d’accord"
    points = f" sur {counted(count, 'compétence', 'compétences')}" if count else ""
    record(
        actor, "assessment.answered", answer.assessment, f"Réponse du stagiaire : {told}{points} ({how})",
        internship=answer.assessment.internship_id,
    )  # fmt: skip
