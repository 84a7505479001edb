"""A certificate authority for development and demonstration: real cryptography, no value, and it says so everywhere."""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from e2c_portal.documents.sealing.certificates import DEVELOPMENT_MARK
from e2c_portal.documents.sealing.errors import SealNotConfigured

FOLDER = "developpement"
ROOT_KEY, ROOT_CERTIFICATE, SEAL_KEY, PASSPHRASE = "racine.p12", "racine.pem", "cachet.p12", "mot-de-passe"
SIGNING_KEY, SIGNING_CERTIFICATE = "signatures.p12", "signatures.pem"
CREDENTIAL_KEY = "attestations.pem"
WORTHLESS = "DÉVELOPPEMENT – SANS VALEUR"
ROOT_LIFE, SEAL_LIFE = timedelta(days=10 * 365), timedelta(days=2 * 365)
# The command renews a certificate that would not survive this time.
RENEWAL_MARGIN = timedelta(days=30)
COMMAND = "python manage.py create_development_authority"


def create_development_authority(keys: Path, *, renew: bool = False) -> bool:
    """Make a root, a sealing certificate, an authority for people's signatures (P-256) and the key of credentials under `keys`.

    Returns False when there was nothing to do.

    Idempotent: an authority in good order is left alone. `renew` issues a new sealing certificate under the same root, so
    that documents sealed before stay verifiable. Safe against two starts at the same time: a folder appears whole.
    """
    folder = keys / FOLDER
    if not folder.exists() and _create(keys, folder):
        return True
    # A folder made by an earlier version of the portal holds none.
    completed = _issue_signing_authority(folder) if not (folder / SIGNING_KEY).exists() else False
    completed = _issue_credential_key(folder) if not (folder / CREDENTIAL_KEY).exists() else completed
    _key, certificate = _opened(folder, SEAL_KEY)
    if not renew and certificate.not_valid_after_utc > datetime.now(UTC) + RENEWAL_MARGIN:
        return completed
    _issue_seal(folder)
    return True


@dataclass(frozen=True, slots=True)
class DevelopmentFiles:
    """Where the development seal, or the development authority for signatures, lies."""

    bundle: Path
    root: Path
    passphrase: str = field(repr=False)


def development_files(keys: Path) -> DevelopmentFiles:
    """Return the files of the development authority. Raises SealNotConfigured naming the command to run."""
    folder = keys / FOLDER
    try:
        passphrase = (folder / PASSPHRASE).read_text()
    except OSError as error:
        raise SealNotConfigured(
            f"SEAL_PKCS12 manque et l’autorité de développement n’existe pas encore. Tapez : {COMMAND}"
        ) from error
    return DevelopmentFiles(folder / SEAL_KEY, folder / ROOT_CERTIFICATE, passphrase)


def development_signing_files(keys: Path) -> DevelopmentFiles | None:
    """Return the files of the development authority for people's signatures, None when there is none."""
    folder = keys / FOLDER
    if not (folder / SIGNING_KEY).exists() or not (folder / PASSPHRASE).exists():
        return None
    return DevelopmentFiles(folder / SIGNING_KEY, folder / SIGNING_CERTIFICATE, (folder / PASSPHRASE).read_text())


def development_credential_key(keys: Path) -> tuple[Path, str]:
    """Return the file of the development key of credentials and its passphrase. Raises SealNotConfigured naming the command."""
    folder = keys / FOLDER
    if not (folder / CREDENTIAL_KEY).exists():
        raise SealNotConfigured(
            f"CREDENTIAL_KEY manque et la clé de développement n’existe pas encore. Tapez : {COMMAND}"
        )
    return folder / CREDENTIAL_KEY, (folder / PASSPHRASE).read_text()


def _create(keys: Path, folder: Path) -> bool:
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=".autorite-", dir=keys))
    try:
        _write(draft / PASSPHRASE, secrets.token_urlsafe(32).encode())
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _root_certificate(key, "Autorité de démonstration")
        _write(draft / ROOT_CERTIFICATE, certificate.public_bytes(Encoding.PEM))
        _write(draft / ROOT_KEY, _bundle(draft, key, certificate))
        _issue_seal(draft)
        _issue_signing_authority(draft)
        _issue_credential_key(draft)
        draft.rename(folder)
    except OSError:
        # Another process made the folder first: its authority is as good as ours.
        if not folder.exists():
            raise
        return False
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _issue_seal(folder: Path) -> None:
    root_key, root = _opened(folder, ROOT_KEY)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Cachet de démonstration – {WORTHLESS}")
    certificate = (
        _builder(name, root.subject, key.public_key(), SEAL_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(seals=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    _write(folder / SEAL_KEY, _bundle(folder, key, certificate, [root]))


def _issue_signing_authority(folder: Path) -> bool:
    """Make the root that issues the certificates of signatories. The key comes last: its presence says that all is there."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _root_certificate(key, "Signatures de démonstration")
    _write(folder / SIGNING_CERTIFICATE, certificate.public_bytes(Encoding.PEM))
    _write(folder / SIGNING_KEY, _bundle(folder, key, certificate))
    return True


def _issue_credential_key(folder: Path) -> bool:
    """Make the key that signs credentials (Ed25519)."""
    protection = BestAvailableEncryption((folder / PASSPHRASE).read_bytes())
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    _write(folder / CREDENTIAL_KEY, content)
    return True


def _root_certificate(key: ec.EllipticCurvePrivateKey, called: str) -> x509.Certificate:
    name = _name(f"{called} – {WORTHLESS}")
    return (
        _builder(name, name, key.public_key(), ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(seals=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    mark = x509.UnrecognizedExtension(x509.ObjectIdentifier(DEVELOPMENT_MARK), b"\x05\x00")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        # A clock a little late must not refuse a certificate made a second ago.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(mark, critical=False)
    )


def _usage(*, seals: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=seals,
        content_commitment=seals,
        key_cert_sign=not seals,
        crl_sign=not seals,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, WORTHLESS),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _bundle(
    folder: Path,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    others: list[x509.Certificate] | None = None,
) -> bytes:
    protection = BestAvailableEncryption((folder / PASSPHRASE).read_bytes())
    return pkcs12.serialize_key_and_certificates(b"developpement", key, certificate, others, protection)


def _opened(folder: Path, name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(
            (folder / name).read_bytes(), (folder / PASSPHRASE).read_bytes()
        )
    except (OSError, ValueError) as error:
        raise SealNotConfigured(
            f"L’autorité de développement est abîmée : supprimez le dossier « {folder} », puis tapez : {COMMAND}"
        ) from error
    return key, certificate  # type: ignore[return-value]  # written by this module


def _write(path: Path, content: bytes) -> None:
    # Written aside, readable by its owner alone, then put in place in one step.
    draft = path.with_suffix(path.suffix + ".nouveau")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
