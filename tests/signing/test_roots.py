"""The root of each day: noted once, stamped by an authority that is checked, and whoever rewrites the chain is found by it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pyhanko.sign.timestamps import TimeStamper

from e2c_portal.accounts.models import User
from e2c_portal.documents.sealing.stamps import (
    FORGED,
    OTHER_BYTES,
    OTHER_TIME,
    OUT_OF_DATE,
    REVOKED,
    UNREADABLE,
    UNTRUSTED,
)
from e2c_portal.mailing.models import Mail
from e2c_portal.signing import chain
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import ChainRoot, Evidence
from e2c_portal.signing.roots import check_roots, note_root, stamp_roots
from e2c_portal.signing.watchers import PROOF
from partnerships import workflows
from tests.documents.authority_scene import PASSPHRASE, TrustService
from tests.factories.partnerships import convention_at
from tests.factories.signing import envelope_of

pytestmark = pytest.mark.django_db


class Authority(TimeStamper):
    """A time-stamping authority that answers by itself, for another request than ours, or not at all."""

    def __init__(self, scene: TrustService | None, *, of_something_else: bool = False, shown: Any = None) -> None:
        super().__init__()
        self.scene, self.of_something_else, self.shown = scene, of_something_else, shown or (lambda token: None)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        if self.scene is None:
            raise OSError("away")
        if self.of_something_else:
            req["message_imprint"]["hashed_message"] = b"7" * 32
        answer = tsp.TimeStampResp.load(self.scene.stamped(req.dump()))
        self.shown(answer["time_stamp_token"])
        return answer


@pytest.fixture
def service(tmp_path: Path, settings: Any) -> TrustService:
    """Return an authority that the portal trusts: its root is the one of the configuration."""
    service = TrustService(tmp_path)
    _trusted(service, settings)
    return service


def _trusted(service: TrustService, settings: Any) -> None:
    known = service.settings(revocation="files")
    settings.SEAL_PKCS12, settings.SEAL_PKCS12_PASSPHRASE = str(known.pkcs12), PASSPHRASE
    settings.SEAL_TRUST_ROOTS, settings.SEAL_CRL_FILES = str(known.trust_roots[0]), str(known.crl_files[0])


@pytest.fixture
def root(officer: User) -> Iterator[ChainRoot]:
    """Return the root of a day on which somebody was asked to sign, seen the day after."""
    envelope_of(convention_at(workflows.TO_SIGN, officer))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        root = note_root()
        assert root is not None
        yield root


def wrong() -> list[str]:
    """Return what the walk of the whole chain says of roots."""
    return [fault.sentence for fault in faults() if fault.table == "signing_chainroot"]


def told() -> list[str]:
    """Return what was written to those who watch over the proof."""
    return [line for mail in Mail.objects.filter(kind=PROOF) for line in mail.context["lines"]]


def test_the_root_of_a_day_is_noted_once_then_stamped(root: ChainRoot, service: TrustService) -> None:
    last = Evidence.objects.order_by("-sequence")[0]
    chain.append(last.envelope, "essai", {})
    assert note_root() == root
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (root.day, root.sequence, root.hash) == (yesterday, last.sequence, last.hash)
    assert stamp_roots() == 0, "no authority is configured"
    assert stamp_roots(Authority(None)) == 0, "tried again the next hour"
    assert stamp_roots(Authority(service)) == 1
    assert stamp_roots(Authority(service)) == 0
    root.refresh_from_db()
    assert root.stamp
    assert wrong() == []
    assert check_roots() == 0
    with pytest.raises(DatabaseError, match="figées"), transaction.atomic():
        ChainRoot.objects.update(stamp=b"x")


def test_nothing_is_noted_before_anything_is_signed() -> None:
    assert note_root() is None


def test_whoever_rewrites_a_root_is_found_and_those_who_watch_are_told(root: ChainRoot, service: TrustService) -> None:
    stamp_roots(Authority(service))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE signing_chainroot SET hash = %s", ["0" * 64])
    assert wrong() == ["le maillon n’est plus celui de la racine de ce jour."]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE signing_chainroot SET hash = %s, day = day - 1", [root.hash])
    assert wrong() == [OTHER_BYTES]
    assert check_roots() == 1
    assert check_roots() == 1, "the check goes on; the message leaves once a day"
    assert [line.endswith(OTHER_BYTES) for line in told()] == [True]


@pytest.mark.parametrize("bad", ["bytes", "key", "authority", "clock", "expired", "revoked", "unreadable"])
def test_a_stamp_that_proves_nothing_is_not_kept_and_staff_are_told(
    root: ChainRoot, service: TrustService, bad: str, tmp_path: Path, settings: Any
) -> None:
    stamper, sentence = bad_stamper(bad, service, tmp_path, settings)
    assert stamp_roots(stamper) == 0
    root.refresh_from_db()
    assert root.stamp is None
    assert [line.split(" : ", 1)[1] for line in told()] == [sentence]
    assert stamp_roots(Authority(service)) == (bad not in ("clock", "expired", "revoked")), "the next hour tries again"


def bad_stamper(bad: str, service: TrustService, folder: Path, settings: Any) -> tuple[Authority, str]:
    """Return an authority that does wrong in one way, and the sentence expected."""
    if bad == "bytes":
        return Authority(service, of_something_else=True), OTHER_BYTES
    if bad == "authority":
        return Authority(TrustService(folder)), UNTRUSTED
    if bad == "key":
        # It shows the certificate of the good authority, and signs with another key.
        stranger = TrustService(folder)
        stranger.__dict__["stamp"] = service.stamp
        return Authority(stranger), FORGED
    if bad == "unreadable":
        return Authority(service, shown=_emptied), UNREADABLE
    if bad == "clock":
        service.stamp_at = timezone.now() - timedelta(minutes=6)
        return Authority(service), OTHER_TIME
    if bad == "expired":
        service.stamp_life = timedelta(days=1, hours=1)
        return Authority(service), OUT_OF_DATE
    revoke(service, settings)
    return Authority(service), REVOKED


def _emptied(token: cms.ContentInfo) -> None:
    token["content"]["certificates"] = []
    token["content"]["signer_infos"] = []


def revoke(service: TrustService, settings: Any) -> None:
    """Have the authority's certificate on the list of its root."""
    seal, service.revoked = service.seal, True
    service.__dict__["seal"] = service.stamp
    Path(settings.SEAL_CRL_FILES).write_bytes(service.revocation_list())
    service.__dict__["seal"] = seal


def test_a_key_stolen_later_takes_the_stamp_away_and_a_retired_one_does_not(
    root: ChainRoot, service: TrustService, settings: Any
) -> None:
    stamp_roots(Authority(service))
    at = timezone.now() + timedelta(hours=1)
    for reason, expected in ((x509.ReasonFlags.superseded, []), (x509.ReasonFlags.key_compromise, [REVOKED])):
        entry = x509.RevokedCertificateBuilder().serial_number(service.stamp.serial_number).revocation_date(at)
        entry = entry.add_extension(x509.CRLReason(reason), critical=False).build(default_backend())
        revocations = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(service.root.subject)
            .last_update(at)
            .next_update(at + timedelta(days=7))
            .add_revoked_certificate(entry)
            .sign(service.root_key, hashes.SHA256())
        )
        Path(settings.SEAL_CRL_FILES).write_bytes(revocations.public_bytes(Encoding.DER))
        assert wrong() == expected, reason
