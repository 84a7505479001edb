"""Where the key of the seal comes from: a PKCS#12 file, or a PKCS#11 token that never gives it away."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer

from e2c_portal.documents.sealing.errors import SealNotConfigured
from e2c_portal.documents.sealing.held_key import HeldKeySigner
from e2c_portal.documents.sealing.signed_attributes import keep_attributes

if TYPE_CHECKING:
    from e2c_portal.documents.sealing.settings import SealSettings


def open_signer(seal: "SealSettings", roots: Sequence[x509.Certificate]) -> Signer:
    """Return the signer that `seal` describes. Raises SealNotConfigured naming the variable to correct."""
    if seal.pkcs12 is not None:
        return keep_attributes(_from_pkcs12(seal, roots))
    if seal.pkcs11_module:
        return keep_attributes(_from_token(seal, roots))
    raise SealNotConfigured("SEAL_PKCS12 ou SEAL_PKCS11_MODULE manque : le portail n’a pas de clé de cachet.")


def _from_pkcs12(seal: "SealSettings", roots: Sequence[x509.Certificate]) -> Signer:
    try:
        content = seal.pkcs12.read_bytes()  # type: ignore[union-attr]  # the caller checked it
    except OSError as error:
        raise SealNotConfigured(f"SEAL_PKCS12 : le fichier « {seal.pkcs12} » est illisible.") from error
    try:
        bundle = pkcs12.load_pkcs12(content, seal.pkcs12_passphrase.encode() or None)
    except ValueError as error:
        raise SealNotConfigured("SEAL_PKCS12_PASSPHRASE ne permet pas d’ouvrir le fichier SEAL_PKCS12.") from error
    if bundle.key is None or bundle.cert is None:
        raise SealNotConfigured("SEAL_PKCS12 : le fichier ne contient pas à la fois une clé et son certificat.")
    if not isinstance(bundle.key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SealNotConfigured("SEAL_PKCS12 : la clé doit être de type RSA ou ECDSA.")
    chain = [_converted(item.certificate) for item in bundle.additional_certs]
    return HeldKeySigner(bundle.key, _converted(bundle.cert.certificate), [*chain, *roots])


def _converted(certificate: object) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))  # type: ignore[attr-defined]  # a cryptography certificate


def _from_token(seal: "SealSettings", roots: Sequence[x509.Certificate]) -> Signer:
    try:
        session = open_pkcs11_session(
            seal.pkcs11_module, token_criteria=TokenCriteria(label=seal.pkcs11_token), user_pin=seal.pkcs11_pin
        )
        signer = PKCS11Signer(
            session,
            cert_label=seal.pkcs11_key_label,
            key_label=seal.pkcs11_key_label,
            other_certs_to_pull=None,
            ca_chain=list(roots),
            embed_roots=False,
            # The raw mechanisms are those that every token has; hashing is done here.
            use_raw_mechanism=True,
        )
        if signer.signing_cert is None:
            raise PKCS11Error("no certificate")
    except (PKCS11Error, RuntimeError, OSError, ValueError) as error:
        raise SealNotConfigured(
            "Le jeton SEAL_PKCS11_MODULE ne s’ouvre pas : vérifiez SEAL_PKCS11_TOKEN, SEAL_PKCS11_PIN et "
            f"SEAL_PKCS11_KEY_LABEL ({type(error).__name__})."
        ) from error
    return signer
