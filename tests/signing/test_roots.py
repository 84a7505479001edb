"""The root of each day: noted once, stamped by an authority, and whoever rewrites the chain is found by it."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from asn1crypto import tsp
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pyhanko.sign.timestamps import TimeStamper

from e2c_portal.accounts.models import User
from e2c_portal.signing import chain
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import ChainRoot, Evidence
from e2c_portal.signing.roots import note_root, stamp_roots
from partnerships import workflows
from tests.documents.authority_scene import TrustService
from tests.factories.partnerships import convention_at
from tests.factories.signing import envelope_of

pytestmark = pytest.mark.django_db


class Authority(TimeStamper):
    """A time-stamping authority that answers by itself, or not at all."""

    def __init__(self, scene: TrustService | None) -> None:
        super().__init__()
        self.scene = scene

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        if self.scene is None:
            raise OSError("away")
        return tsp.TimeStampResp.load(self.scene.stamped(req.dump()))


def test_the_root_of_a_day_is_noted_once_then_stamped(officer: User, tmp_path: Path) -> None:
    service = TrustService(tmp_path)
    assert note_root() is None, "nothing was signed yet"
    envelope = envelope_of(convention_at(workflows.TO_SIGN, officer))
    last = Evidence.objects.order_by("-sequence")[0]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        root = note_root()
        assert root is not None
        chain.append(envelope, "essai", {})
        assert note_root() == root
        assert (root.day, root.sequence, root.hash) == (
            timezone.localdate() - timedelta(days=1),
            last.sequence,
            last.hash,
        )
        assert stamp_roots() == 0, "no authority is configured"
        assert stamp_roots(Authority(None)) == 0, "tried again the next hour"
        assert stamp_roots(Authority(service)) == 1
        assert stamp_roots(Authority(service)) == 0
    root.refresh_from_db()
    assert root.stamp
    assert not [fault for fault in faults() if fault.table == "signing_chainroot"]
    with pytest.raises(DatabaseError, match="figées"), transaction.atomic():
        ChainRoot.objects.update(stamp=b"x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE signing_chainroot SET hash = %s", ["0" * 64])
    assert [fault.number for fault in faults() if fault.table == "signing_chainroot"] == [root.pk]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE signing_chainroot SET hash = %s, day = day - 1", [root.hash])
    told = [fault.sentence for fault in faults() if fault.table == "signing_chainroot"]
    assert told == ["l’horodatage n’est pas celui de cette racine."]
