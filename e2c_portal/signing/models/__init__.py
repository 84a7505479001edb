from e2c_portal.signing.models.envelopes import Envelope, EnvelopeStatus, Method, Mode, Signatory, SignatoryStatus
from e2c_portal.signing.models.evidence import Act, ActKind, ChainRoot, Evidence
from e2c_portal.signing.models.proofs import Channel, Code, Exhibit, ExhibitKind, OnSiteSession

__all__ = [
    "Act",
    "ActKind",
    "ChainRoot",
    "Channel",
    "Code",
    "Envelope",
    "EnvelopeStatus",
    "Evidence",
    "Exhibit",
    "ExhibitKind",
    "Method",
    "Mode",
    "OnSiteSession",
    "Signatory",
    "SignatoryStatus",
]
