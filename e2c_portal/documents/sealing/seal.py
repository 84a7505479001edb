"""PAdES seals (ETSI EN 319 142-1): B-B alone, B-T, B-LT or B-LTA with the services of trust that are configured."""

import io
from dataclasses import dataclass, replace
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko_certvalidator.errors import PathError, ValidationError

from e2c_portal.documents.sealing.authority import Authority, open_authority
from e2c_portal.documents.sealing.faults import EXPECTED_FAULTS, explained
from e2c_portal.documents.sealing.reader import PortalPdfReader
from e2c_portal.documents.sealing.revocation import RevocationMemory
from e2c_portal.documents.sealing.settings import SealSettings

DEFAULT_FIELD = "cachet"
FIELD_LABEL = "Cachet électronique"
# Room for the signed attributes and the DER around them, on top of certificates, signature and time-stamp.
ENVELOPE_BYTES = 1024

# The proof goes into the revision that the seal covers: one revision less for every reader to compare (150 ms for pyHanko's
# difference analysis), and the proof itself is sealed. VRI entries would repeat per signature what the store says once.
PROOF = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)


@dataclass(frozen=True, slots=True)
class SealedPdf:
    """A sealed file and what the register keeps of its seal."""

    content: bytes
    level: str
    signer_subject: str
    certificate_sha256: str
    sealed_at: datetime


class DatedPdfSigner(PdfSigner):
    """A signer whose claimed time is given: the engine would read the clock."""

    def __init__(self, metadata: PdfSignatureMetadata, authority: Authority, at: datetime, field: SigFieldSpec) -> None:
        super().__init__(metadata, authority.signer, timestamper=authority.timestamper, new_field_spec=field)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """Open a session at the given time."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def seal_pdf(
    pdf: bytes,
    settings: SealSettings,
    *,
    at: datetime,
    field_name: str = DEFAULT_FIELD,
    reason: str = "",
    location: str = "",
    approvals_to_come: bool = False,
    archive: bool = False,
) -> SealedPdf:
    """Seal `pdf` in an incremental update and say at which level.

    An existing empty field named `field_name` is filled, otherwise an invisible one is made. The first seal of a file
    certifies it: afterwards only signature fields may be filled (DocMDP, form filling); `approvals_to_come` leaves that to
    a later signature. `archive` adds the archive time-stamp of level B-LTA when the configuration reaches B-LT.

    `at` (with a time zone) is the claimed time and must lie inside the certificate's validity.
    Raises SealNotConfigured, SealCertificateRefused, TrustServiceUnavailable (try again), SealingFailed.
    """
    authority = open_authority(settings)
    authority.check_moment(at)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        subfilter=SigSeedSubFilter.PADES,
        certify=not approvals_to_come and b"/ByteRange" not in pdf,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=reason or None,
        location=location or None,
        name=authority.subject,
        embed_validation_info=authority.revocation is not None,
        use_pades_lta=archive and authority.revocation is not None,
        timestamp_field_name=f"horodatage-{pdf.count(b'/DocTimeStamp') + 1}",
        dss_settings=PROOF,
    )
    return SealedPdf(
        content=signed(authority, pdf, metadata, at),
        level=level_reached(authority, archive=archive),
        signer_subject=authority.subject,
        certificate_sha256=authority.certificate_sha256,
        sealed_at=at,
    )


def level_reached(authority: Authority, *, archive: bool) -> str:
    """Return the PAdES level that this authority gives."""
    if authority.timestamper is None:
        return "B-B"
    if authority.revocation is None:
        return "B-T"
    return "B-LTA" if archive else "B-LT"


def signed(
    authority: Authority, pdf: bytes, metadata: PdfSignatureMetadata, at: datetime, *, existing_field: bool = False
) -> bytes:
    """Return the file with one more signature; `existing_field` refuses to make the field. Raises SealingError."""
    try:
        if authority.revocation is None:
            return _write(authority, pdf, metadata, at, existing_field=existing_field)
        return _signed_with_proof(authority, authority.revocation, pdf, metadata, at)
    except EXPECTED_FAULTS as error:
        raise explained(error) from error


def _signed_with_proof(
    authority: Authority, memory: RevocationMemory, pdf: bytes, metadata: PdfSignatureMetadata, at: datetime
) -> bytes:
    context = memory.context(authority.roots)
    try:
        sealed = _write(authority, pdf, replace(metadata, validation_context=context), at)
    except (SigningError, PathError, ValidationError):
        # A certificate renewed by the time-stamp service is unknown to the proof in memory: gather again, once.
        context = memory.context(authority.roots, fresh=True)
        sealed = _write(authority, pdf, replace(metadata, validation_context=context), at)
    if context.fetching_allowed:
        memory.remember(context)
    return sealed


def _write(
    authority: Authority, pdf: bytes, metadata: PdfSignatureMetadata, at: datetime, *, existing_field: bool = False
) -> bytes:
    field = SigFieldSpec(
        sig_field_name=metadata.field_name or DEFAULT_FIELD,
        readable_field_name=FIELD_LABEL,
        invis_sig_settings=InvisSigSettings(set_print_flag=True, set_hidden_flag=False),
    )
    signer = DatedPdfSigner(metadata, authority, at, field)
    writer = IncrementalPdfFileWriter.from_reader(PortalPdfReader(io.BytesIO(pdf)))
    # The size is known beforehand: reserving it saves a dry signature, a third of the work of sealing.
    output = signer.sign_pdf(writer, existing_fields_only=existing_field, bytes_reserved=_reserved(authority))
    return output.getvalue()


def _reserved(authority: Authority) -> int:
    # In hexadecimal digits. The roots stay out of the envelope, but counting them costs less than a failed seal.
    certificates = {authority.certificate, *authority.signer.cert_registry}
    signature = getattr(authority.signer, "greatest_size", 512)
    stamp = authority.timestamper.stamp_size() if authority.timestamper else 0
    return 2 * (sum(len(item.dump()) for item in certificates) + signature + stamp + ENVELOPE_BYTES)
