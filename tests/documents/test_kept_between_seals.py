"""What a process keeps from one seal to the next changes nothing of the seals."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from e2c_portal.documents.sealing import open_authority, seal_pdf
from e2c_portal.documents.sealing.held_key import HeldKeySigner
from tests.documents.authority_scene import TrustService, serving
from tests.documents.sealing_fixtures import Scene, scene, unsealed

__all__ = ["scene"]


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class TestKept:
    """The attribute that names the certificate, and the connection to the time-stamp service."""

    def test_attributes_made_once_are_those_of_the_engine(self, scene: Scene) -> None:
        """To the byte: what is signed beside the document names the certificate, and nothing else changes."""
        authority = open_authority(scene.settings("B-B"))
        signer = HeldKeySigner(ec.generate_private_key(ec.SECP256R1()), authority.certificate, authority.roots)
        digest = hashlib.sha256(b"document").digest()
        of_the_engine, kept = (
            asyncio.run(item.signed_attrs(digest, "sha256", use_pades=True)) for item in (signer, authority.signer)
        )
        assert signer.signed_attr_prov_spec is None
        assert authority.signer.signed_attr_prov_spec is not None
        assert kept.dump() == of_the_engine.dump()

    def test_the_connection_is_kept_and_made_again(self, tmp_path: Path) -> None:
        """One connection for several seals; one that the service has closed meanwhile is replaced without a word."""
        with serving(service := TrustService(tmp_path)):
            settings = service.settings(timestamps=True, revocation="files")
            seal_pdf(unsealed(), settings, at=now())
            port = urlsplit(settings.tsa_url).port
        # The service starts again at the same address: the connection kept in memory leads nowhere.
        with serving(service, port=port or 0) as asked:
            assert seal_pdf(unsealed(), settings, at=now()).level == "B-LT"
            assert seal_pdf(unsealed(), settings, at=now()).level == "B-LT"
        assert asked.count("/horodatage") == 2
        assert asked.count("connexion") == 1
