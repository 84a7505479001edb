"""Prepare a ceremony: its day and place, its programme, its binder."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import counted, date_in_letters
from e2c_portal.ui.refusals import refusal_of_database
from partnerships import workflows
from partnerships.binder import binder_order
from partnerships.models import CeremonyItem, PartnershipConvention, SigningEvent
from partnerships.models.ceremonies import AT_MOST
from partnerships.operations.companies import save_record
from partnerships.permissions import PartnershipPermission

BEFORE_ITS_DAY = "Une cérémonie se prépare avant sa date : choisissez aujourd’hui ou un jour à venir."
OVER = "Cette cérémonie a eu lieu {day} : son programme ne change plus."
NOTHING_CHOSEN = "Choisissez au moins une convention."
FULL = "Une cérémonie compte {most} conventions au plus : il y reste {left}. Préparez une seconde cérémonie."
ELSEWHERE = "{convention} est déjà au programme d’une autre cérémonie : retirez-la d’abord de celle-ci."
NOT_READY = "{convention} est « {state} » : seule une convention votée et non signée entre au programme."
SIGNED_STAYS = "{convention} est signée : elle reste au programme de cette cérémonie."


@transaction.atomic
def plan_ceremony(event: SigningEvent, actor: User) -> SigningEvent:
    """Write a ceremony to come, or change its name, day and place. Raises NotAllowed, ValidationError by field."""
    if event.held_on and event.held_on < timezone.localdate():
        raise ValidationError({"held_on": BEFORE_ITS_DAY})
    return save_record(event, actor)


@transaction.atomic
def add_to_programme(event_id: int, convention_ids: Sequence[int], actor: User) -> int:
    """Put conventions at the end of a programme, in this order. Returns how many entered; those there already stay.

    Raises NotAllowed, Refused for a ceremony that is over or full, a convention of another one, or one not to be signed.
    """
    event = _held(event_id, actor)
    there = list(event.programme.order_by("position"))
    known = {item.convention_id for item in there}
    wanted = [number for number in dict.fromkeys(convention_ids) if number not in known]
    if not convention_ids:
        raise Refused(NOTHING_CHOSEN, code="nothing_chosen")
    if len(there) + len(wanted) > AT_MOST:
        left = counted(AT_MOST - len(there), "place", "places")
        raise Refused(FULL.format(most=AT_MOST, left=left), code="full")
    last = there[-1].position if there else 0
    if last + len(wanted) > AT_MOST:
        _write_order(there)
        last = len(there)
    for position, number in enumerate(wanted, last + 1):
        _add(event, number, position, actor)
    return len(wanted)


def _add(event: SigningEvent, convention_id: int, position: int, actor: User) -> None:
    # Numbers come from a form: one that is gone is refused as one that may not enter.
    convention = PartnershipConvention.objects.select_for_update().filter(pk=convention_id).first()
    if convention is None:
        raise Refused("Une convention choisie n’existe pas : rechargez la page.", code="gone")
    if CeremonyItem.objects.filter(convention=convention).exists():
        raise Refused(ELSEWHERE.format(convention=convention.number), code="elsewhere")
    if convention.status not in (workflows.DELIBERATED, workflows.TO_SIGN):
        raise Refused(NOT_READY.format(convention=convention.number, state=convention.state.label), code="not_ready")
    try:
        with transaction.atomic():
            CeremonyItem.objects.create(event=event, convention=convention, position=position, added_by=actor)
    except IntegrityError as error:
        raise refusal_of_database(error) from error
    record(actor, "ceremony.convention_added", event, f"Convention {convention.number} ajoutée au programme")
    record(actor, "ceremony.convention_added", convention, f"Convention ajoutée au programme de « {event} »")


@transaction.atomic
def remove_from_programme(event_id: int, convention_id: int, actor: User) -> bool:
    """Take a convention out of a programme; its signature, if asked for, goes on. Returns False when it is out already.

    Raises NotAllowed, Refused once the convention is signed or the ceremony over.
    """
    event = _held(event_id, actor, over_too=True)
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    item = event.programme.filter(convention=convention).first()
    if item is None:
        return False
    if convention.status in workflows.SIGNED_STATES:
        raise Refused(SIGNED_STAYS.format(convention=convention.number), code="signed")
    item.delete()
    _write_order(list(event.programme.order_by("position")))
    record(actor, "ceremony.convention_removed", event, f"Convention {convention.number} retirée du programme")
    record(actor, "ceremony.convention_removed", convention, f"Convention retirée du programme de « {event} »")
    return True


@transaction.atomic
def place_in_programme(event_id: int, convention_id: int, position: int, actor: User) -> None:
    """Give a convention a place, from 1; the others make room. The same place twice changes nothing. Raises NotAllowed, Refused."""
    event = _held(event_id, actor)
    items = list(event.programme.order_by("position"))
    moved = next((item for item in items if item.convention_id == convention_id), None)
    if moved is None:
        raise Refused("Cette convention n’est plus au programme : rechargez la page.", code="gone")
    before = [item.pk for item in items]
    items.remove(moved)
    items.insert(max(0, position - 1), moved)
    if [item.pk for item in items] == before:
        return
    _write_order(items)
    record(actor, "ceremony.order_changed", event, "Ordre de passage modifié")


@transaction.atomic
def request_binder(event_id: int, actor: User) -> Document:
    """Ask for the binder of a ceremony; the one that is up to date is given back as it is, a failed one is made again.

    Raises NotAllowed, Refused while nothing is put to signature.
    """
    if not actor.has_perm(PartnershipPermission.SEAL_CONVENTION):
        raise NotAllowed("Seul un chargé de mission régional peut faire fabriquer le parapheur.")
    event = SigningEvent.objects.select_for_update(no_key=True).get(pk=event_id)
    return request_document(binder_order(event), actor)


def _held(event_id: int, actor: User, *, over_too: bool = False) -> SigningEvent:
    """Return a ceremony, locked: two officers who write its programme wait for each other.

    The lock lets through whoever signs a convention at the same instant, which only points at the ceremony.
    """
    if not actor.has_perm(PartnershipPermission.CHANGE_EVENT):
        raise NotAllowed("Seul un chargé de mission régional peut préparer une cérémonie.")
    event = SigningEvent.objects.select_for_update(no_key=True).get(pk=event_id)
    if event.held_on < timezone.localdate() and not over_too:
        raise Refused(OVER.format(day=date_in_letters(event.held_on)), code="over")
    return event


def _write_order(items: Sequence[CeremonyItem]) -> None:
    """Number the items from 1; the database compares their places at the end of the transaction alone."""
    changed = [item for place, item in enumerate(items, 1) if item.position != place]
    for place, item in enumerate(items, 1):
        item.position = place
    CeremonyItem.objects.bulk_update(changed, ["position"])
