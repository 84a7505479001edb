"""From the faults of the sealing library and of the services of trust to a sentence that says what to do."""

from collections.abc import Iterator

import requests
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathError, RevokedError, ValidationError

from e2c_portal.documents.sealing.errors import (
    SealCertificateRefused,
    SealingError,
    SealingFailed,
    TrustServiceUnavailable,
)

EXPECTED_FAULTS = (SigningError, PdfError, PathError, ValidationError, requests.RequestException, OSError, ValueError)


def explained(error: BaseException) -> SealingError:
    """Return the portal's own error for a fault met while sealing."""
    chain = list(_causes(error))
    if any(isinstance(item, TimestampRequestError | requests.RequestException) for item in chain):
        return TrustServiceUnavailable(
            "Le service d’horodatage ne répond pas : le document n’est pas scellé. Relancez dans quelques minutes."
        )
    if any(isinstance(item, RevokedError) for item in chain):
        return SealCertificateRefused("Un certificat de la chaîne du cachet est révoqué : prévenez l’exploitant.")
    if any(isinstance(item, InsufficientRevinfoError) for item in chain):
        return TrustServiceUnavailable(
            "La preuve que les certificats du cachet ne sont pas révoqués manque ou est périmée. "
            "Relancez dans quelques minutes ; si cela recommence, prévenez l’exploitant."
        )
    if any(isinstance(item, PathError | ValidationError) for item in chain):
        return SealingFailed(
            "La chaîne de confiance du cachet n’est pas vérifiable avec SEAL_TRUST_ROOTS : prévenez l’exploitant "
            f"({chain[-1]})."
        )
    return SealingFailed(f"Le document n’a pas pu être scellé ({type(error).__name__} : {error}).")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
