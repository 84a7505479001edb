"""A time-stamp that stands by itself (RFC 3161): is it of these bytes, signed, of an authority we trust, of a likely time?"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, tsp, x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

from e2c_portal.documents.sealing.certificates import load_certificates, readable_name, validity
from e2c_portal.documents.sealing.inspection import PARSER_FAULTS
from e2c_portal.documents.sealing.revocation import read_crls
from e2c_portal.documents.sealing.settings import SealSettings
from e2c_portal.documents.sealing.signature_check import CLOCK_TOLERANCE
from e2c_portal.documents.sealing.trust_evidence import Evidence
from e2c_portal.kernel.errors import Refused

HASH = "sha256"
# Reasons that leave what was stamped before them good (RFC 3161, 4.1); any other may mean a stolen key, which dates back at will.
HARMLESS = {"affiliation_changed", "superseded", "cessation_of_operation", "unspecified"}
UNREADABLE = "l’horodatage est illisible."
OTHER_BYTES = "l’horodatage n’est pas celui de cette racine."
FORGED = "la signature de l’horodatage ne correspond pas à son contenu."
OUT_OF_DATE = "le certificat de l’autorité d’horodatage n’était pas valable à ce moment."
REVOKED = "le certificat de l’autorité d’horodatage a été révoqué."
UNTRUSTED = "l’horodatage vient d’une autorité que le portail ne reconnaît pas (SEAL_TRUST_ROOTS)."
OTHER_TIME = "l’heure de l’horodatage n’est pas celle où il a été demandé, à cinq minutes près."


class StampRefused(Refused):
    """A time-stamp proves nothing; the message is a French sentence that says why."""

    code = "stamp_refused"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time-stamp that holds proves: when, and by whom."""

    at: datetime
    authority: str


def trust_of(seal: SealSettings) -> Evidence:
    """Return the roots that a time-stamp must lead to (SEAL_TRUST_ROOTS), and our revocation lists. Raises SealNotConfigured."""
    return Evidence(load_certificates(seal.trust_roots, variable="SEAL_TRUST_ROOTS"), tuple(read_crls(seal)))


def checked_stamp(token: bytes, digest: bytes, trust: Evidence, asked_at: datetime) -> Stamp:
    """Return what `token` proves of a SHA-256 digest, asked for at `asked_at`. Raises StampRefused.

    The certificate is judged at the time that the token tells: an authority whose certificate has ended since loses nothing.
    """
    try:
        return asyncio.run(_checked(token, digest, trust, asked_at))
    except SignatureValidationError as error:
        raise StampRefused(FORGED) from error
    except PARSER_FAULTS as error:
        raise StampRefused(UNREADABLE) from error


async def _checked(token: bytes, digest: bytes, trust: Evidence, asked_at: datetime) -> Stamp:
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    told = signed["encap_content_info"]["content"].parsed
    if not isinstance(told, tsp.TSTInfo):
        raise StampRefused(UNREADABLE)
    imprint = told["message_imprint"]
    if (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native) != (HASH, digest):
        raise StampRefused(OTHER_BYTES)
    at = told["gen_time"].native.astimezone(UTC)
    if abs(at - asked_at) > CLOCK_TOLERANCE:
        raise StampRefused(OTHER_TIME)
    found = await validate_tst_signed_data(signed, trust.context(at), lambda _name: digest)
    if not (found["intact"] and found["valid"]):
        raise StampRefused(FORGED)
    certificate: x509.Certificate = found["signing_cert"]
    _refuse_certificate(certificate, trust, at)
    if found["trust_problem_indic"] is not None or found["validation_path"] is None:
        raise StampRefused(UNTRUSTED)
    return Stamp(at, readable_name(certificate.subject))


def _refuse_certificate(certificate: x509.Certificate, trust: Evidence, at: datetime) -> None:
    start, end = validity(certificate)
    if not start <= at <= end:
        raise StampRefused(OUT_OF_DATE)
    revoked = trust.revocation_of(certificate)
    if revoked is not None and (revoked.at <= at or revoked.reason not in HARMLESS):
        raise StampRefused(REVOKED)
