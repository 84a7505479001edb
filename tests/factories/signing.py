"""Signatures of the tests, made by the real engine: on paper, which needs no code, with a second person who checks."""

import io
from datetime import date
from functools import cache

from django.utils import timezone
from PIL import Image

from e2c_portal.accounts.models import User
from e2c_portal.documents.signing_steps import ask_to_close, close
from e2c_portal.signing.exhibits import Upload
from e2c_portal.signing.lookups import living_envelope
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.applying import apply
from e2c_portal.signing.operations.paper import check_paper, record_paper
from partnerships.models import ConventionAmendment, PartnershipConvention
from tests.factories.documents import apart, say_made, say_sealed, seal_waiting
from tests.factories.people import regional_officer

KINDS = {PartnershipConvention: "convention", ConventionAmendment: "convention_amendment"}


def envelope_of(record: PartnershipConvention | ConventionAmendment) -> Envelope:
    """Return the envelope being signed for a record."""
    envelope = living_envelope(KINDS[type(record)], f"{record._meta.label_lower}:{record.pk}")
    assert envelope, "nothing is put to signature"
    return envelope


def signed_on_paper(
    record: PartnershipConvention | ConventionAmendment, officer: User, on: date | None = None, *, made: bool = False
) -> Envelope:
    """Have everybody sign a record put to signature, the day `on` (today unless said), and its seal set.

    The document is only said to be made and sealed, unless `made`: then it is, for whoever reads it.
    """
    seal_waiting() if made else say_made()
    envelope, checker = envelope_of(record), regional_officer("Second Regard")
    for row in envelope.signatories.exclude(status="replaced").order_by("rank", "pk"):
        record_paper(row.pk, Upload(scan()), on or timezone.localdate(), officer)
        check_paper(row.pk, checker, accepted=True)
    if made:
        apart(apply, envelope.pk)
        apart(close, envelope.document_id)
    else:
        say_sealed(ask_to_close(envelope.document))
    envelope.refresh_from_db()
    assert envelope.status == "completed", (envelope.failure, envelope.document.failure)
    return envelope


@cache
def scan() -> bytes:
    """Return the smallest picture of a sheet of paper."""
    file = io.BytesIO()
    Image.new("L", (8, 8), 255).save(file, "PNG")
    return file.getvalue()
