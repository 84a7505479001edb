"""What the portal could not do by itself: the documents that failed."""

from django.urls import reverse

from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.documents.queries import failed_documents
from e2c_portal.home.panels.counting import task, waiting
from e2c_portal.home.panels.desk import Desk
from e2c_portal.home.panels.page import Task, Urgency


def tasks_of(desk: Desk) -> list[Task]:
    """Return the work to be asked again, for those who may ask it."""
    if not desk.may(AccountPermission.RETRY_DOCUMENT):
        return []
    words = ("document en échec à relancer", "documents en échec à relancer")
    url = f"{reverse('admin:documents_document_changelist')}?status__exact=failed"
    return task(failed_documents(), "queued_at", words, url, Urgency.LATE, wait=waiting)
