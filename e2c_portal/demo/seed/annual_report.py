"""The activity report of the last complete year, published as the Région would."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.figures.annual.content import compute
from e2c_portal.figures.annual.models import AnnualReport
from e2c_portal.figures.annual.operations import publish, write_introduction
from e2c_portal.kernel.french import typeset

PAPER_NAME = "rapport-annuel.pdf"
INTRODUCTION = (
    "Ce rapport rassemble les chiffres d’une année du réseau, tels que les écoles les ont écrits jour après jour dans le "
    "portail. Les personnes de la démonstration sont fictives : leurs chiffres ne disent rien des écoles véritables.\n\n"
    "La Région remercie les équipes des écoles, les prescripteurs et les entreprises qui accueillent."
)


@transaction.atomic
def load_annual_report(officer: User) -> int:
    """Publish the report of the last complete year unless it is. Returns how many were published."""
    year = timezone.localdate().year - 1
    if AnnualReport.objects.filter(year=year).exists():
        return 0
    draft = write_introduction(year, typeset(INTRODUCTION), None, officer)
    publish(year, compute(year, draft.introduction).data_sha256, officer)
    return 1


def annual_paper() -> Document | None:
    """Return the document of the last report published, None before it is loaded."""
    report = AnnualReport.objects.order_by("-year", "-number").first()
    return Document.objects.filter(subject=subject_of(report)).last() if report else None


def leave_annual_report(document: Document, folder: Path) -> Path:
    """Write the sealed report in a folder. Returns its path."""
    path = folder / PAPER_NAME
    path.write_bytes(storage.read(document.file, sha256=document.sha256))
    return path
