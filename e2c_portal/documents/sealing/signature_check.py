"""One signature: does it match its bytes, does its certificate lead to a trusted root, at which level, at what time?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import parser
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.certificates import organisation, readable_name, validity
from e2c_portal.documents.sealing.facts import SealFact
from e2c_portal.documents.sealing.trust_evidence import Evidence

# Clocks differ a little: a signature dated slightly ahead of us is not a lie.
CLOCK_TOLERANCE = timedelta(minutes=5)
PADES = "/ETSI.CAdES.detached"


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """A signature's facts, and what the verdict on the whole file needs besides."""

    fact: SealFact
    level: ModificationLevel | None
    revoked: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a certificate is trusted, when the signature was made and whether that is proven."""

    granted: bool
    signed_at: datetime | None
    time_proven: bool
    revoked: bool = False
    notes: tuple[str, ...] = ()


async def check_signature(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, evidence: Evidence, at: datetime
) -> CheckedSignature:
    """Return what the bytes prove about one signature, seen at the moment `at`. Raises whatever a damaged file causes."""
    claimed = signature.self_reported_timestamp
    status = await async_validate_pdf_signature(
        signature, evidence.context(min(claimed or at, at)), ts_validation_context=evidence.context(at)
    )
    granted = await _trust(reader, signature, status, evidence, at)
    certificate = signature.signer_cert
    fact = SealFact(
        subject=readable_name(certificate.subject),
        organisation=organisation(certificate.subject),
        signed_at=granted.signed_at,
        level=_level(reader, signature, evidence),
        field_name=signature.field_name,
        intact=_intact(signature, status),
        trusted=granted.granted,
        time_proven=granted.time_proven,
        certifies=_certifies(reader, signature),
        certificate_sha256=certificate.sha256.hex(),
    )
    return CheckedSignature(fact, status.modification_level, granted.revoked, granted.notes)


def _certifies(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    certification = read_certification_data(reader)
    return certification is not None and certification.author_sig == signature.sig_object


def _intact(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    covered = status.coverage is not None and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    untouched = status.modification_level not in (None, ModificationLevel.OTHER)
    return bool(
        status.intact and status.valid and covered and untouched and status.docmdp_ok and _padding_is_empty(signature)
    )


def _padding_is_empty(signature: EmbeddedPdfSignature) -> bool:
    # What fills the rest of the space kept for the signature is not signed: nothing may hide there.
    content = signature.pkcs7_content
    header, body, trailer = parser.parse(content)[3:6]
    return not content[len(header) + len(body) + len(trailer) :].strip(b"\0")


async def _trust(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, status: PdfSignatureStatus, evidence: Evidence, at: datetime
) -> Trust:
    stamp = status.timestamp_validity
    if stamp is not None and stamp.valid and stamp.trusted:
        return await _trust_at(signature, evidence, stamp.timestamp)
    if _later_timestamps(reader, signature):
        proven = await evidence.long_term_time(signature, at)
        if proven is not None:
            return Trust(granted=True, signed_at=proven, time_proven=True)
    return _claimed_trust(signature, status, evidence, at)


async def _trust_at(signature: EmbeddedPdfSignature, evidence: Evidence, moment: datetime) -> Trust:
    """Trust a signature whose time is proven: later expiry and later revocation take nothing away."""
    revoked_since = evidence.revoked_since(signature.signer_cert)
    if revoked_since is not None and revoked_since <= moment:
        return Trust(granted=False, signed_at=moment, time_proven=True, revoked=True)
    granted, revoked = await evidence.validates(signature, moment)
    return Trust(granted=granted, signed_at=moment, time_proven=True, revoked=revoked)


def _claimed_trust(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, evidence: Evidence, at: datetime
) -> Trust:
    """Trust a signature whose time nothing proves: its certificate must have been valid when it says it was made."""
    claimed = signature.self_reported_timestamp
    if claimed is None or claimed > at + CLOCK_TOLERANCE:
        return Trust(granted=False, signed_at=claimed, time_proven=False)
    # Whoever stole a revoked key would date the signature back: without proof of the time it is worth nothing.
    if status.revoked or evidence.revoked_since(signature.signer_cert) is not None:
        return Trust(granted=False, signed_at=claimed, time_proven=False, revoked=True)
    expired = at > validity(signature.signer_cert)[1]
    notes = (facts.EXPIRED_SINCE,) if expired else (facts.TIME_NOT_PROVEN,)
    return Trust(granted=bool(status.trusted), signed_at=claimed, time_proven=False, notes=notes)


def _timestamped(signature: EmbeddedPdfSignature) -> bool:
    return next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None) is not None


def _later_timestamps(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    return any(item.signed_revision > signature.signed_revision for item in reader.embedded_timestamp_signatures)


def _level(reader: PdfFileReader, signature: EmbeddedPdfSignature, evidence: Evidence) -> str:
    """Return the PAdES level of a signature (ETSI EN 319 142-1 §6), « CMS » when it is not a PAdES one."""
    if signature.sig_object.get("/SubFilter") != PADES:
        return "CMS"
    if not _timestamped(signature):
        return "B-B"
    if not evidence.carries_revocation_data:
        return "B-T"
    return "B-LTA" if _later_timestamps(reader, signature) else "B-LT"
