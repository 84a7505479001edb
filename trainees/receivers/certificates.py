"""What follows the seal of an attestation: the trainee receives it, and its signed file is made."""

import logging
from dataclasses import replace

from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import PortalError
from trainees.documents.certificates import CERTIFICATE
from trainees.emails.certificates import send_ready
from trainees.life import certificates as life
from trainees.operations.credentials import keep_signed_file
from trainees.reads.certificates import certificate_of

logger = logging.getLogger(__name__)


def when_sealed(document: Document) -> None:
    """Send the attestation to its trainee and make its signed file; nothing for one that ended while it was being made."""
    certificate = certificate_of(document)
    if certificate.status != life.ISSUED:
        return
    send_ready(certificate, document)
    try:
        keep_signed_file(certificate, document)
    except PortalError as fault:
        # The paper is whole without it: the file is made later, when somebody asks for it and a key is there.
        logger.warning("certificate %s has no signed file: %s", certificate.number, fault.code)


KIND = replace(CERTIFICATE, sealed=when_sealed)
