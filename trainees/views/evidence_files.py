"""Give the bytes of a piece of evidence: a photo is shown, a PDF is kept; nothing that a browser could take for a page."""

import logging

from django.http import HttpResponse

from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.views.handing_over import file_response
from trainees.models import Evidence

logger = logging.getLogger(__name__)
UNAVAILABLE = 503


def evidence_response(row: Evidence) -> HttpResponse | None:
    """Return the file of a piece of evidence, None when the storage does not give it back whole."""
    try:
        content = storage.read(row.file, sha256=row.sha256)
    except storage.StorageFault as fault:
        logger.error("evidence %s not served: %s", row.pk, fault.code)
        return None
    name = f"preuve-{row.public_id}.{ENDINGS[row.mime]}"
    return file_response(content, name, row.mime, attached=row.mime == "application/pdf")
