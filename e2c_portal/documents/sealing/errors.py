"""What can go wrong around the seal, told so that staff or the operator can act on it."""

from e2c_portal.kernel.errors import PortalError


class SealingError(PortalError):
    """A document could not be sealed. `reason` is the French sentence shown to staff."""

    code = "sealing"

    @property
    def reason(self) -> str:
        """Return the sentence shown to staff."""
        return self.message


class SealNotConfigured(SealingError):
    """A variable, a file or a key of the seal is missing or unreadable."""

    code = "seal_not_configured"


class SealCertificateRefused(SealingError):
    """The certificate may not seal: made for development, expired, not valid yet."""

    code = "seal_certificate_refused"


class SealingFailed(SealingError):
    """The key or the file did not let itself be used."""

    code = "sealing_failed"


class TrustServiceUnavailable(SealingError):
    """The time-stamp service or the revocation service did not answer: the same request may pass later."""

    code = "trust_service_unavailable"
    transient = True


class OwnOutputRejected(SealingError):
    """The file that we have just sealed does not pass our own verification: it must not be stored."""

    code = "own_output_rejected"
