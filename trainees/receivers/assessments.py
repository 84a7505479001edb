"""What the documents tell of assessments: once the paper is sealed, whoever assessed receives it."""

from e2c_portal.documents.kinds import DocumentKind
from e2c_portal.documents.models import Document
from trainees.documents import assessments as papers
from trainees.emails.assessments import send_receipt
from trainees.models.assessments import ASSESSMENT_KIND


def sealed(document: Document) -> None:
    """Send the receipt, in the transaction of the seal. A paper sealed again sends nothing more."""
    send_receipt(papers.assessment_of(document))


ASSESSMENT = DocumentKind(
    name=ASSESSMENT_KIND, label="Évaluation en entreprise", template=papers.TEMPLATE, version=papers.VERSION,
    standing=papers.standing, public_facts=papers.public_facts, may_read=papers.may_read, subject_url=papers.subject_url,
    sealed=sealed, may_retry=papers.may_retry,
)  # fmt: skip
