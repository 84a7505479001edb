"""A key that never leaves its token (PKCS#11), tried on SoftHSM, which stands for a real one."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, CertificateType, ObjectClass

from e2c_portal.documents.sealing import SealNotConfigured, SealSettings, seal_pdf, verify_own_output
from tests.documents.authority_scene import PrivateKey, TrustService
from tests.documents.sealing_fixtures import unsealed

MODULES = (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
MODULE = next((path for path in MODULES if path.exists()), None)
PIN, LABEL = "482913", "cachet"

pytestmark = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None,
    reason="jeton d’essai absent : apt-get install softhsm2",
)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SealSettings]]:
    """One token per kind of key, each with the key of a seal and its certificate."""
    folder = tmp_path_factory.mktemp("jetons")
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        keys: dict[str, PrivateKey] = {
            "rsa": rsa.generate_private_key(65537, 2048),
            "ecdsa": ec.generate_private_key(ec.SECP256R1()),
        }
        # The library reads its tokens when it is first loaded: all are made before.
        services = {kind: _import_key(folder / kind, kind, key) for kind, key in keys.items()}
        for kind, service in services.items():
            _import_certificate(kind, service.seal.public_bytes(Encoding.DER))
        yield {kind: _settings(kind, service) for kind, service in services.items()}


def _import_key(folder: Path, kind: str, key: PrivateKey) -> TrustService:
    folder.mkdir()
    pem = folder / "cle.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    softhsm("--init-token", "--free", "--label", kind, "--so-pin", "1234567890", "--pin", PIN)
    softhsm("--import", str(pem), "--token", kind, "--label", LABEL, "--id", "01", "--pin", PIN)
    return TrustService(folder, seal_key=key)


def _import_certificate(kind: str, certificate: bytes) -> None:
    with pkcs11.lib(str(MODULE)).get_token(token_label=kind).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: LABEL,
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: x509.Certificate.load(certificate).subject.dump(),
                Attribute.VALUE: certificate,
            }
        )


def _settings(kind: str, service: TrustService) -> SealSettings:
    return replace(
        service.settings(),
        pkcs12=None,
        pkcs12_passphrase="",
        pkcs11_module=str(MODULE),
        pkcs11_token=kind,
        pkcs11_pin=PIN,
        pkcs11_key_label=LABEL,
    )


def softhsm(*arguments: str) -> None:
    """Run SoftHSM's own tool."""
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_token_seals(tokens: dict[str, SealSettings], kind: str) -> None:
    """With both kinds of keys, and the session stays open from one seal to the next."""
    for _ in range(2):
        sealed = seal_pdf(unsealed(), tokens[kind], at=datetime.now(UTC))
        assert verify_own_output(sealed.content, tokens[kind]).authentic


@pytest.mark.parametrize(
    "wrong",
    [{"pkcs11_pin": "000000"}, {"pkcs11_token": "autre"}, {"pkcs11_key_label": "autre"}, {"pkcs11_module": "/x.so"}],
)
def test_a_token_that_does_not_open_is_told(tokens: dict[str, SealSettings], wrong: dict[str, str]) -> None:
    """With the variables to check, and no secret in the message."""
    with pytest.raises(SealNotConfigured, match="SEAL_PKCS11_PIN") as refusal:
        seal_pdf(unsealed(), replace(tokens["ecdsa"], **wrong), at=datetime.now(UTC))
    assert PIN not in refusal.value.reason
