"""Send an assessment for good, and begin its correction. One transaction each."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from partnerships.models import CompanyContact
from trainees.documents.assessments import assessment_order, content_of, sha256_of
from trainees.emails import assessments as mails
from trainees.life import assessments as life
from trainees.models import AssessedSkill, CompanyAssessment, Internship, Trainee
from trainees.operations.assessment_drafts import NOT_YOURS, held_by
from trainees.operations.assessments import ASSESSABLE, held, open_assessment
from trainees.operations.moving import save_or_refuse
from trainees.operations.tutor_reports import held_internship
from trainees.reads.assessment_drafts import Checked, checked
from trainees.reads.assessment_link import SAID, open_version_of
from trainees.reads.assessment_skills import NOT_SEEN, skills_asked
from trainees.reads.trainee_space import TRAINEE_SPACE, has_recent_pathway, link_of, opens

CHANGED = (
    "Cette évaluation a été modifiée sur un autre appareil pendant que vous la relisiez. Rien n’est envoyé : relisez-la, "
    "puis envoyez-la."
)


@transaction.atomic
def submit_assessment(assessment_id: int, contact_id: int, *, seen_revision: int | None = None) -> CompanyAssessment:
    """Send what the draft says: frozen, fingerprinted, printed; the version before is replaced; school and trainee are told.

    Sent twice by the same person, it is sent once and given back. `seen_revision` is the draft that was read before sending.
    Raises NotAllowed, Overtaken when another device changed it or it is no longer to fill, Refused for a stay that has not
    begun, ValidationError by field of the page.
    """
    internship = _held_internship_of(assessment_id)
    row = held(assessment_id, state=None)
    if row.status in SAID and row.told_by_id == contact_id:
        return row
    row = held_by(assessment_id, contact_id)
    _refuse_too_early(internship)
    if seen_revision is not None and seen_revision != row.draft_revision:
        raise Overtaken(CHANGED)
    told = checked(row, skills_asked(row))
    if told.errors:
        raise ValidationError(told.errors)
    told_by = CompanyContact.objects.get(pk=contact_id)
    _replace_the_former(row)
    _write(row, told, told_by)
    request_document(assessment_order(row), _on_behalf_of(internship))
    _tell(row)
    return row


def _refuse_too_early(internship: Internship) -> None:
    if internship.status not in ASSESSABLE:
        raise Refused(
            f"Ce stage est maintenant « {internship.state.label.lower()} » : il ne s’évalue plus. Appelez l’école si c’est "
            "une erreur.", code="not_assessable",
        )  # fmt: skip
    if not internship.began_by():
        raise Refused(
            f"Ce stage commence le {internship.starts_on:%d/%m/%Y} : vous pourrez envoyer votre évaluation à partir de ce "
            "jour. Ce que vous avez rempli est gardé.", code="not_begun",
        )  # fmt: skip


def _replace_the_former(row: CompanyAssessment) -> None:
    """Mark the versions that this one replaces. One that was validated meanwhile stands: nothing is sent."""
    others = row.internship.assessments.select_for_update().exclude(pk=row.pk)  # type: ignore[attr-defined]
    for former in others:
        if former.status == life.VALIDATED:
            raise Overtaken(
                "L’école a validé votre évaluation précédente : elle ne change plus. Appelez-la pour la corriger."
            )
        if former.status in life.TO_DECIDE:
            former.status = life.SUPERSEDED
            save_or_refuse(former)


def _write(row: CompanyAssessment, told: Checked, told_by: CompanyContact) -> None:
    AssessedSkill.objects.bulk_create(
        AssessedSkill(
            assessment=row, skill_id=skill.pk, was_planned=skill.planned, situation=situation,
            level_id=int(choice) if choice and choice != NOT_SEEN else None,
        )
        for skill, choice, situation in told.skills
    )  # fmt: skip
    for name, value in told.facts.items():
        setattr(row, name, value)
    row.told_by, row.submitted_at, row.status, row.draft = told_by, timezone.now(), life.SUBMITTED, {}
    row.content = content_of(row, told, told_by, timezone.localdate())
    row.sha256 = sha256_of(row.content)
    save_or_refuse(row)
    summary = f"Évaluation envoyée par {told_by.full_name}, version {row.version}"
    record(
        None, "assessment.submitted", row.internship, summary, assessment=row.pk, contact=told_by.pk, sha256=row.sha256
    )


def _on_behalf_of(internship: Internship) -> User:
    """Return who the document is asked for: the company has no account, the school that follows the internship has."""
    people = [internship.referent, internship.pathway.referent]
    return next((user for user in people if user and user.is_active), internship.created_by)


def _tell(row: CompanyAssessment) -> None:
    trainee = row.internship.trainee
    reached = _prepare_space(trainee)
    mails.tell_school_submitted(row, trainee_told=reached)
    if reached:
        mails.tell_trainee(row)


def _prepare_space(trainee: Trainee) -> bool:
    """Make sure that the trainee has a link of their own. Returns whether they can be told.

    No without an address or a recent pathway, nor when the school withdrew the link of that address: it has its reasons.
    """
    if not trainee.email or not has_recent_pathway(trainee):
        return False
    links = PersonalLink.objects.filter(purpose=TRAINEE_SPACE, subject=subject_of(trainee), email__iexact=trainee.email)
    last = links.order_by("-prepared_at", "-pk").first()
    if last and last.revoked_at:
        return False
    former = link_of(trainee)
    if former and not opens(former):
        issuing.revoke(former, "L’adresse a changé.")
    issuing.prepare(TRAINEE_SPACE, trainee, "", Holder(str(trainee), trainee.email))
    return True


@transaction.atomic
def correct_assessment(assessment_id: int, contact_id: int) -> CompanyAssessment:
    """Open the next version, filled with what was sent, for whoever sent it; asked twice, the same one is given back.

    The version sent stays until the next one is sent. Raises NotAllowed, Overtaken once the school validated it, Refused.
    """
    internship = _held_internship_of(assessment_id)
    row = held(assessment_id, state=None)
    if row.told_by_id != contact_id:
        raise NotAllowed(NOT_YOURS)
    present = open_version_of(row)
    if present is not None:
        if present.respondent_id != contact_id:
            raise NotAllowed(NOT_YOURS)
        return present
    if row.status not in life.TO_DECIDE:
        raise Overtaken(f"Cette évaluation est « {row.state.label.lower()} » : elle ne change plus. Appelez l’école.")
    opened = open_assessment(internship.pk, None)
    # Nobody asks for it: the clock neither sends its link nor recalls it.
    opened.asked_at = timezone.now()
    opened.save(update_fields=["asked_at"])
    return opened


def _held_internship_of(assessment_id: int) -> Internship:
    """Lock the internship before the assessment, always in this order: two acts on one stay wait for each other."""
    return held_internship(CompanyAssessment.objects.values_list("internship_id", flat=True).get(pk=assessment_id))
