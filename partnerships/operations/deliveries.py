"""Say what a company delivered of its promises: declared by the Région, or reported by the company and then confirmed."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.received_files import Upload, store_received
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import date_in_letters, number, period_in_letters
from e2c_portal.kernel.submissions import AlreadySent
from partnerships.agreement import Commitment
from partnerships.consolidation import promises_on
from partnerships.models import Commitment as CommitmentRow
from partnerships.models import CommitmentDelivery, CompanyContact, PartnershipConvention
from partnerships.models.deliveries import CANCELLED, COUNTED, REPORTED, SET_ASIDE
from partnerships.permissions import PartnershipPermission
from partnerships.queries import convention_with_amendments
from partnerships.workflows import SIGNED_STATES

FOLDER = "realisations"
# A link that got into the wrong hands must not fill the storage.
WAITING_AT_MOST = 50
TOLD = ("convention_id", "key", "declared_by_id", "reported_by_contact_id", "delivered_on", "quantity", "description")


@dataclass(frozen=True)
class DeliveryText:
    """A delivery as typed. `quantity` is in the unit of the promise, whole euros for money.

    `public_id` is given by the page that asks: sent twice, it is written once.
    """

    delivered_on: date
    quantity: int
    description: str
    proof: Upload | None = None
    public_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def declare_delivery(convention_id: int, key: int, text: DeliveryText, actor: User) -> CommitmentDelivery:
    """Write a delivery that counts at once. Sent twice by the same page, it is written once.

    Raises NotAllowed, Refused when nothing was promised that day or for a file that cannot be read, ValidationError by field.
    """
    _require(actor)
    row = CommitmentDelivery(declared_by=actor, status=COUNTED)
    written, promise = _written(row, convention_id, key, text)
    if written is row:
        told = f"Réalisation déclarée : {_words(row, promise)}"
        record(actor, "delivery.declared", row.convention, told, delivery=row.pk, promise=key)
    return written


@transaction.atomic
def report_delivery(convention_id: int, key: int, text: DeliveryText, contact_id: int) -> CommitmentDelivery:
    """Write what a contact of the company says was delivered: it counts once an officer confirms it.

    Raises NotAllowed for somebody of another company or who left, Refused and ValidationError as declare_delivery does.
    """
    contact = CompanyContact.objects.get(pk=contact_id)
    company_id = PartnershipConvention.objects.values_list("company_id", flat=True).get(pk=convention_id)
    if contact.company_id != company_id or not contact.is_here_on(timezone.localdate()):
        raise NotAllowed("Seul un contact de l’entreprise peut signaler une réalisation.")
    row = CommitmentDelivery(reported_by_contact=contact, status=REPORTED)
    written, promise = _written(row, convention_id, key, text)
    if written is row:
        told = f"Réalisation signalée par {contact.full_name}, pour l’entreprise : {_words(row, promise)}"
        record(None, "delivery.reported", row.convention, told, delivery=row.pk, promise=key, contact=contact.pk)
    return written


@transaction.atomic
def confirm_delivery(delivery_id: int, actor: User) -> CommitmentDelivery:
    """Count what a company reported. Raises NotAllowed, Overtaken when somebody decided otherwise first."""
    return _decide(delivery_id, actor, COUNTED, "", "Réalisation confirmée")


@says_why
@transaction.atomic
def set_aside_delivery(delivery_id: int, reason: str, actor: User) -> CommitmentDelivery:
    """Do not count what a company reported, and say why. Raises NotAllowed, Refused without a reason, Overtaken."""
    return _decide(delivery_id, actor, SET_ASIDE, _reason(reason), "Réalisation écartée")


@says_why
@transaction.atomic
def cancel_delivery(delivery_id: int, reason: str, actor: User) -> CommitmentDelivery:
    """Take back a delivery counted by mistake: the row stays, with the reason. Raises NotAllowed, Refused, Overtaken."""
    _require(actor)
    row, reason = _locked(delivery_id), _reason(reason)
    if row.status == CANCELLED and row.cancelled_by_id == actor.pk:
        return row
    _expect(row, COUNTED)
    row.status, row.reason, row.cancelled_by, row.cancelled_at = CANCELLED, reason, actor, timezone.now()
    return _saved(row, actor, "Réalisation annulée")


def _decide(delivery_id: int, actor: User, status: str, reason: str, told: str) -> CommitmentDelivery:
    _require(actor)
    row = _locked(delivery_id)
    if row.status == status and row.decided_by_id == actor.pk:
        # A double click: what was asked for is done.
        return row
    _expect(row, REPORTED)
    row.status, row.reason, row.decided_by, row.decided_at = status, reason, actor, timezone.now()
    return _saved(row, actor, told)


def _saved(row: CommitmentDelivery, actor: User, told: str) -> CommitmentDelivery:
    row.full_clean()
    row.save()
    summary = f"{told} : {row.description}" + (f" ({row.reason})" if row.reason else "")
    record(actor, f"delivery.{row.status}", row.convention, summary, delivery=row.pk, promise=row.key)
    return row


def _locked(delivery_id: int) -> CommitmentDelivery:
    rows = CommitmentDelivery.objects.select_for_update(of=("self",))
    return rows.select_related("convention", "decided_by", "cancelled_by").get(pk=delivery_id)


def _expect(row: CommitmentDelivery, status: str) -> None:
    if row.status != status:
        who = row.cancelled_by or row.decided_by
        by = f" par {who}" if who else ""
        raise Overtaken(f"Cette réalisation est déjà {row.state.label.lower()}{by}. Rechargez la page.")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("Écrivez pourquoi cette réalisation ne compte pas.", code="reason_required")
    return reason.strip()


def _written(
    row: CommitmentDelivery, convention_id: int, key: int, text: DeliveryText
) -> tuple[CommitmentDelivery, Commitment]:
    """Fill the row, check it, store its proof and save it; or return the one that the same page wrote before."""
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    convention = convention_with_amendments(convention_id)
    promise = _promise(convention, key, text.delivered_on)
    row.convention, row.key, row.public_id = convention, key, text.public_id
    row.delivered_on, row.quantity, row.description = text.delivered_on, text.quantity, text.description.strip()
    before = CommitmentDelivery.objects.filter(public_id=text.public_id).first()
    if before:
        return _same(before, row), promise
    _check_waiting(row)
    row.full_clean()
    if text.proof:
        file = store_received(FOLDER, text.proof, keep_metadata=False)
        row.proof, row.proof_mime, row.proof_sha256, row.proof_size = file.key, file.mime, file.sha256, file.size
    row.save()
    return row, promise


def _promise(convention: PartnershipConvention, key: int, day: date) -> Commitment:
    """Return the promise as it read that day, or say why nothing could be delivered then."""
    if convention.status not in SIGNED_STATES:
        raise Refused("Une réalisation se déclare une fois la convention signée.")
    terms = convention.terms
    if terms.starts_on is None or terms.ends_on is None:
        raise Refused("Les dates de cette convention ne sont pas connues : rien ne peut y être compté.")
    if day > timezone.localdate():
        raise ValidationError({"delivered_on": "Une réalisation se déclare une fois qu’elle a eu lieu."})
    if terms.period_on(day) is None:
        last = terms.last_day
        days = period_in_letters(terms.starts_on, last) if last else f"à partir {_from(terms.starts_on)}"
        raise ValidationError({"delivered_on": f"La convention est en vigueur {days} : corrigez la date."})
    promise = next((line for line in promises_on(convention, day) if line.position == key), None)
    if promise is None:
        raise ValidationError(
            {"delivered_on": f"Cet engagement n’était pas dans la convention {date_in_letters(day)}."}
        )
    return promise


def _from(day: date) -> str:
    return date_in_letters(day).replace("le ", "du ", 1)


def _same(before: CommitmentDelivery, row: CommitmentDelivery) -> CommitmentDelivery:
    if any(getattr(before, name) != getattr(row, name) for name in TOLD):
        raise AlreadySent(
            "Cette page a déjà servi à déclarer une réalisation : vérifiez la liste, puis envoyez de nouveau s’il en manque une."
        )
    return before


def _check_waiting(row: CommitmentDelivery) -> None:
    if row.status != REPORTED:
        return
    waiting = CommitmentDelivery.objects.filter(convention=row.convention, status=REPORTED).count()
    if waiting >= WAITING_AT_MOST:
        raise Refused(
            "Beaucoup de réalisations attendent déjà d’être confirmées : écrivez à la Région avant d’en ajouter."
        )


def _words(row: CommitmentDelivery, promise: Commitment) -> str:
    return f"{row.description} ({CommitmentRow.Kind(promise.kind).label}, quantité : {number(row.quantity)})"


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.WRITE_DELIVERY):
        raise NotAllowed("Seul un chargé de mission régional peut compter ce qu’une entreprise a réalisé.")
