"""The reports of an edition, its photos, and whether its data moved since."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from assises.life.editions import CLOSED
from assises.models import Edition, EditionReport, Photo, PhotoPerson, Registration
from assises.models.report import REPORT_KIND
from assises.reads.report_content import Computed, same_figures
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.search import fold

NEAR_AT_MOST = 50


def reports_of(edition: Edition) -> list[EditionReport]:
    """Return the versions of the report of an edition, the one in force first."""
    return list(edition.reports.select_related("edition", "made_by").order_by("-number"))


def papers_of(reports: list[EditionReport]) -> dict[str, Document]:
    """Return the latest document of each version, by its subject. One query."""
    rows = Document.objects.filter(kind=REPORT_KIND, subject__in=[subject_of(report) for report in reports])
    rows = rows.exclude(status=Status.ABANDONED).defer("context").select_related("requested_by")
    return {document.subject: document for document in rows.order_by("pk")}


def report_in_force(edition: Edition) -> EditionReport | None:
    """Return the last version of the report of an edition, None before it is closed."""
    return edition.reports.select_related("edition").order_by("-number").first()


def has_moved(report: EditionReport, computed: Computed) -> bool:
    """Say whether the rows, or what is told of them, changed since a report was frozen."""
    return report.data_sha256 != computed.data_sha256 or not same_figures(report.content, computed.content)


def public_paper(year: int) -> Document | None:
    """Return the sealed report that anybody may read: the last one sealed of a closed edition."""
    edition = Edition.objects.filter(year=year, status=CLOSED).first()
    return sealed_paper(edition) if edition else None


def sealed_paper(edition: Edition, number: int | None = None) -> Document | None:
    """Return the sealed document of a version of a report, the last one sealed unless a number is given."""
    reports = edition.reports.order_by("-number")
    if number is not None:
        reports = reports.filter(number=number)
    subjects = [subject_of(report) for report in reports.only("pk")]
    sealed = Document.objects.filter(kind=REPORT_KIND, status=Status.SEALED, subject__in=subjects).defer("context")
    found = {document.subject: document for document in sealed.order_by("pk")}
    return next((found[subject] for subject in subjects if subject in found), None)


def photos_of(edition: Edition) -> QuerySet[Photo]:
    """Return the photos of an edition, each told whether somebody on it no longer agrees (`is_refused`), with its people."""
    refusing = PhotoPerson.objects.filter(photo=OuterRef("pk")).exclude(registration__image_consent=True)
    rows = edition.photos.annotate(is_refused=Exists(refusing)).prefetch_related("people")
    return rows.order_by("added_at", "pk")


def photo_of(edition: Edition, public_id: UUID) -> Photo | None:
    """Return a photo of an edition."""
    return edition.photos.filter(public_id=public_id).first()


def registered_as(edition: Edition, typed: str) -> list[Registration]:
    """Return who is registered under a name (« Camille Exemple », either order) or an address, accents and capitals aside."""
    if "@" in typed:
        return list(edition.registrations.filter(email__iexact=typed.strip()).order_by("pk"))
    name = " ".join(fold(typed).split())
    if not name:
        return []
    near = edition.registrations.filter(search__contains=name).order_by("pk")[:NEAR_AT_MOST]
    return [
        row for row in near if name in (_folded(row.first_name, row.last_name), _folded(row.last_name, row.first_name))
    ]


def _folded(*names: str) -> str:
    return " ".join(" ".join(fold(name) for name in names).split())


def owned_files(keys: list[str]) -> set[str]:
    """Return those of the keys that are photos of editions: the storage is shared with documents."""
    return set(Photo.objects.filter(file__in=keys).values_list("file", flat=True))
