"""The chain of evidence: each link holds the hash of the one before, so that nothing can be changed, removed or slipped in.

A link's hash is the SHA-256 of its canonical JSON (keys sorted, no spaces, UTF-8). The facts of acts, exhibits and files are
repeated in the payloads, so that a row changed outside the chain is found too.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from e2c_portal.signing.models import Act, Envelope, Evidence, Exhibit, Signatory


def append(envelope: Envelope, kind: str, payload: Mapping[str, Any], *, at: datetime | None = None) -> Evidence:
    """Add a link, in the transaction under way; links are added one at a time in the whole portal.

    Take every other lock before: the chain is the last one. `payload` holds plain JSON values and no secret.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('signing.evidence', 4))")
    last = Evidence.objects.order_by("-sequence").first()
    own = Evidence.objects.filter(envelope=envelope).order_by("-sequence").first()
    link = Evidence(
        sequence=last.sequence + 1 if last else 1, envelope=envelope, kind=kind, at=at or timezone.now(),
        payload=dict(payload), previous_hash=last.hash if last else "", envelope_previous_hash=own.hash if own else "",
    )  # fmt: skip
    link.hash = hash_of(link)
    link.save(force_insert=True)
    return link


def hash_of(link: Evidence) -> str:
    """Return the hash that the facts of a link give."""
    facts = {
        "sequence": link.sequence,
        "envelope": link.envelope_id,
        "kind": link.kind,
        "at": _moment(link.at),
        "payload": link.payload,
        "previous": link.previous_hash,
        "envelope_previous": link.envelope_previous_hash,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append_act(act: Act, **more: Any) -> Evidence:
    """Add the link that repeats an act."""
    return append(act.signatory.envelope, f"act.{act.kind}", {"act": act_facts(act), **more}, at=act.at)


def act_facts(act: Act) -> dict[str, Any]:
    """Return every fact of an act as plain values."""
    return {
        "id": act.pk,
        "signatory": act.signatory_id,
        "kind": str(act.kind),
        "at": _moment(act.at),
        "method": str(act.method),
        "channel": str(act.channel),
        "consent_text": act.consent_text,
        "consent_version": act.consent_version,
        "document_sha256": act.document_sha256,
        "ip": act.ip,
        "user_agent": act.user_agent,
        "actor": act.actor_id,
        "exhibit": act.exhibit_id,
        "reason": act.reason,
    }


def signatory_facts(signatory: Signatory) -> dict[str, Any]:
    """Return who a signatory is, as plain values: what never changes once the row is written."""
    return {
        "id": signatory.pk,
        "rank": signatory.rank,
        "role": signatory.role,
        "full_name": signatory.full_name,
        "quality": signatory.quality,
        "field_name": signatory.field_name,
        "takes_place_of": signatory.takes_place_of_id,
        "on_behalf_of": signatory.on_behalf_of,
    }


def reach_facts(signatory: Signatory) -> dict[str, Any]:
    """Return how a signatory is reached now, as plain values."""
    return {"method": str(signatory.method), "email": signatory.email, "phone": signatory.phone}


def exhibit_facts(exhibit: Exhibit) -> dict[str, Any]:
    """Return what an exhibit is, as plain values."""
    return {
        "id": exhibit.pk,
        "signatory": exhibit.signatory_id,
        "kind": str(exhibit.kind),
        "mime": exhibit.mime,
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "signed_on": exhibit.signed_on.isoformat() if exhibit.signed_on else None,
        "added_by": exhibit.added_by_id,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
