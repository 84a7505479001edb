"""The personal link by which the tutor reads a draft agreement. Bound to one version, closed when the review is over."""

from datetime import timedelta

from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from partnerships.models import CompanyContact
from trainees.life import agreements as life
from trainees.models import InternshipAgreement
from trainees.reads.agreements import agreement_in_full

REVIEW_LINK, REVIEW_MAIL = "trainees.agreement_review", "trainees.agreement_review"
LIFETIME = timedelta(days=30)


def link_for(agreement: InternshipAgreement, tutor: CompanyContact) -> PersonalLink:
    """Return the link of the tutor to this version, prepared if need be. Raises Refused without an address."""
    holder = Holder(tutor.full_name, tutor.email)
    return issuing.prepare(REVIEW_LINK, agreement, str(agreement.version), holder)


def agreement_of(subject: str) -> InternshipAgreement | None:
    """Return the agreement that a link names, in full; None when it is something else."""
    label, _, number = subject.partition(":")
    if label != InternshipAgreement._meta.label_lower or not number.isdecimal():
        return None
    try:
        return agreement_in_full(int(number))
    except InternshipAgreement.DoesNotExist:
        return None


def opens(link: PersonalLink) -> bool:
    """Say whether the review that a link leads to is still open, to the tutor of the day."""
    agreement = agreement_of(link.subject)
    if agreement is None or agreement.status != life.IN_REVIEW:
        return False
    tutor = agreement.internship.tutor
    return tutor is not None and tutor.email.lower() == link.email.lower()
