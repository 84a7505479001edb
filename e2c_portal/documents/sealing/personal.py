"""People's signatures: PAdES, each in the empty field made for that person, by a certificate that names them.

The first signature of a file certifies it (DocMDP, form filling): from then on nothing but signature fields may be filled.
"""

from datetime import datetime

from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata

from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.authority import Authority, open_authority
from e2c_portal.documents.sealing.errors import OwnOutputRejected, SealingFailed
from e2c_portal.documents.sealing.facts import SealInspection, TrustAnchors
from e2c_portal.documents.sealing.seal import SealedPdf, level_reached, signed
from e2c_portal.documents.sealing.settings import SealSettings
from e2c_portal.documents.sealing.signing_authority import SignerIdentity, open_signing_authority
from e2c_portal.documents.sealing.verification import inspect_pdf

__all__ = ["SignerIdentity", "sign_as_person", "verify_signed_output"]


def sign_as_person(
    pdf: bytes, person: SignerIdentity, settings: SealSettings, *, at: datetime, field_name: str, reason: str = ""
) -> SealedPdf:
    """Sign `pdf` for a person in an incremental update, in the existing empty field `field_name`.

    `at` (with a time zone) is the claimed time. A time-stamp is added when the configuration names a service.
    Raises SealNotConfigured, SealCertificateRefused, TrustServiceUnavailable (try again), SealingFailed.
    """
    signer = open_signing_authority(settings).issue(person, at)
    certificate = signer.signing_cert
    if certificate is None:
        raise SealingFailed("Le certificat de signature n’a pas pu être délivré.")
    holder = Authority(signer, certificate, (), timestamper=open_authority(settings).timestamper)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        subfilter=SigSeedSubFilter.PADES,
        certify=b"/ByteRange" not in pdf,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=reason or None,
        name=person.full_name,
    )
    return SealedPdf(
        content=signed(holder, pdf, metadata, at, existing_field=True),
        level=level_reached(holder, archive=False),
        signer_subject=holder.subject,
        certificate_sha256=holder.certificate_sha256,
        sealed_at=at,
    )


def verify_signed_output(made: SealedPdf, settings: SealSettings, *, signatures: int) -> SealInspection:
    """Return the facts about a file that a person has just signed, `signatures` of them in all, as of that moment.

    Raises OwnOutputRejected unless every signature holds and the last one is the one just made.
    """
    found = inspect_pdf(made.content, TrustAnchors.from_settings(settings), at=made.sealed_at, isolated=False)
    if not found.authentic:
        raise OwnOutputRejected(
            f"Le document signé ne passe pas notre propre vérification : {found.problem or facts.UNREADABLE}"
        )
    if len(found.signers) != signatures or found.signers[-1].certificate_sha256 != made.certificate_sha256:
        raise OwnOutputRejected("Le document signé ne porte pas les signatures attendues.")
    return found
