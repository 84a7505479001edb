"""The seal, opened: key in memory, certificate checked, services of trust at hand. One per process."""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from asn1crypto import x509
from pyhanko.sign.signers import Signer

from e2c_portal.documents.sealing.certificates import is_for_development, load_certificates, readable_name, validity
from e2c_portal.documents.sealing.errors import SealCertificateRefused
from e2c_portal.documents.sealing.key_sources import open_signer
from e2c_portal.documents.sealing.revocation import RevocationMemory
from e2c_portal.documents.sealing.timestamps import KeptTimeStamper

if TYPE_CHECKING:
    from e2c_portal.documents.sealing.settings import SealSettings

TSA_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Authority:
    """What a seal is made with. `timestamper` and `revocation` are absent when the configuration names none."""

    signer: Signer
    certificate: x509.Certificate
    roots: tuple[x509.Certificate, ...]
    timestamper: KeptTimeStamper | None = None
    revocation: RevocationMemory | None = None

    @property
    def subject(self) -> str:
        """The holder of the seal, readable."""
        return readable_name(self.certificate.subject)

    @property
    def expires_at(self) -> datetime:
        """The last moment of the certificate, in UTC."""
        return validity(self.certificate)[1]

    @property
    def certificate_sha256(self) -> str:
        """The fingerprint of the certificate, hexadecimal."""
        return self.certificate.sha256.hex()

    def check_moment(self, at: datetime) -> None:
        """Raise SealCertificateRefused when the certificate does not cover `at`."""
        start, end = validity(self.certificate)
        if at < start:
            raise SealCertificateRefused(f"Le certificat du cachet n’est valable qu’à partir du {start:%d/%m/%Y}.")
        if at > end:
            raise SealCertificateRefused(
                f"Le certificat du cachet a expiré le {end:%d/%m/%Y} : demandez son renouvellement à l’exploitant."
            )


def open_authority(seal: "SealSettings") -> Authority:
    """Return the opened seal, the same one for the same configuration in this process.

    Raises SealNotConfigured, and SealCertificateRefused for a development certificate in production.
    """
    # A renewed file is taken without a restart; a token's session does not survive a fork.
    stamp = seal.pkcs12.stat().st_mtime_ns if seal.pkcs12 and seal.pkcs12.exists() else 0
    return _opened(seal, stamp, os.getpid())


@lru_cache(maxsize=8)
def _opened(seal: "SealSettings", _stamp: int, _process: int) -> Authority:
    roots = load_certificates(seal.trust_roots, variable="SEAL_TRUST_ROOTS")
    signer = open_signer(seal, roots)
    certificate = signer.signing_cert
    if certificate is None:
        raise SealCertificateRefused("La clé du cachet n’a pas de certificat.")
    if seal.production and any(is_for_development(item) for item in (certificate, *roots)):
        raise SealCertificateRefused(
            "Le certificat du cachet est celui de développement, sans valeur : en production, renseignez SEAL_PKCS12 (ou "
            "SEAL_PKCS11_MODULE) et SEAL_TRUST_ROOTS avec le certificat de cachet de la Région."
        )
    timestamped = bool(seal.tsa_url)
    return Authority(
        signer=signer,
        certificate=certificate,
        roots=roots,
        timestamper=KeptTimeStamper(seal.tsa_url, timeout=TSA_TIMEOUT_SECONDS) if timestamped else None,
        revocation=RevocationMemory(seal, roots) if timestamped and seal.proves_revocation else None,
    )
