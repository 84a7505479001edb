"""The portal asks nothing of an address that somebody else chose (SSRF)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from e2c_portal.documents.sealing import seal_pdf
from tests.documents.authority_scene import TrustService, serving
from tests.documents.rich_sample import sample_pdf

pytestmark = pytest.mark.django_db


def test_a_signed_file_of_a_stranger_sends_us_nowhere(
    client: Client, tmp_path: Path, settings: Any, seal_key: Any
) -> None:
    """Its certificate names a list of revoked ones at an address of the attacker's: reading the file must not ask it."""
    settings.SEAL_FETCH_REVOCATION = True
    stranger = TrustService(tmp_path)
    with serving(stranger) as asked:
        signed = seal_pdf(sample_pdf(fields=()), stranger.settings(), at=datetime.now(UTC)).content
        named = stranger.seal.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert stranger.address in named[0].full_name[0].value
        file = SimpleUploadedFile("piege.pdf", signed, "application/pdf")
        assert client.post("/verifier/", {"way": "file", "file": file}).status_code == 200
    assert asked == []
