"""What the school decides of skills: validate what a company saw, send it back with a question, add what it saw, withdraw.

Whoever decides holds every version of the assessment, the last one first: the company that sends a correction waits, or is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import join_with_and
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.kernel.submissions import Sending, once
from trainees.life import assessments as life
from trainees.life import frameworks as framework_life
from trainees.models import AssessedSkill, CompanyAssessment, Pathway, SkillLevel, SkillValidation
from trainees.operations.assessments import ask, cancel_assessment, open_assessment
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.assessment_page import answer_of, last_day_seen, latest_of, mark_of

NOT_YOURS = "Seules la direction, la coordination et les formateurs de l’école décident de ses compétences."
CHANGED = (
    "Cette évaluation a changé pendant que vous la lisiez. Votre saisie est conservée : relisez ce qui a été dit, puis "
    "recommencez."
)


@dataclass(frozen=True)
class Decision:
    """What the school decides of one skill that the company saw acquired: at which level, and why when it differs."""

    assessed_skill_id: int
    level_id: int
    reason: str = ""


@dataclass(frozen=True)
class _Held:
    """An assessment held until the commit, with the version that waits for the company, if any."""

    assessment: CompanyAssessment
    latest: CompanyAssessment

    @property
    def waiting(self) -> CompanyAssessment | None:
        return self.latest if self.latest.is_open else None


@transaction.atomic
def validate_assessment(
    assessment_id: int, decisions: Sequence[Decision], actor: User, *, seen: str, reason: str = ""
) -> CompanyAssessment:
    """Validate the skills decided, none if none is, and close the assessment. `seen` is the mark of the page (reads.mark_of).

    Raises NotAllowed, Overtaken when it changed or was decided meanwhile, ValidationError by field (`reason_<id>`,
    `level_<id>`, `decision_reason`) for what lacks a reason or was not seen acquired, Refused for what the database refuses.
    """
    held = _hold(assessment_id, actor)
    assessment = held.assessment
    _refuse_unless_as_seen(held, seen)
    refuse_nir(reason)
    _require_reason(held, reason.strip())
    rows = _validations(assessment, decisions, actor)
    for row in rows:
        save_or_refuse(row)
    if held.waiting:
        cancel_assessment(held.waiting.pk, f"L’école a décidé sans attendre cette version : {reason.strip()}", actor)
    assessment.status, assessment.decided_by, assessment.decided_at = life.VALIDATED, actor, timezone.now()
    assessment.decision_reason = reason.strip()
    save_or_refuse(assessment)
    told = join_with_and([str(row.skill) for row in rows]) or "aucune compétence"
    record(
        actor, "assessment.validated", assessment, f"Évaluation validée : {told}", validations=[row.pk for row in rows]
    )
    return assessment


@transaction.atomic
def return_assessment(
    assessment_id: int, question: str, actor: User, *, seen: str, due_on: date | None = None
) -> CompanyAssessment:
    """Send an assessment back with a question: its next version is open, and asked of whoever answers for the company.

    Returns the version to come. Raises NotAllowed, Overtaken, ValidationError without a question or for a day that is past,
    Refused when the company is writing a correction already, or cannot be written to.
    """
    held = _hold(assessment_id, actor)
    assessment, question = held.assessment, question.strip()
    if assessment.status == life.RETURNED:
        raise Overtaken(
            "Une question a déjà été posée sur cette évaluation : attendez la réponse, ou décidez sans elle."
        )
    _refuse_unless_as_seen(held, seen)
    refuse_nir(question)
    if not question:
        raise ValidationError({"question": "Écrivez votre question à l’entreprise."})
    if due_on and due_on < timezone.localdate():
        raise ValidationError({"due_on": "Choisissez un jour à venir."})
    if held.waiting:
        raise Refused(
            f"L’entreprise écrit déjà une correction (version {held.latest.version}) : attendez-la, ou appelez-la."
        )
    assessment.status = life.RETURNED
    save_or_refuse(assessment)
    record(actor, "assessment.returned", assessment, f"Renvoyée à l’entreprise : {question}")
    following = open_assessment(assessment.internship_id, actor, question=question, due_on=due_on)
    if following.asked_at is None:
        ask(following.pk, actor)
    return following


@transaction.atomic
def validate_later(assessment_id: int, decision: Decision, actor: User) -> SkillValidation:
    """Validate one skill of an assessment that is decided already: left aside then, or withdrawn since. Says why.

    Raises NotAllowed, Overtaken when it is validated, ValidationError without a reason, Refused while the assessment is not
    decided, or for a skill that the company did not see acquired.
    """
    assessment = _hold(assessment_id, actor).assessment
    if assessment.status != life.VALIDATED:
        raise Refused("Cette évaluation n’est pas encore décidée : décidez de toutes ses compétences ensemble.")
    if not decision.reason.strip():
        raise ValidationError({"reason": "Écrivez pourquoi l’école valide cette compétence maintenant."})
    said = assessment.skills.select_related("skill", "level").filter(pk=decision.assessed_skill_id).first()
    level = SkillLevel.objects.filter(pk=decision.level_id).first()
    if said is None or level is None or level.framework_id != said.skill.framework_id:
        raise Refused("Cette compétence n’est pas dans cette évaluation : rechargez la page.")
    if refusal := _refusal_of_level(said, level):
        raise Refused(refusal)
    if said.validations.filter(withdrawn_at=None).exists():
        raise Overtaken(f"« {said.skill} » est déjà validée. Rechargez la page.")
    row = _from_company(assessment, said, level, decision.reason.strip(), actor)
    save_or_refuse(row)
    record(actor, "skill_validation.added", row, f"Compétence validée après coup : {row}")
    return row


@transaction.atomic
def validate_at_school(validation: SkillValidation, actor: User, *, sending: Sending | None = None) -> SkillValidation:
    """Validate a skill that the school saw itself. The pathway, skill, level, day and situation (`reason`) are on the row.

    Raises NotAllowed, ValidationError by field (a day outside the pathway, no situation), Refused for a framework that is not
    in force or a skill the school validated already.
    """
    pathway = Pathway.objects.select_for_update(of=("self",), no_key=True).get(pk=validation.pathway_id)
    _require(actor, pathway)
    validation.school_id, validation.trainee_id = pathway.school_id, pathway.trainee_id
    validation.source, validation.validated_by = SkillValidation.Source.SCHOOL, actor
    validation.reason = validation.reason.strip()
    return once(sending, actor, SkillValidation, lambda: _seen_at_school(validation, pathway, actor))


@transaction.atomic
def withdraw_validation(validation_id: int, reason: str, actor: User) -> SkillValidation:
    """Withdraw a validation made by mistake. Raises NotAllowed, Overtaken when it is withdrawn, Refused without a reason."""
    rows = SkillValidation.objects.select_for_update(of=("self",)).select_related("skill", "level", "withdrawn_by")
    validation = rows.get(pk=validation_id)
    _require(actor, validation)
    if validation.withdrawn_at:
        raise Overtaken(f"Cette validation est déjà retirée, par {validation.withdrawn_by}.")
    refuse_nir(reason)
    if not reason.strip():
        raise Refused("Écrivez pourquoi vous retirez cette validation.", code="reason_required")
    validation.withdrawn_by, validation.withdrawn_at = actor, timezone.now()
    validation.withdrawal_reason = reason.strip()
    save_or_refuse(validation)
    record(actor, "skill_validation.withdrawn", validation, f"Validation retirée ({validation}) : {reason.strip()}")
    return validation


def _hold(assessment_id: int, actor: User) -> _Held:
    internship_id = CompanyAssessment.objects.values_list("internship", flat=True).get(pk=assessment_id)
    rows = CompanyAssessment.objects.select_for_update(of=("self",)).filter(internship=internship_id)
    versions = list(rows.select_related("internship", "decided_by", "respondent").order_by("-version"))
    assessment = next(row for row in versions if row.pk == assessment_id)
    _require(actor, assessment)
    return _Held(assessment, latest_of(versions, assessment))


def _require(actor: User, row: object) -> None:
    if not actor.has_perm(TraineePermission.VALIDATE_SKILLS, row):
        raise NotAllowed(NOT_YOURS)


def _refuse_unless_as_seen(held: _Held, seen: str) -> None:
    assessment = held.assessment
    if assessment.status == life.VALIDATED:
        raise Overtaken(f"Cette évaluation est déjà validée, par {assessment.decided_by}. Rechargez la page.")
    if assessment.status == life.SUPERSEDED:
        raise Overtaken(
            f"L’entreprise a envoyé une version plus récente (version {held.latest.version}) : c’est elle qui se décide."
        )
    if assessment.status not in life.TO_DECIDE:
        raise Refused("L’entreprise n’a pas envoyé cette évaluation : il n’y a rien à décider.")
    if mark_of(assessment, held.latest) != seen:
        raise Overtaken(CHANGED)


def _require_reason(held: _Held, reason: str) -> None:
    """Refuse to decide without the answers unless somebody says why."""
    if not reason and (lacks := reasons_to_give(held.assessment, held.waiting)):
        raise ValidationError({"decision_reason": lacks})


def reasons_to_give(assessment: CompanyAssessment, waiting: CompanyAssessment | None) -> list[str]:
    """Return the sentences that say why validating this assessment today asks for a reason; none when all was heard."""
    answer, told = answer_of(assessment), []
    if answer is None:
        told.append("Le stagiaire n’a pas répondu : écrivez pourquoi l’école décide sans sa réponse, ou attendez-la.")
    elif not answer.agrees and not answer.disagreements.exists():
        told.append("Le stagiaire n’est pas d’accord : écrivez comment l’école en tient compte.")
    if assessment.status == life.RETURNED:
        told.append("L’entreprise n’a pas répondu à votre question : écrivez pourquoi l’école décide sans attendre.")
    elif waiting:
        told.append("L’entreprise écrit une correction : écrivez pourquoi l’école décide sans l’attendre.")
    return told


def _validations(assessment: CompanyAssessment, decisions: Sequence[Decision], actor: User) -> list[SkillValidation]:
    """Return the validations to write, in the order of the skills. Raises ValidationError by field, with all the refusals."""
    seen = {row.pk: row for row in assessment.skills.select_related("skill", "level", "disagreement")}
    levels = {row.pk: row for row in SkillLevel.objects.filter(pk__in=[one.level_id for one in decisions])}
    rows, errors = [], {}
    for one in decisions:
        said, level, reason = seen.get(one.assessed_skill_id), levels.get(one.level_id), one.reason.strip()
        if said is None or level is None or level.framework_id != said.skill.framework_id:
            raise Refused("Cette compétence n’est pas dans cette évaluation : rechargez la page.")
        if refusal := _refusal_of_level(said, level):
            errors[f"level_{said.pk}"] = refusal
        elif not reason and (lack := _reason_lacking(said, level)):
            errors[f"reason_{said.pk}"] = lack
        rows.append(_from_company(assessment, said, level, reason, actor))
    if errors:
        raise ValidationError(errors)
    return rows


def _refusal_of_level(said: AssessedSkill, level: SkillLevel) -> str:
    if said.level is None:
        return f"« {said.skill} » n’a pas été observée : elle ne se valide pas ici. Ajoutez-la si l’école l’a vue."
    if not said.level.is_acquired:
        return f"« {said.skill} » n’est pas acquise selon l’entreprise : posez-lui la question, ou ajoutez-la si l’école l’a vue."
    if not level.is_acquired:
        return f"Au niveau « {level} », « {said.skill} » n’est pas acquise : choisissez un niveau acquis, ou ne la validez pas."
    return ""


def _reason_lacking(said: AssessedSkill, level: SkillLevel) -> str:
    if level.pk != said.level_id:
        return f"L’entreprise a dit « {said.level} » pour « {said.skill} » : écrivez pourquoi l’école décide autrement."
    if hasattr(said, "disagreement"):
        return f"Le stagiaire n’est pas d’accord sur « {said.skill} » : écrivez ce que l’école en retient."
    return ""


def _from_company(
    assessment: CompanyAssessment, said: AssessedSkill, level: SkillLevel, reason: str, actor: User
) -> SkillValidation:
    stay = assessment.internship
    return SkillValidation(
        school_id=stay.school_id, pathway_id=stay.pathway_id, trainee_id=stay.trainee_id, skill=said.skill, level=level,
        source=SkillValidation.Source.COMPANY, assessed_skill=said, seen_on=last_day_seen(assessment), reason=reason,
        validated_by=actor,
    )  # fmt: skip


def _seen_at_school(validation: SkillValidation, pathway: Pathway, actor: User) -> SkillValidation:
    last = min(timezone.localdate(), pathway.ended_on or timezone.localdate())
    if not pathway.entered_on <= validation.seen_on <= last:
        raise ValidationError(
            {"seen_on": f"Choisissez un jour du parcours, du {pathway.entered_on:%d/%m/%Y} au {last:%d/%m/%Y}."}
        )
    if not validation.reason:
        raise ValidationError({"reason": "Écrivez dans quelle situation l’école a vu cette compétence."})
    if validation.skill.framework.status != framework_life.PUBLISHED:
        raise Refused("Ce référentiel n’est plus en vigueur : choisissez la compétence dans un référentiel en vigueur.")
    save_or_refuse(validation)
    record(actor, "skill_validation.added", validation, f"Compétence vue à l’école : {validation}")
    return validation
