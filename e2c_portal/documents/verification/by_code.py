"""Verify by the short code printed on paper: it says what the register knows, not whether the paper is faithful."""

from datetime import date

from e2c_portal.documents.codes import normalised
from e2c_portal.documents.lookups import counted
from e2c_portal.documents.models import Document
from e2c_portal.documents.verification.register import before_the_seal, found, read_by_signatories, sealed_documents
from e2c_portal.documents.verification.verdict import Outcome, Verdict


def verify_code(typed: str, visitor: str, on: date) -> Verdict:
    """Return what the register says of the code that somebody typed, whatever its case, dashes and spaces.

    `visitor` is `lookups.visitor_key` of the address. Raises TooManyLookups after ten wrong codes in fifteen minutes.
    """
    document = counted(visitor, lambda: _document_of(typed))
    if document is None:
        return Verdict(Outcome.UNKNOWN_CODE, on)
    if not document.is_sealed:
        return before_the_seal(document, on)
    return found(document, Outcome.REGISTERED, on)


def _document_of(typed: str) -> Document | None:
    code = normalised(typed)
    return (sealed_documents() | read_by_signatories()).filter(verification_code=code).first() if code else None
