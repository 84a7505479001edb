"""Hand an assessment over to a colleague, or say that one cannot answer: the person asked decides, the school is told."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record, trail_of
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import refuse_nir
from partnerships.models import Company, CompanyContact
from trainees.emails import assessments as mails
from trainees.models import CompanyAssessment, Internship
from trainees.operations.assessment_drafts import held_by
from trainees.operations.assessments import give_to, prepare_link
from trainees.operations.moving import save_or_refuse

HANDED = "assessment.handed_over"
# A link in the wrong hands must not carry the name of a trainee from address to address.
HANDED_AT_MOST = 3
REASON_LIMIT = 1000


@dataclass(frozen=True)
class Colleague:
    """Who is named, as typed."""

    full_name: str
    email: str
    job_title: str = ""


@transaction.atomic
def hand_over(assessment_id: int, contact_id: int, colleague: Colleague) -> CompanyAssessment:
    """Let the person asked name a colleague: found by their address or made, in the same establishment; the draft follows.

    The colleague receives their link; the tutor and the school are told. Raises NotAllowed, Overtaken, Refused after three
    changes of hands, ValidationError by field.
    """
    company_id = CompanyAssessment.objects.values_list("internship__establishment__company", flat=True).get(
        pk=assessment_id
    )
    # Two people who name the same colleague wait for each other; so does a merge of companies.
    Company.objects.select_for_update().get(pk=company_id)
    row = held_by(assessment_id, contact_id)
    giver = row.respondent
    assert giver is not None  # noqa: S101  held_by has checked that they are the one asked
    if colleague.email.strip().lower() == giver.email.lower():
        raise ValidationError({"email": "C’est votre propre adresse : indiquez celle de votre collègue."})
    if trail_of(row.internship).filter(action=HANDED, detail__assessment=row.pk).count() >= HANDED_AT_MOST:
        raise Refused(
            "Cette évaluation a déjà changé plusieurs fois de mains : appelez l’école, elle choisira avec vous."
        )
    receiver = _contact_named(row.internship, colleague)
    give_to(row, receiver)
    row.asked_at = timezone.now()
    row.save(update_fields=["asked_at"])
    prepare_link(receiver)
    mails.send_handed_over(row, receiver, giver)
    mails.tell_handed_over(row, receiver, giver)
    summary = f"{giver.full_name} confie l’évaluation à {receiver.full_name}"
    record(None, HANDED, row.internship, summary, assessment=row.pk, giver=giver.pk, receiver=receiver.pk)
    return row


def _contact_named(internship: Internship, colleague: Colleague) -> CompanyContact:
    place = internship.establishment
    known = CompanyContact.objects.filter(
        company=place.company_id, email__iexact=colleague.email.strip(), duplicate_of=None
    ).order_by("pk")
    today = timezone.localdate()
    if found := next((row for row in known if row.is_here_on(today)), None):
        return found
    if not colleague.full_name.strip():
        raise ValidationError({"full_name": "Écrivez le nom de votre collègue."})
    contact = CompanyContact(
        company=place.company, establishment=place, full_name=colleague.full_name.strip(),
        job_title=colleague.job_title.strip(), email=colleague.email.strip(),
    )  # fmt: skip
    contact.full_clean()
    contact.save()
    record(None, "companycontact.saved", contact, "Fiche créée : désigné par un collègue pour évaluer un stage")
    return contact


@says_why
@transaction.atomic
def decline(assessment_id: int, contact_id: int, reason: str) -> CompanyAssessment:
    """Let the person asked say that they will not answer: nobody is asked any more until the school chooses somebody.

    What was typed is kept for whoever answers. Raises NotAllowed, Overtaken, ValidationError without a reason.
    """
    row = held_by(assessment_id, contact_id)
    contact = row.respondent
    assert contact is not None  # noqa: S101  held_by has checked that they are the one asked
    words = reason.strip()
    if not words:
        raise ValidationError({"reason": "Dites en quelques mots pourquoi : l’école saura à qui demander."})
    if len(words) > REASON_LIMIT:
        raise ValidationError({"reason": f"Raccourcissez ce texte : {REASON_LIMIT} caractères au plus."})
    refuse_nir(words)
    row.respondent = None
    save_or_refuse(row)
    record(
        None, "assessment.declined", row.internship, f"{contact.full_name} ne remplira pas l’évaluation : {words}",
        assessment=row.pk, contact=contact.pk,
    )  # fmt: skip
    mails.tell_school_declined(row, contact, words)
    return row
