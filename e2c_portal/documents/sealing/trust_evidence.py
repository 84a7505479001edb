"""What a verification may rely on: our roots and revocation lists, and the proof that the file itself carries."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from e2c_portal.documents.sealing.facts import TrustAnchors

# Revocation data is used when it is there; a file without any is judged on its chain and its dates.
REVOCATION_MODE = "soft-fail"


@dataclass(frozen=True, slots=True)
class Revocation:
    """When a certificate was revoked, and why (RFC 5280, 5.3.1)."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Roots and lists of ours; certificates, lists and OCSP answers found in the file's own store of proof (DSS)."""

    roots: tuple[x509.Certificate, ...]
    our_crls: tuple[crl.CertificateList, ...]
    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    @classmethod
    def gather(cls, reader: PdfFileReader, trust: TrustAnchors) -> Self:
        """Read our anchors, then the file's store. Raises whatever a damaged store causes."""
        roots = tuple(_anchor(item) for item in trust.certificates)
        ours = tuple(crl.CertificateList.load(item) for item in trust.crls)
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            return cls(roots, ours)
        crls = tuple(crl.CertificateList.load(_stored(item)) for item in store.crls)
        ocsps = tuple(ocsp.OCSPResponse.load(_stored(item)) for item in store.ocsps)
        return cls(roots, ours, tuple(store.load_certs()), crls, ocsps)

    @property
    def carries_revocation_data(self) -> bool:
        """Tell whether the file carries lists or OCSP answers."""
        return bool(self.crls or self.ocsps)

    def context(self, moment: datetime) -> ValidationContext:
        """Return a context to validate certificates as of `moment`, without any fetching."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.certificates),
            crls=[*self.crls, *(item for item in self.our_crls if _in_force(item, moment))],
            ocsps=list(self.ocsps),
            moment=moment.astimezone(UTC),
            revocation_mode=REVOCATION_MODE,
        )

    def revoked_since(self, certificate: x509.Certificate) -> datetime | None:
        """Return when our own lists revoked this certificate, None if they did not."""
        found = self.revocation_of(certificate)
        return found.at if found else None

    def revocation_of(self, certificate: x509.Certificate) -> Revocation | None:
        """Return when and why our own lists revoked this certificate, None if they did not."""
        for revocations in self.our_crls:
            if revocations.issuer != certificate.issuer:
                continue
            for entry in revocations["tbs_cert_list"]["revoked_certificates"]:
                if entry["user_certificate"].native == certificate.serial_number:
                    reason = entry.crl_reason_value
                    return Revocation(entry["revocation_date"].native, reason.native if reason else "unspecified")
        return None

    async def validates(self, signature: EmbeddedPdfSignature, moment: datetime) -> tuple[bool, bool]:
        """Tell whether the signer's certificate leads to a root as of `moment`, and if not whether it was revoked."""
        validator = CertificateValidator(
            signature.signer_cert, signature.other_embedded_certs, validation_context=self.context(moment)
        )
        try:
            await validator.async_validate_usage({"non_repudiation"})
        except RevokedError:
            return False, True
        except (PathError, ValidationError):
            return False, False
        return True, False

    async def long_term_time(self, signature: EmbeddedPdfSignature, at: datetime) -> datetime | None:
        """Return the time that archive time-stamps prove (ETSI EN 319 102-1 §5.6.3), None when they prove nothing."""
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=[CertTrustAnchor(item) for item in self.roots]),
            revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy(REVOCATION_MODE)),
        )
        spec = SignatureValidationSpec(
            cert_validation_policy=policy,
            # A file must not make this server ask addresses that the file names.
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            # The roots issue the lists, and stay out of the files that we make.
            local_knowledge=LocalKnowledge(
                known_certs=list(self.roots), known_crls=[CRLContainer(item) for item in self.our_crls]
            ),
        )
        timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
        result = await ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing_info=timing)
        return result.best_signature_time if result.ades_subindic is AdESPassed.OK else None


@lru_cache(maxsize=64)
def _anchor(certificate: bytes) -> x509.Certificate:
    # Ours, the same for every file: what was worked out of their names serves again.
    return x509.Certificate.load(certificate)


def _stored(reference: IndirectObject) -> bytes:
    content: bytes = reference.get_object().data
    return content


def _in_force(revocations: crl.CertificateList, moment: datetime) -> bool:
    # A list of another time makes the engine refuse a good certificate: `revoked_since` reads those.
    content = revocations["tbs_cert_list"]
    end = content["next_update"].native
    return content["this_update"].native <= moment and (end is None or moment <= end)
