"""The Région's seal and people's signatures: making them, and telling of any file whether they hold. No database here."""

from e2c_portal.documents.sealing.authority import Authority, open_authority
from e2c_portal.documents.sealing.development import create_development_authority
from e2c_portal.documents.sealing.embedded import embedded_context, embedded_file
from e2c_portal.documents.sealing.errors import (
    OwnOutputRejected,
    SealCertificateRefused,
    SealingError,
    SealingFailed,
    SealNotConfigured,
    TrustServiceUnavailable,
)
from e2c_portal.documents.sealing.facts import SealFact, SealInspection, TrustAnchors
from e2c_portal.documents.sealing.personal import SignerIdentity, sign_as_person, verify_signed_output
from e2c_portal.documents.sealing.seal import DEFAULT_FIELD, SealedPdf, seal_pdf
from e2c_portal.documents.sealing.settings import SealSettings, certificate_expiry, development_settings
from e2c_portal.documents.sealing.stamps import Stamp, StampRefused, checked_stamp, trust_of
from e2c_portal.documents.sealing.verification import inspect_pdf, verify_own_output

__all__ = [
    "DEFAULT_FIELD",
    "Authority",
    "OwnOutputRejected",
    "SealCertificateRefused",
    "SealFact",
    "SealInspection",
    "SealNotConfigured",
    "SealSettings",
    "SealedPdf",
    "SignerIdentity",
    "Stamp",
    "StampRefused",
    "SealingError",
    "SealingFailed",
    "TrustAnchors",
    "TrustServiceUnavailable",
    "certificate_expiry",
    "checked_stamp",
    "create_development_authority",
    "development_settings",
    "embedded_context",
    "embedded_file",
    "inspect_pdf",
    "open_authority",
    "seal_pdf",
    "sign_as_person",
    "trust_of",
    "verify_own_output",
    "verify_signed_output",
]
