"""The portal's authority for people's signatures: it issues one certificate per signature, alive for a few hours.

It is a root of its own, and not a branch of the seal's: the seal's certificate comes from a public authority, which lets
nobody issue certificates under it; and whoever holds one key must not be able to do the work of the other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from e2c_portal.documents.sealing.certificates import DEVELOPMENT_MARK, is_for_development
from e2c_portal.documents.sealing.errors import SealCertificateRefused, SealNotConfigured
from e2c_portal.documents.sealing.held_key import HeldKeySigner
from e2c_portal.documents.sealing.settings import SealSettings

# A certificate is used once, at once. The rest of its life absorbs clocks that disagree by an hour.
LIFE_BEFORE, LIFE_AFTER = timedelta(hours=2), timedelta(hours=20)
# ETSI EN 319 412-1 §5.2: so short-lived that its revocation need not be looked for.
SHORT_TERM = ObjectIdentifier("0.4.0.194121.2.1")
GREATEST_NAME = 64


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """Who signs, as the certificate names them: nothing that the document does not print already.

    `reference` tells two people of the same name apart, for example the public id of the signatory.
    """

    full_name: str
    quality: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SigningAuthority:
    """The key and certificate that issue, and the certificates above them up to the root."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate
    above: tuple[asn1_x509.Certificate, ...]

    def issue(self, person: SignerIdentity, now: datetime) -> HeldKeySigner:
        """Return a signer for this person, with a fresh key (P-256) that is never written anywhere.

        Raises SealCertificateRefused when the authority itself is not valid now.
        """
        self._check_moment(now)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(key.public_key(), person, now.astimezone(UTC).replace(microsecond=0))
        chain = [_converted(self.certificate), *self.above]
        return HeldKeySigner(key, _converted(certificate), chain)

    def _check_moment(self, now: datetime) -> None:
        if not self.certificate.not_valid_before_utc <= now <= self.certificate.not_valid_after_utc:
            raise SealCertificateRefused(
                "Le certificat de l’autorité de signature n’est pas valable aujourd’hui : prévenez l’exploitant."
            )

    def _certificate(
        self, public_key: ec.EllipticCurvePublicKey, person: SignerIdentity, now: datetime
    ) -> x509.Certificate:
        ends = min(now + LIFE_AFTER, self.certificate.not_valid_after_utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject(person))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(max(now - LIFE_BEFORE, self.certificate.not_valid_before_utc))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.UnrecognizedExtension(SHORT_TERM, b"\x05\x00"), critical=False)
        )
        if is_for_development(_converted(self.certificate)):
            mark = x509.UnrecognizedExtension(ObjectIdentifier(DEVELOPMENT_MARK), b"\x05\x00")
            builder = builder.add_extension(mark, critical=False)
        return builder.sign(self.key, hashes.SHA256())


def open_signing_authority(settings: SealSettings) -> SigningAuthority:
    """Return the opened authority, the same one for the same file in this process.

    Raises SealNotConfigured naming the variable, SealCertificateRefused for a development authority in production.
    """
    path = settings.signing_pkcs12
    if path is None:
        raise SealNotConfigured(
            "SIGNING_PKCS12 manque : le portail n’a pas d’autorité pour les signatures des personnes."
        )
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    authority = _opened(path, settings.signing_passphrase, stamp)
    if settings.production and is_for_development(_converted(authority.certificate)):
        raise SealCertificateRefused(
            "SIGNING_PKCS12 : cette autorité de signature est celle de développement, sans valeur."
        )
    return authority


@lru_cache(maxsize=4)
def _opened(path: Path, passphrase: str, _stamp: int) -> SigningAuthority:
    try:
        bundle = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    except OSError as error:
        raise SealNotConfigured(f"SIGNING_PKCS12 : le fichier « {path} » est illisible.") from error
    except ValueError as error:
        raise SealNotConfigured(
            "SIGNING_PKCS12_PASSPHRASE ne permet pas d’ouvrir le fichier SIGNING_PKCS12."
        ) from error
    key, certificate = bundle.key, bundle.cert.certificate if bundle.cert else None
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SealNotConfigured("SIGNING_PKCS12 : le fichier ne contient pas une clé RSA ou ECDSA et son certificat.")
    if not _may_issue(certificate):
        raise SealNotConfigured("SIGNING_PKCS12 : ce certificat n’a pas le droit d’en délivrer d’autres.")
    return SigningAuthority(key, certificate, tuple(_converted(item.certificate) for item in bundle.additional_certs))


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _subject(person: SignerIdentity) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, _fitted(person.full_name))]
    if person.quality:
        attributes.append(x509.NameAttribute(NameOID.TITLE, _fitted(person.quality)))
    if person.reference:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, _fitted(person.reference)))
    return x509.Name(attributes)


def _fitted(text: str) -> str:
    # X.520 bounds these attributes to 64 letters; readers refuse longer ones.
    text = " ".join(text.split())
    return text if len(text) <= GREATEST_NAME else f"{text[: GREATEST_NAME - 1]}…"


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
