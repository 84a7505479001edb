"""Verification as the rest of the portal asks for it."""

from datetime import datetime

from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.authority import open_authority
from e2c_portal.documents.sealing.errors import OwnOutputRejected
from e2c_portal.documents.sealing.facts import SealInspection, TrustAnchors
from e2c_portal.documents.sealing.inspection import first_glance, inspect_in_process
from e2c_portal.documents.sealing.isolation import inspect_isolated
from e2c_portal.documents.sealing.settings import SealSettings

LIMIT_BYTES = 50 * 1024 * 1024


def inspect_pdf(
    pdf: bytes,
    trust: TrustAnchors,
    *,
    at: datetime | None = None,
    isolated: bool = True,
    limit_bytes: int = LIMIT_BYTES,
) -> SealInspection:
    """Return the facts about any bytes whatsoever, as seen at `at` (now by default). Never raises.

    Bytes from strangers are read in a bounded process of its own (about half a second); `isolated=False` is for our own
    files, and spares that. Nothing is fetched from the network, whatever the file says.
    """
    if (answer := first_glance(pdf, limit_bytes)) is not None:
        return answer
    return inspect_isolated(pdf, trust, at) if isolated else inspect_in_process(pdf, trust, at)


def verify_own_output(pdf: bytes, settings: SealSettings, *, at: datetime | None = None) -> SealInspection:
    """Return the facts about a file that we have just sealed, as seen at `at` (now by default).

    Raises OwnOutputRejected when it is not intact, not trusted, or not sealed by our certificate: it must not be stored.
    """
    found = inspect_pdf(pdf, TrustAnchors.from_settings(settings), at=at, isolated=False)
    if not found.authentic:
        raise OwnOutputRejected(
            f"Le document scellé ne passe pas notre propre vérification : {found.problem or facts.UNREADABLE}"
        )
    if found.signers[-1].certificate_sha256 != open_authority(settings).certificate_sha256:
        raise OwnOutputRejected("Le document scellé ne porte pas le certificat de cachet attendu.")
    return found
