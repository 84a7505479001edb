"""Verify by the file itself: the register's fingerprint decides, and the seal explains what it does not know."""

import hashlib
from dataclasses import replace
from datetime import date

from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.sealing import (
    SealFact,
    SealInspection,
    SealSettings,
    TrustAnchors,
    facts,
    inspect_pdf,
    open_authority,
)
from e2c_portal.documents.verification import words
from e2c_portal.documents.verification.register import before_the_seal, found, sealed_documents
from e2c_portal.documents.verification.turns import one_of_few
from e2c_portal.documents.verification.verdict import Outcome, SealStatement, Verdict

# The inspection stopped before it could judge: nothing may be said for or against the file.
UNDECIDED = frozenset({facts.TOO_LARGE, facts.ENCRYPTED, facts.UNREADABLE, facts.TOO_COMPLEX})


def verify_file(data: bytes, on: date) -> Verdict:
    """Return whether these bytes are a document that the portal sealed, and what it is worth on a day.

    Nothing is kept of the file. Raises SealNotConfigured when the portal cannot judge seals, TooBusy when too many files
    are being inspected at this moment.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if document := sealed_documents().filter(sha256=sha256).first():
        return found(document, Outcome.AUTHENTIC, on)
    if document := Document.objects.filter(revisions__sha256=sha256).first():
        # A copy taken while people were signing. Once sealed, the answer sends to the sealed file.
        return replace(before_the_seal(document, on), outcome=_outcome_of_copy(document))
    seal = SealSettings.from_settings()
    with one_of_few():
        inspection = inspect_pdf(data, TrustAnchors.from_settings(seal))
    return _judged(inspection, seal, on)


def _outcome_of_copy(document: Document) -> Outcome:
    if document.is_sealed:
        return Outcome.EARLIER_COPY
    return Outcome.WITHDRAWN if document.status == Status.ABANDONED else Outcome.IN_SIGNATURE


def _judged(found_in_file: SealInspection, seal: SealSettings, on: date) -> Verdict:
    """Turn the facts about unknown bytes into a verdict."""
    if not found_in_file.is_pdf:
        return Verdict(Outcome.NOT_A_PDF, on)
    if found_in_file.problem in UNDECIDED:
        return Verdict(Outcome.UNREADABLE, on, detail=found_in_file.problem)
    if not found_in_file.has_seal:
        return Verdict(Outcome.UNSEALED, on)
    ours = _our_seal(found_in_file, seal)
    # A seal that no longer matches its bytes proves nothing of its own date either.
    statement = SealStatement(ours.subject, ours.signed_at, ours.level) if ours and ours.intact else None
    if found_in_file.altered_after_seal or not found_in_file.intact:
        return Verdict(Outcome.ALTERED, on, seal=statement, cautions=_problem(found_in_file))
    if ours is None:
        return _foreign(found_in_file, on)
    return Verdict(Outcome.UNREGISTERED, on, seal=statement, cautions=found_in_file.notes)


def _our_seal(found_in_file: SealInspection, seal: SealSettings) -> SealFact | None:
    """Return the seal made with the present certificate of the portal or with one that sealed a document of the register.

    Being trusted is not enough: the root of a public authority vouches for many others than the Région.
    """
    current = open_authority(seal).certificate_sha256
    for fact in reversed(found_in_file.signers):
        known = fact.certificate_sha256 == current or _sealed_a_document(fact.certificate_sha256)
        if fact.trusted and known:
            return fact
    return None


def _sealed_a_document(certificate_sha256: str) -> bool:
    return Document.objects.filter(seal_certificate_sha256=certificate_sha256).exists()


def _foreign(found_in_file: SealInspection, on: date) -> Verdict:
    """Name the organisation only when its authority is trusted: anybody can write any name in a certificate of his own."""
    verdict = Verdict(Outcome.FOREIGN_SEAL, on, cautions=_problem(found_in_file))
    holder = found_in_file.signers[-1].organisation if found_in_file.trusted and found_in_file.signers else ""
    return replace(verdict, detail=words.KNOWN_BUT_NOT_OURS.format(holder=holder)) if holder else verdict


def _problem(found_in_file: SealInspection) -> tuple[str, ...]:
    """Return what is wrong unless the outcome says the same; notes about the date of a broken seal would mislead."""
    problem = found_in_file.problem
    return (problem,) if problem and problem != facts.ALTERED else ()
