"""Proof that certificates were not revoked: gathered once, used for many seals, gathered again before it goes stale."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from asn1crypto import crl, ocsp, pem, x509
from pyhanko_certvalidator import ValidationContext

from e2c_portal.documents.sealing.errors import SealNotConfigured

if TYPE_CHECKING:
    from e2c_portal.documents.sealing.settings import SealSettings

# A list that says nothing of its next issue is asked again after this time.
DEFAULT_LIFE = timedelta(hours=1)
# Proof is renewed a little before it ends, so that a seal never carries one that dies on the way.
MARGIN = timedelta(minutes=5)


class RevocationMemory:
    """Keeps CRLs and OCSP answers in memory until the first of them asks to be renewed."""

    def __init__(self, seal: "SealSettings", roots: Sequence[x509.Certificate]) -> None:
        self._seal = seal
        self._roots = list(roots)
        self._lock = threading.Lock()
        self._crls: list[crl.CertificateList] = []
        self._ocsps: list[ocsp.OCSPResponse] = []
        self._renew_at = datetime.min.replace(tzinfo=UTC)

    def context(self, other_certificates: Sequence[x509.Certificate], *, fresh: bool = False) -> ValidationContext:
        """Return a context to validate with now. Files are read again when stale; `fresh` forces new fetching."""
        with self._lock:
            stale = fresh or datetime.now(UTC) >= self._renew_at
            if stale:
                self._crls, self._ocsps = read_crls(self._seal), []
                self._renew_at = self._end_of_life()
            return ValidationContext(
                trust_roots=self._roots,
                other_certs=list(other_certificates),
                crls=list(self._crls),
                ocsps=list(self._ocsps),
                allow_fetching=self._seal.fetch_revocation and stale,
                revocation_mode="require",
            )

    def remember(self, context: ValidationContext) -> None:
        """Keep what `context` fetched for the next seals."""
        with self._lock:
            self._crls, self._ocsps = list(context.crls), list(context.ocsps)
            self._renew_at = self._end_of_life()

    def _end_of_life(self) -> datetime:
        ends = [item["tbs_cert_list"]["next_update"].native for item in self._crls]
        for answer in self._ocsps:
            ends.extend(single["next_update"].native for single in answer.response_data["responses"])
        known = [end for end in ends if end is not None]
        if len(known) < len(ends) or not known:
            return datetime.now(UTC) + DEFAULT_LIFE
        return min(known) - MARGIN


def read_crls(seal: "SealSettings") -> list[crl.CertificateList]:
    """Return the CRLs of the configured files (PEM or DER). Raises SealNotConfigured when one cannot be read."""
    found = []
    for path in seal.crl_files:
        try:
            content = path.read_bytes()
            der = pem.unarmor(content)[2] if pem.detect(content) else content
            found.append(crl.CertificateList.load(der, strict=True))
        except (OSError, ValueError) as error:
            raise SealNotConfigured(f"SEAL_CRL_FILES : la liste de révocation « {path} » est illisible.") from error
    return found
