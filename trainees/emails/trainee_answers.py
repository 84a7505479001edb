"""The message that reminds a trainee to read what a company says of them. It carries the link of their own space."""

from datetime import timedelta

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import period_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.emails.trainee_space import space_left, space_secret
from trainees.life import assessments as life
from trainees.models import CompanyAssessment
from trainees.reads.trainee_space import current_pathway

TO_ANSWER = "trainees.assessment_to_answer"
ANSWERED = "Cette évaluation n’attend plus de réponse : il n’y a plus rien à rappeler."


def mark_of(step: str) -> tuple[str, str]:
    """Return what stands before and after the number of the assessment in the mark of a reminder: each leaves once."""
    return f"{TO_ANSWER}:", f":{step}"


def remind_to_answer(assessment: CompanyAssessment, step: str) -> Mail:
    """Ask for the reminder of one step; it leaves once."""
    trainee = assessment.internship.trainee
    pathway = current_pathway(trainee)
    referent = pathway.referent if pathway else None
    stay = assessment.internship
    words = {
        "assessment": assessment.pk, "company": str(stay.establishment), "school": stay.school.name,
        "period": period_in_letters(stay.starts_on, stay.last_day),
        "contact": f"{referent}, {referent.email}" if referent else "", "again": step != "first",
    }  # fmt: skip
    recipient = Recipient(trainee.email, str(trainee), referent.email if referent else "")
    return send_mail_on_commit(TO_ANSWER, recipient, trainee, words, dedup_key=str(assessment.pk).join(mark_of(step)))


def answer_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a reminder that is leaving. Raises Refused when the answer came, or the link is closed, meanwhile."""
    waits = CompanyAssessment.objects.filter(pk=mail.context["assessment"], status=life.SUBMITTED, answer=None)
    if not waits.exists():
        raise Refused(ANSWERED, code="settled")
    return space_secret(mail)


TYPES: tuple[MailType, ...] = (
    MailType(
        TO_ANSWER, "Rappel au stagiaire : lire son évaluation",
        subject="{% if again %}Rappel : {% endif %}{{ company }} a parlé de votre stage, à lire",
        cool_down=timedelta(0), stoppable=True, secrets=answer_secret, sent=space_left,
        examples={"link": "https://portail.exemple.invalid/lien/exemple/"},
        sample={
            "assessment": 1, "company": "Boulangerie Exemple", "school": "École de la 2e chance (exemple)",
            "period": "du 2 mars 2027 au 19 mars 2027", "contact": "Nadia Exemple, nadia@ecole.example", "again": False,
        },
    ),
)  # fmt: skip
