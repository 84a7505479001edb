"""Open an envelope: the document is asked for, its signatories are written, and invitations leave once it is ready."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.rendering import SignatureField
from e2c_portal.documents.requesting import Order, order_sha256, request_document
from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing.addresses import checked_email, checked_phone, one_line
from e2c_portal.signing import chain
from e2c_portal.signing.models import Envelope, Method, Mode, Signatory
from e2c_portal.signing.models.envelopes import ALIVE
from e2c_portal.signing.operations.ending import void
from e2c_portal.signing.purposes import purpose_named

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

AT_MOST = 20
ALREADY_OPEN = (
    "Une signature est déjà en cours pour ce document. Pour la remplacer par une nouvelle version, écrivez pourquoi : "
    "les personnes qui ont signé le liront."
)
ALREADY_SIGNED = "Ce document est déjà signé et scellé, mot pour mot : il n’y a rien à signer de nouveau."


@dataclass(frozen=True)
class NewSignatory:
    """Somebody who must sign. `role` is for whom (« Pour l’entreprise »), `quality` what they are (« directrice »).

    `rank` counts when the envelope is ordered: equal ranks sign together. A link needs an e-mail or a mobile number.
    """

    role: str
    full_name: str
    quality: str = ""
    email: str = ""
    phone: str = ""
    method: Method = Method.ELECTRONIC
    rank: int = 1

    def checked(self) -> "NewSignatory":
        """Return the same with its addresses in order. Raises Refused, in French."""
        name, role = self.full_name.strip(), self.role.strip()
        if not name or not role:
            raise Refused("Chaque signataire a un nom, et une partie pour laquelle il signe.", code="nameless")
        if self.method == Method.MANDATE:
            raise Refused("Un mandat se joint une fois la signature ouverte.", code="mandate_first")
        email = checked_email(self.email) if self.email.strip() else ""
        phone = checked_phone(self.phone) if self.phone.strip() else ""
        if self.method == Method.ELECTRONIC and not email and not phone:
            raise Refused(
                f"Indiquez une adresse électronique ou un mobile pour {name}, ou choisissez le papier ou la signature "
                "sur place.", code="no_address",
            )  # fmt: skip
        return replace(
            self, full_name=one_line(name, "Le nom"), role=role, quality=self.quality.strip(), email=email, phone=phone
        )


@transaction.atomic
def open_envelope(
    order: Order,
    signatories: Sequence[NewSignatory],
    actor: "User",
    *,
    mode: Mode = Mode.PARALLEL,
    expires_at: datetime | None = None,
    why_new: str = "",
) -> Envelope:
    """Ask for a document to be signed and return its envelope; invitations leave when the document is ready.

    The same request twice gives the same envelope. When another one is alive for the record, `why_new` voids it and is told
    to those who signed. Fields are made from the signatories: `order.signature_fields` stays empty.
    Raises Refused (nobody, no address, already open, already signed), PortalError for a kind that is not signed here.
    """
    purpose = purpose_named(order.kind)
    people = _checked(signatories)
    subject = subject_of(order.subject)
    _one_at_a_time(order.kind, subject)
    order = replace(order, signature_fields=_fields(people))
    alive = Envelope.objects.filter(kind=order.kind, subject=subject, status__in=ALIVE).first()
    if alive and _same(alive, order, people, mode):
        return alive
    if alive and not why_new.strip():
        raise Refused(ALREADY_OPEN, code="already_open")
    if alive:
        void(alive, why_new, actor)
    document = request_document(order, actor)
    if document.is_sealed:
        raise Refused(ALREADY_SIGNED, code="already_signed")
    now = timezone.now()
    envelope = Envelope.objects.create(
        document=document, kind=order.kind, subject=subject, mode=mode, consent_version=purpose.consent_version,
        opened_by=actor, opened_at=now, expires_at=expires_at or now + purpose.lifetime,
    )  # fmt: skip
    _write(envelope, people, document)
    record(actor, "envelope.opened", order.subject, f"Signature demandée : {order.title}", envelope=envelope.pk)
    return envelope


def _checked(signatories: Sequence[NewSignatory]) -> list[NewSignatory]:
    if not signatories:
        raise Refused("Personne ne doit signer : ajoutez au moins un signataire.", code="nobody")
    if len(signatories) > AT_MOST:
        raise Refused(f"Un document se signe à {AT_MOST} personnes au plus.", code="too_many")
    return [person.checked() for person in signatories]


def _fields(people: Sequence[NewSignatory]) -> tuple[SignatureField, ...]:
    # Everybody has a field, whatever their method today: changing it later must not change the document.
    return tuple(
        SignatureField(f"signature-{number}", f"Signature {number} – {person.role}")
        for number, person in enumerate(people, 1)
    )


def _same(envelope: Envelope, order: Order, people: Sequence[NewSignatory], mode: Mode) -> bool:
    """Say whether the envelope is the one that the same request made."""
    first = envelope.signatories.filter(takes_place_of=None).order_by("field_name")
    asked = sorted((f"signature-{n}", p.full_name, p.email, p.phone) for n, p in enumerate(people, 1))
    there = sorted((s.field_name, s.full_name, s.email, s.phone) for s in first)
    return envelope.mode == mode and envelope.document.content_sha256 == order_sha256(order) and asked == there


def _write(envelope: Envelope, people: Sequence[NewSignatory], document: Document) -> None:
    rows = [
        Signatory.objects.create(
            envelope=envelope, rank=person.rank, role=person.role, full_name=person.full_name, quality=person.quality,
            email=person.email, phone=person.phone, method=person.method, field_name=f"signature-{number}",
        )
        for number, person in enumerate(people, 1)
    ]  # fmt: skip
    chain.append(
        envelope, "envelope.requested",
        {
            "envelope": str(envelope.public_id), "document": str(document.public_id), "reference": document.reference,
            "title": document.title, "content_sha256": document.content_sha256, "mode": str(envelope.mode),
            "opened_by": envelope.opened_by_id, "consent_version": envelope.consent_version,
            "signatories": [chain.signatory_facts(row) for row in rows],
            "reach": [{"signatory": row.pk, **chain.reach_facts(row)} for row in rows],
        },
    )  # fmt: skip


def _one_at_a_time(kind: str, subject: str) -> None:
    """Queue the requests about one record: a double click waits here and then finds the first one's envelope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [f"{kind}/{subject}"])
